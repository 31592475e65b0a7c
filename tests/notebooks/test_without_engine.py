"""Where no engine runs, chapters are computed from recordings, and say so each time."""

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

PROJECT = Path(__file__).parents[2]
RECORDED = {
    "notebooks/01-how-voip-works.ipynb": 1,
    "notebooks/05-install-asterisk.ipynb": 1,
    "notebooks/06-users-and-extensions.ipynb": 7,
    "notebooks/07-test-plan.ipynb": 2,
    "notebooks/08-call-quality.ipynb": 6,
    "labs/06-hear-the-network/solution.ipynb": 1,
}
# Recordings that are shown in any case, with the command that makes them: it takes minutes.
ALWAYS = {"notebooks/05-install-asterisk.ipynb": "setup/record_installation.py"}
CELL_TIMEOUT_S = 300


@pytest.mark.parametrize(
    ("name", "recordings"),
    [
        pytest.param(name, recordings, id=name, marks=pytest.mark.xdist_group(f"recorded {name}"))
        for name, recordings in RECORDED.items()
    ],
)
def test_a_chapter_runs_and_announces_each_recording(name, recordings, monkeypatch):
    monkeypatch.setenv("DOCKER_HOST", "unix:///nowhere/docker.sock")
    path = PROJECT / name
    notebook = nbformat.read(path, as_version=4)
    assert sum(cell.source.count("live_or_recorded(") for cell in notebook.cells) == recordings
    resources = {"metadata": {"path": str(path.parent)}}
    NotebookClient(notebook, timeout=CELL_TIMEOUT_S, resources=resources).execute()
    shown = [
        str(output.get("data", {}).get("text/html", ""))
        for cell in notebook.cells
        if cell.cell_type == "code"
        for output in cell.outputs
    ]
    banners = [html for html in shown if "NOT A LIVE LAB" in html]
    commands = recordings * ["make notebooks"] + ([ALWAYS[name]] if name in ALWAYS else [])
    assert len(banners) == len(commands)
    assert all('role="alert"' in html for html in banners)
    for command in set(commands):
        assert sum(command in html for html in banners) == commands.count(command)
