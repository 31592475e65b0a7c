import sys
from collections.abc import Iterator
from dataclasses import replace
from subprocess import PIPE, Popen

import psutil
import pytest

from voiplab.containers import OWNER, Owner, lab_labels

# A process that says whose it is, and then stays until its standard input ends.
OWNER_PROCESS = """
import sys
from voiplab.containers import Owner
print(Owner.this_process(), flush=True)
sys.stdin.read()
"""


@pytest.fixture
def process() -> Iterator[Popen[str]]:
    with Popen(
        [sys.executable, "-c", OWNER_PROCESS],
        stdin=PIPE,
        stdout=PIPE,
        text=True,
    ) as started:
        yield started
        started.kill()


def owner_of(process: Popen[str]) -> Owner:
    assert process.stdout is not None
    owner = Owner.read(process.stdout.readline().strip())
    assert owner is not None
    assert owner.pid == process.pid
    return owner


def test_an_owner_that_runs_is_not_dead(process: Popen[str]) -> None:
    assert not owner_of(process).is_dead()


def test_a_killed_owner_is_dead_before_and_after_its_parent_learns_of_it(
    process: Popen[str],
) -> None:
    owner = owner_of(process)

    process.kill()
    while psutil.Process(process.pid).status() != psutil.STATUS_ZOMBIE:
        pass
    assert owner.is_dead()

    process.wait()
    assert owner.is_dead()


def test_a_later_process_with_the_same_pid_is_not_the_owner(process: Popen[str]) -> None:
    owner = owner_of(process)

    assert replace(owner, started=owner.started + "1").is_dead()


def test_nobody_can_tell_for_a_process_of_another_host(process: Popen[str]) -> None:
    owner = replace(owner_of(process), host="elsewhere")
    process.kill()
    process.wait()

    assert not owner.is_dead()


def test_an_owner_survives_its_label(process: Popen[str]) -> None:
    owner = owner_of(process)

    assert Owner.read(lab_labels("a", role="pbx", owner=owner)[OWNER]) == owner


@pytest.mark.parametrize("label", ["", "detached", "host:pid:1", "host:12", "host:12:", ":12:1"])
def test_a_label_that_names_no_process_has_no_owner(label: str) -> None:
    assert Owner.read(label) is None
