"""A machine to install on: lines, Ctrl-C, reboots, copies of its disk."""

import os
import secrets
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from voiplab.containers import labs, orphans, sweep, wait_until
from voiplab.errors import LabStopped, LineFailed
from voiplab.installation import Machine

pytestmark = pytest.mark.engine

SERVICE = """\
#!/bin/sh
### BEGIN INIT INFO
# Provides:          bell
# Required-Start:    $remote_fs
# Required-Stop:     $remote_fs
# Default-Start:     2 3 4 5
# Default-Stop:      0 1 6
### END INIT INFO
[ "$1" != start ] || setsid sleep 600 > /dev/null 2>&1 &
"""


def new_name():
    return f"test-{secrets.token_hex(4)}"


@pytest.fixture(scope="module")
def machine(engine):
    started = Machine.start(new_name(), engine=engine)
    yield started
    started.stop()


def runs(machine, command):
    return machine.ask(f"pgrep --exact --full {command!r}") != ""


def test_a_line_starts_in_the_folder_where_the_last_one_ended(machine):
    machine.run("cd /usr/src && mkdir -p deeper && cd deeper")
    ran = machine.run("pwd; echo trouble >&2")
    assert (ran.output, ran.exit_code, ran.folder) == (
        "/usr/src/deeper\ntrouble\n",
        0,
        "/usr/src/deeper",
    )
    assert machine.ask("pwd") == "/usr/src/deeper"
    machine.run("cd")


def test_a_line_that_fails_says_so_and_what_it_wrote(machine):
    with pytest.raises(LineFailed, match=r"exit code 3: no such luck"):
        machine.run("echo no such luck; exit 3")
    assert machine.run("exit 3", check=False).exit_code == 3


def test_it_has_no_telephony_and_init_is_its_first_process(machine):
    assert machine.ask("ps -o comm= -p 1") == "init"
    assert machine.ask("command -v asterisk gcc") == ""


def test_ctrl_c_ends_the_line_on_the_machine_too(machine):
    def interrupt():
        wait_until("the line", lambda: runs(machine, "sleep 300"), timeout_s=20)
        os.kill(os.getpid(), signal.SIGINT)

    threading.Thread(target=interrupt).start()
    with pytest.raises(KeyboardInterrupt):
        machine.run("echo begun; sleep 300; echo never")
    assert not runs(machine, "sleep 300")
    ran = machine.history[-1]
    assert (ran.output, ran.exit_code) == ("begun\n", None)
    assert "interrupted" in repr(ran)


def test_a_line_ends_with_the_process_that_typed_it(machine):
    line = f"Machine({machine.name!r}).run('sleep 301')"
    program = f"from voiplab.installation import Machine; {line}"
    typing = subprocess.Popen([sys.executable, "-c", program])
    try:
        wait_until("the line", lambda: runs(machine, "sleep 301"), timeout_s=30)
    finally:
        typing.kill()
        typing.wait()
    wait_until("its end", lambda: not runs(machine, "sleep 301"), timeout_s=20)


def test_what_is_enabled_comes_back_after_a_reboot_and_nothing_else(machine):
    machine.container.put({"/etc/init.d/bell": SERVICE})
    machine.run("update-rc.d bell defaults")
    assert not runs(machine, "sleep 600")
    machine.reboot()
    assert runs(machine, "sleep 600")
    machine.run("update-rc.d -f bell remove")
    machine.reboot()
    assert not runs(machine, "sleep 600")


def test_other_machines_begin_with_a_copy_of_its_disk(machine, engine):
    machine.run("echo kept > /etc/kept; echo lost > /run/lost")
    owner = new_name()
    disk = machine.copy_of_disk(owner)
    try:
        with_copy = Machine.start(new_name(), disk=disk, engine=engine)
        try:
            assert with_copy.ask("cat /etc/kept") == "kept"
            assert "No such file" in with_copy.ask("cat /run/lost")
        finally:
            with_copy.stop()
    finally:
        swept = sweep(engine, owner)
    assert swept.images == 1
    assert not engine.has_image(disk)
    assert machine.ask("cat /etc/kept") == "kept"


@pytest.fixture
def installing(machine):
    """A machine on which apt-get installs a package until it is told to go on."""
    machine.run("apt-get update")
    held = "touch /run/held; until [ -e /run/go-on ]; do sleep 0.1; done"
    line = f"apt-get install --yes --option 'DPkg::Pre-Invoke::={held}' tree"
    with ThreadPoolExecutor(1) as aside:
        ran = aside.submit(machine.container.exec, ["sh", "-c", line], timeout_s=60)
        try:
            wait_until(
                "apt-get", lambda: machine.ask("[ ! -e /run/held ] || echo yes") != "", timeout_s=30
            )
            yield
        finally:
            machine.container.exec(["touch", "/run/go-on"])
        assert ran.result().exit_code == 0


@pytest.mark.usefixtures("installing")
def test_two_machines_install_at_once_and_a_third_need_not_fetch_it(engine):
    with Machine(new_name(), engine=engine) as second:
        second.run("apt-get update")
        second.run("apt-get install --yes tree")
    with Machine(new_name(), engine=engine) as third:
        third.run("apt-get update")
        to_fetch = third.run("apt-get install --print-uris tree").output
        assert not [line for line in to_fetch.splitlines() if line.startswith("'")]
        third.run("apt-get install --yes tree")
        assert third.ask("command -v tree") != ""


def test_it_is_taken_up_as_it_was_left_and_goes_when_it_is_stopped(engine):
    name = new_name()
    first = Machine.start(name, engine=engine)
    first.run("echo here > /root/note")
    second = Machine.start(name, engine=engine)
    assert second.ask("cat /root/note") == "here"
    assert name not in {lab.name for lab in orphans(engine)}
    second.reset()
    assert "No such file" in second.ask("cat /root/note")
    second.stop()
    assert name not in {lab.name for lab in labs(engine)}
    with pytest.raises(LabStopped, match="start one"):
        first.run("true")
