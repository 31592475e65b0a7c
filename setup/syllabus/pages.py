"""Notebooks that hold Markdown alone, and are written by this package."""

from collections.abc import Iterable

import nbformat
from nbformat import NotebookNode


def page(cells: Iterable[str], *, of: str, kernel: NotebookNode) -> NotebookNode:
    """Return a notebook of Markdown cells.

    Args:
        cells: their texts.
        of: the page's name, from which the cells' ids come.
        kernel: a notebook's metadata, of which the page has the kernel: one that says otherwise, or
            nothing, is changed by JupyterLab as soon as it is opened.
    """
    metadata = {name: kernel[name] for name in ("kernelspec", "language_info") if name in kernel}
    return nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_markdown_cell(text, id=f"{of}-{number:02}")
            for number, text in enumerate(cells)
        ],
        metadata=metadata | {"generated": "setup/course.py"},
    )
