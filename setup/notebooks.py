"""Run notebooks and save them with their outputs; what they do live is recorded anew.

After a cell with the tag "presented", somebody clicks, where people read the notebook. Here
`present(lab)` of setup/presented/ does the same; no cell shows it.

Give the notebooks; run it through with-engine.sh.
"""

import os
import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell

CELL_TIMEOUT_S = 300
PRESENTED = Path(__file__).parent / "presented"


def run(path: Path) -> None:
    """Run a notebook in its own folder, and save it with what it showed."""
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook, timeout=CELL_TIMEOUT_S, resources={"metadata": {"path": str(path.parent)}}
    )
    with client.setup_kernel():
        for place, cell in enumerate(notebook.cells):
            client.execute_cell(cell, place)
            if "presented" in cell.metadata.get("tags", ()):
                client.execute_cell(new_code_cell(presented(path)), place, store_history=False)
                notebook.cells[place] = cell
    # When each cell ran, and what widgets looked like, is different each time.
    notebook.metadata.pop("widgets", None)
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        for output in cell.get("outputs", ()):
            # Without its model a view is an error on the page; the text beside it stays.
            output.get("data", {}).pop("application/vnd.jupyter.widget-view+json", None)
    nbformat.write(notebook, path)


def presented(notebook: Path) -> str:
    """Return the code that does what is to be clicked: of 02-control-room, control_room.py."""
    _, _, topic = notebook.stem.partition("-")
    script = PRESENTED / f"{topic.replace('-', '_')}.py"
    return f"{script.read_text(encoding='utf-8')}\n\npresent(lab)"


if __name__ == "__main__":
    os.environ["VOIPLAB_RECORD"] = "make notebooks"
    for name in sys.argv[1:]:
        sys.stdout.write(f"==> Running {name}\n")
        sys.stdout.flush()
        run(Path(name))
