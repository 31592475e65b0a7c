"""The lines of Python that a newcomer reads, as they stand in the README."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

pytestmark = pytest.mark.engine

README = Path(__file__).parents[2] / "README.md"


@pytest.fixture
def run() -> Callable[[str, dict[str, object]], None]:
    """Run the Python below a heading of the README among names, and leave its own there."""

    def piece(heading: str, names: dict[str, object]) -> None:
        _, _, section = README.read_text().partition(f"## {heading}\n")
        lines = re.search(r"```python\n(.*?)```", section, re.DOTALL)[1]
        exec(compile(lines, README.name, "exec"), names)  # noqa: S102 - the test is that it runs

    return piece


def test_the_lines_of_python_run(monkeypatch, runs, run):
    monkeypatch.setenv("VOIPLAB_RUNS", str(runs))
    monkeypatch.setenv("MPLBACKEND", "agg")
    names: dict[str, object] = {}
    run("The first lines of Python", names)
    assert [direction.lost for direction in names["call"].quality] == [0, 0]
    run("A network that misbehaves on order", names)
    truth = names["call"].evidence.network_truth("2002")
    assert {"delivered", "lost"} == set(truth["fate"])


def test_the_lines_that_show_the_control_room_run(run):
    names: dict[str, object] = {}
    try:
        run("The control room", names)
        assert [panel.title for panel in names["room"].panels] == [
            *("Phones", "Quality", "Network", "Calls", "Users", "Server"),
        ]
    finally:
        names["room"].close()
        names["lab"].stop()


def test_the_lines_that_show_a_phone_run(run):
    names: dict[str, object] = {}
    try:
        run("A phone to talk into", names)
        assert names["me"].browser_account().extension == "2003"
    finally:
        names["lab"].stop()


def test_the_lines_that_encrypt_run(monkeypatch, runs, run, capsys):
    monkeypatch.setenv("VOIPLAB_RUNS", str(runs))
    names: dict[str, object] = {}
    run("Encrypted calls", names)
    assert names["call"].evidence.record.encrypted
    assert "The certificate of pbx expired on" in capsys.readouterr().out


def test_the_lines_on_files_written_by_hand_run(monkeypatch, runs, run, capsys):
    monkeypatch.setenv("VOIPLAB_RUNS", str(runs))
    run("Files written by hand", {})
    said = capsys.readouterr().out
    assert re.search(r" 20  \[2001\]\n +\^ max_contacts is not set", said)
    assert "403 Forbidden" in said
    assert "AOR '2001' has no configured max_contacts" in said
    assert said.endswith("Asterisk has no complaint.\n")
