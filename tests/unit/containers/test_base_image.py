"""Making the base image where that fails: the tools are programs of this test's own."""

from pathlib import Path

import psutil
import pytest

from voiplab.containers import Engine, make_base_image, wait_until
from voiplab.containers.base_image import host_mirror
from voiplab.errors import EngineError

NO_ENGINE = Engine.__new__(Engine)
"""It is asked for nothing before the image is made."""


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of programs, in which there is only a shell."""
    (tmp_path / "sh").symlink_to("/bin/sh")
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


def install(folder: Path, name: str, script: str) -> None:
    (folder / name).write_text(f"#!/bin/sh\n{script}\n")
    (folder / name).chmod(0o755)


def test_without_mmdebstrap_the_reader_is_told_what_to_install(programs: Path) -> None:
    assert not (programs / "mmdebstrap").exists()
    with pytest.raises(EngineError, match="apt-get install mmdebstrap debian-archive-keyring"):
        make_base_image(NO_ENGINE)


@pytest.mark.parametrize(
    ("said", "remedy"),
    [
        (
            "W: GPG error: The following signatures couldn't be verified: NO_PUBKEY 0E98",
            "install debian-archive-keyring",
        ),
        ("E: cannot find newuidmap", "install uidmap"),
        ("E: unable to fetch forky/InRelease", "is a mirror of forky in reach"),
    ],
)
def test_a_failure_is_told_with_its_remedy_and_last_lines(
    programs: Path, said: str, remedy: str
) -> None:
    install(programs, "mmdebstrap", f'echo "{said}" >&2; exit 25')
    lines: list[str] = []

    with pytest.raises(EngineError, match=remedy) as caught:
        make_base_image(NO_ENGINE, lines.append)

    assert str(caught.value).endswith(f"    {said}")
    assert f"mmdebstrap: {said}" in lines


def test_only_debian_can_be_made(programs: Path) -> None:
    assert programs.is_dir()
    with pytest.raises(EngineError, match="only Debian's own images can be made here"):
        make_base_image(NO_ENGINE, reference="alpine:edge")


def test_an_interrupt_ends_it(programs: Path) -> None:
    install(programs, "mmdebstrap", "/bin/sleep 86399 & echo $! >&2; wait")
    pids: list[int] = []

    def interrupt(line: str) -> None:
        if line.startswith("mmdebstrap: "):
            pids.append(int(line.split()[1]))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        make_base_image(NO_ENGINE, interrupt)

    assert len(pids) == 1
    wait_until("its end", lambda: has_ended(pids[0]), timeout_s=10)


def has_ended(pid: int) -> bool:
    """Whether a process is gone, or only waits for its parent to take note."""
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def test_the_mirror_is_the_one_that_apt_has_debian_from(programs: Path) -> None:
    install(
        programs,
        "apt-get",
        """echo 'Example|Example|https://packages.example/apt/'
        echo 'Debian|Debian-Security|http://mirror.example/debian-security/'
        echo 'Debian|Debian|http://mirror.example/debian/'
        echo 'Debian|Debian|http://other.example/debian/'""",
    )

    assert host_mirror() == "http://mirror.example/debian/"


def test_a_machine_of_another_distribution_has_no_mirror_to_offer(programs: Path) -> None:
    install(programs, "apt-get", "echo 'Ubuntu|Ubuntu|http://archive.example/ubuntu/'")
    assert host_mirror() is None

    install(programs, "apt-get", "exit 100")
    assert host_mirror() is None

    (programs / "apt-get").unlink()
    assert host_mirror() is None
