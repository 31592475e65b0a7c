"""Run notebooks and save them with their outputs; what they do live is recorded anew.

Give the notebooks; run it through with-engine.sh.
"""

import os
import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient

CELL_TIMEOUT_S = 300


def run(path: Path) -> None:
    """Run a notebook in its own folder, and save it with what it showed."""
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook, timeout=CELL_TIMEOUT_S, resources={"metadata": {"path": str(path.parent)}}
    )
    client.execute()
    # When each cell ran, and what widgets looked like, is different each time.
    notebook.metadata.pop("widgets", None)
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        for output in cell.get("outputs", ()):
            # Without its model a view is an error on the page; the text beside it stays.
            output.get("data", {}).pop("application/vnd.jupyter.widget-view+json", None)
    nbformat.write(notebook, path)


if __name__ == "__main__":
    os.environ["VOIPLAB_RECORD"] = "make notebooks"
    for name in sys.argv[1:]:
        sys.stdout.write(f"==> Running {name}\n")
        sys.stdout.flush()
        run(Path(name))
