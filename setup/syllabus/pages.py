"""Notebooks that hold Markdown alone, and are written by this package."""

from collections.abc import Iterable

import nbformat
from nbformat import NotebookNode

# What any notebook of the course says of its kernel, but for the version of Python.
KERNEL = {
    "kernelspec": {
        "display_name": "Python 3 (ipykernel)",
        "language": "python",
        "name": "python3",
    },
    "language_info": {"file_extension": ".py", "mimetype": "text/x-python", "name": "python"},
}


def page(cells: Iterable[str], *, of: str) -> NotebookNode:
    """Return a notebook of Markdown cells; their ids come from the page's name."""
    return nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_markdown_cell(text, id=f"{of}-{number:02}")
            for number, text in enumerate(cells)
        ],
        metadata=KERNEL | {"generated": "setup/course.py"},
    )
