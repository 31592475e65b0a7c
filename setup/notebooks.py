"""Run notebooks and save them with their outputs; what they do live is recorded anew.

After a cell with the tag "presented", somebody clicks, where people read the notebook. Here
`present(lab)` of setup/presented/ does the same; no cell shows it.

Give the notebooks; run it through with-engine.sh.
"""

import os
import sys
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell

CELL_TIMEOUT_S = 300
PRESENTED = Path(__file__).parent / "presented"


class Presenter(NotebookClient):
    """Executes a notebook, and does in it what people click.

    Args:
        notebook: it.
        script: the code that is run after the cells with the tag "presented".
    """

    def __init__(self, notebook: nbformat.NotebookNode, script: str, **settings: Any) -> None:  # noqa: ANN401
        super().__init__(notebook, **settings)
        self._script = script

    async def async_execute_cell(
        self,
        cell: nbformat.NotebookNode,
        cell_index: int,
        execution_count: int | None = None,
        store_history: bool = True,  # noqa: FBT001, FBT002 - as nbclient's
    ) -> nbformat.NotebookNode:
        """Execute a cell, and what is clicked after it."""
        await super().async_execute_cell(cell, cell_index, execution_count, store_history)
        if "presented" in cell.metadata.get("tags", ()):
            unseen = new_code_cell(self._script)
            await super().async_execute_cell(unseen, cell_index, store_history=False)
            # Nobody sees it, and it is not counted.
            self.code_cells_executed -= 1
            self.nb.cells[cell_index] = cell
        return cell


def run(path: Path) -> None:
    """Run a notebook in its own folder, and save it with what it showed."""
    notebook = nbformat.read(path, as_version=4)
    script = presented(path)
    resources = {"metadata": {"path": str(path.parent)}}
    Presenter(notebook, script, timeout=CELL_TIMEOUT_S, resources=resources).execute()
    # When each cell ran, and what widgets looked like, is different each time.
    notebook.metadata.pop("widgets", None)
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        for output in cell.get("outputs", ()):
            # Without its model a view is an error on the page; the text beside it stays.
            output.get("data", {}).pop("application/vnd.jupyter.widget-view+json", None)
    nbformat.write(notebook, path)


def presented(notebook: Path) -> str:
    """Return the code that does what is clicked, if any: of 02-control-room, control_room.py."""
    _, _, topic = notebook.stem.partition("-")
    script = PRESENTED / f"{topic.replace('-', '_')}.py"
    return f"{script.read_text(encoding='utf-8')}\n\npresent(lab)" if script.exists() else ""


if __name__ == "__main__":
    os.environ["VOIPLAB_RECORD"] = "make notebooks"
    for name in sys.argv[1:]:
        sys.stdout.write(f"==> Running {name}\n")
        sys.stdout.flush()
        run(Path(name))
