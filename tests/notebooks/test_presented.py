"""What is clicked in a notebook is done by code that no page shows."""

import runpy
from pathlib import Path

from nbformat.v4 import new_code_cell, new_notebook

SETUP = Path(__file__).parents[2] / "setup"
NOTEBOOKS = runpy.run_path(str(SETUP / "notebooks.py"))


def test_the_script_runs_after_its_cell_and_is_neither_seen_nor_counted():
    cells = [
        new_code_cell("done = ['first']"),
        new_code_cell("done.append('shown')", metadata={"tags": ["presented"]}),
        new_code_cell("done"),
    ]
    notebook = new_notebook(cells=cells)
    script = "print('unseen')\ndone.append('clicked')"
    NOTEBOOKS["Presenter"](notebook, script, timeout=60).execute()
    assert [cell.source for cell in notebook.cells] == [cell.source for cell in cells]
    assert [cell.execution_count for cell in notebook.cells] == [1, 2, 3]
    assert notebook.cells[1].outputs == []
    assert notebook.cells[2].outputs[0].data["text/plain"] == "['first', 'shown', 'clicked']"


def test_each_script_belongs_to_a_notebook_with_a_cell_that_asks_for_it():
    for script in (SETUP / "presented").glob("*.py"):
        (notebook,) = (SETUP.parent / "notebooks").glob(f"*-{script.stem.replace('_', '-')}.ipynb")
        assert '"presented"' in notebook.read_text()
        code = NOTEBOOKS["presented"](notebook)
        assert "def present(lab" in code
        assert code.endswith("present(lab)")
    assert NOTEBOOKS["presented"](Path("00-quickstart.ipynb")) == ""
