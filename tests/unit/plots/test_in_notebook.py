import nbformat
from nbclient import NotebookClient

from voiplab.plots import describe_parts

CELLS = (
    "from voiplab.packets import Ladder",
    "from voiplab.plots import plot_jitter, plot_ladder, plot_mos",
    "plot_ladder(Ladder(actors=(), rungs=()));",
    "plot_mos({});",
    "plot_jitter({});",
)


def run(*cells):
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    NotebookClient(notebook, timeout=60).execute()
    return [
        [output for output in cell.outputs if "image/png" in output.get("data", {})]
        for cell in notebook.cells
    ]


def test_each_figure_of_a_notebook_is_shown():
    assert [len(each) for each in run(*CELLS)] == [0, 0, 1, 1, 1]


def test_a_picture_keeps_its_figures_words_beside_it():
    [_, (alone,), (two_axes,), (without,)] = run(
        "import matplotlib.pyplot as plt\nfrom voiplab.plots import plot_parts",
        "plot_parts({'here': {'wait': 2.0}}, unit='s', title='Waits');",
        "figure, (left, right) = plt.subplots(1, 2)\n"
        "plot_parts({'a': {'wait': 2.0}}, unit='s', title='Waits', ax=left)\n"
        "plot_parts({'b': {'wait': 3.0}}, unit='s', title='Waits', ax=right);",
        "plt.plot([1, 2]);",
    )
    words = describe_parts({"here": {"wait": 2.0}}, unit="s")
    assert alone.metadata == {"image/png": {"alt": words}}
    both = [describe_parts({name: {"wait": s}}, unit="s") for name, s in (("a", 2.0), ("b", 3.0))]
    assert two_axes.metadata == {"image/png": {"alt": "\n".join(both)}}
    assert without.metadata == {}
