"""Where no engine runs, chapters are computed from recordings, and say so each time."""

from pathlib import Path

import pytest
from nbclient import NotebookClient

from syllabus.course import Course
from syllabus.standards import code_cells

PROJECT = Path(__file__).parents[2]
RECORDED = [part for part in Course.read(PROJECT).parts if part.facts.engine == "or recordings"]
# Recordings that are shown in any case, with the command that makes them: it takes minutes.
ALWAYS = {"05-install-asterisk": "setup/record_installation.py"}
CELL_TIMEOUT_S = 300


def test_chapters_and_labs_have_recordings():
    assert {"01-how-voip-works", "labs/06-hear-the-network"} <= {part.name for part in RECORDED}


@pytest.mark.parametrize(
    "part",
    [
        pytest.param(part, id=part.name, marks=pytest.mark.xdist_group(f"recorded {part.name}"))
        for part in RECORDED
    ],
)
def test_a_chapter_runs_and_announces_each_recording(part, monkeypatch):
    monkeypatch.setenv("DOCKER_HOST", "unix:///nowhere/docker.sock")
    cells = code_cells(part.notebook)
    recordings = sum(cell.source.count("live_or_recorded(") for cell in cells)
    assert recordings > 0
    resources = {"metadata": {"path": str(part.path.parent)}}
    NotebookClient(part.notebook, timeout=CELL_TIMEOUT_S, resources=resources).execute()
    shown = [
        str(output.get("data", {}).get("text/html", ""))
        for cell in cells
        for output in cell.outputs
    ]
    banners = [html for html in shown if "NOT A LIVE LAB" in html]
    commands = recordings * ["make notebooks"]
    commands += [ALWAYS[part.name]] if part.name in ALWAYS else []
    assert len(banners) == len(commands)
    assert all('role="alert"' in html for html in banners)
    for command in set(commands):
        assert sum(command in html for html in banners) == commands.count(command)
