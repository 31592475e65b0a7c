"""The first lines of Python that a newcomer reads, as they stand in the README."""

import re
from pathlib import Path

import pytest

pytestmark = pytest.mark.engine

README = Path(__file__).parents[2] / "README.md"


def run(heading: str) -> dict[str, object]:
    """Run the Python below a heading of the README, and return its names."""
    _, _, section = README.read_text().partition(f"## {heading}\n")
    lines = re.search(r"```python\n(.*?)```", section, re.DOTALL)[1]
    names: dict[str, object] = {}
    exec(compile(lines, README.name, "exec"), names)  # noqa: S102 - the test is that it runs
    return names


def test_the_first_lines_of_python_run(monkeypatch, runs):
    monkeypatch.setenv("VOIPLAB_RUNS", str(runs))
    monkeypatch.setenv("MPLBACKEND", "agg")
    names = run("The first lines of Python")
    assert [direction.lost for direction in names["call"].quality] == [0, 0]


def test_the_lines_that_show_a_phone_run():
    names = run("A phone to talk into")
    try:
        assert names["me"].browser_account().extension == "2003"
    finally:
        names["lab"].stop()
