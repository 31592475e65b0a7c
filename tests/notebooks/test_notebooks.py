"""What every committed notebook keeps to. That it runs is nbval's business."""

from pathlib import Path

import nbformat
import pytest

PROJECT = Path(__file__).parents[2]
GENERATED = {"index.ipynb", "sources.ipynb"}  # Markdown alone
NOTEBOOKS = [
    path
    for pattern in ("notebooks/*.ipynb", "labs/*/solution.ipynb")
    for path in sorted(PROJECT.glob(pattern))
    if path.name not in GENERATED
]
LONGEST_CELL_LINES = 15
MOST_CELLS = {"00-quickstart.ipynb": 30}
LARGEST_BYTES = {"08-call-quality.ipynb": 1_100_000}  # it is about sounds, and holds seven
USUAL_BYTES = 700_000


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: str(path.relative_to(PROJECT)))
def path(request):
    return request.param


@pytest.fixture
def notebook(path):
    return nbformat.read(path, as_version=4)


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def test_there_are_notebooks():
    assert {"00-quickstart.ipynb", "01-how-voip-works.ipynb", "08-call-quality.ipynb"} <= {
        path.name for path in NOTEBOOKS
    }
    assert "06-hear-the-network" in [path.parent.name for path in NOTEBOOKS]


def test_every_code_cell_was_run_in_order(notebook):
    counts = [cell.execution_count for cell in code_cells(notebook)]
    assert counts == list(range(1, len(counts) + 1))


def test_no_cell_failed(notebook):
    kinds = [output.output_type for cell in code_cells(notebook) for output in cell.outputs]
    assert "error" not in kinds


def test_it_is_of_a_size_that_people_read(path, notebook):
    assert len(notebook.cells) <= MOST_CELLS.get(path.name, 45)
    longest = max(len(cell.source.splitlines()) for cell in code_cells(notebook))
    assert longest <= LONGEST_CELL_LINES
    assert path.stat().st_size < LARGEST_BYTES.get(path.name, USUAL_BYTES)


def test_it_holds_no_widget_state_and_no_machine(path, notebook):
    assert "widgets" not in notebook.metadata
    text = path.read_text()
    assert "vnd.jupyter.widget" not in text
    assert str(PROJECT) not in text
    assert str(Path.home()) + "/" not in text


def test_prose_surrounds_the_code(path, notebook):
    kinds = [cell.cell_type for cell in notebook.cells]
    assert kinds[0] == "markdown"
    # A lab has two or three code cells a task: what is given, the student's lines, the check.
    least = kinds.count("code") // 2 if "labs" in path.parts else kinds.count("code") - 1
    assert kinds.count("markdown") >= least


def test_figures_and_sounds_are_there(path, notebook):
    if path.name != "00-quickstart.ipynb":
        return
    data = [output.get("data", {}) for cell in code_cells(notebook) for output in cell.outputs]
    assert sum("image/png" in each for each in data) >= 3
    assert sum("<audio" in str(each.get("text/html", "")) for each in data) == 2
