"""The lines of Python that a newcomer reads, as they stand in the README."""

import re
from pathlib import Path

import pytest

pytestmark = pytest.mark.engine

README = Path(__file__).parents[2] / "README.md"


def test_the_lines_of_python_run(monkeypatch, runs):
    monkeypatch.setenv("VOIPLAB_RUNS", str(runs))
    monkeypatch.setenv("MPLBACKEND", "agg")
    first, second = re.findall(r"```python\n(.*?)```", README.read_text(), re.DOTALL)
    names: dict[str, object] = {}
    exec(compile(first, README.name, "exec"), names)  # noqa: S102 - the test is that it runs
    assert [direction.lost for direction in names["call"].quality] == [0, 0]
    exec(compile(second, README.name, "exec"), names)  # noqa: S102 - as above
    truth = names["call"].evidence.network_truth("2002")
    assert {"delivered", "lost"} == set(truth["fate"])
