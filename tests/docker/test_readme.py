"""The lines of Python that a newcomer reads, as they stand in the README."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

pytestmark = pytest.mark.engine

README = Path(__file__).parents[2] / "README.md"


@pytest.fixture
def run() -> Callable[[int, dict[str, object]], None]:
    """Run one of the README's pieces of Python among names, and leave its own there."""

    def piece(number: int, names: dict[str, object]) -> None:
        lines = re.findall(r"```python\n(.*?)```", README.read_text(), re.DOTALL)[number]
        exec(compile(lines, README.name, "exec"), names)  # noqa: S102 - the test is that it runs

    return piece


def test_the_lines_of_python_run(monkeypatch, runs, run):
    monkeypatch.setenv("VOIPLAB_RUNS", str(runs))
    monkeypatch.setenv("MPLBACKEND", "agg")
    names: dict[str, object] = {}
    run(0, names)
    assert [direction.lost for direction in names["call"].quality] == [0, 0]
    run(1, names)
    truth = names["call"].evidence.network_truth("2002")
    assert {"delivered", "lost"} == set(truth["fate"])


def test_the_lines_that_show_a_phone_run(run):
    names: dict[str, object] = {}
    run(2, names)
    try:
        assert names["me"].browser_account().extension == "2003"
    finally:
        names["lab"].stop()
