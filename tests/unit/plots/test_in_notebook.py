import nbformat
from nbclient import NotebookClient

CELLS = (
    "from voiplab.packets import Ladder",
    "from voiplab.plots import plot_jitter, plot_ladder, plot_mos",
    "plot_ladder(Ladder(actors=(), rungs=()));",
    "plot_mos({});",
    "plot_jitter({});",
)


def test_each_figure_of_a_notebook_is_shown():
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in CELLS])
    NotebookClient(notebook, timeout=60).execute()
    shown = [
        [output for output in cell.outputs if "image/png" in output.get("data", {})]
        for cell in notebook.cells
    ]
    assert [len(each) for each in shown] == [0, 0, 1, 1, 1]
