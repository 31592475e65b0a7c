"""Links inside the project: does each lead to a file, and its anchor to a heading there?"""

from collections.abc import Iterable
from pathlib import Path
from urllib.parse import unquote, urlsplit

import nbformat

from syllabus.markdown import Heading, headings, targets

NOTEBOOK = ".ipynb"


def texts_of(path: Path) -> list[str]:
    """Return what a notebook's Markdown cells, or a Markdown file, say."""
    if path.suffix != NOTEBOOK:
        return [path.read_text(encoding="utf-8")]
    cells = nbformat.read(path, as_version=4).cells
    return [cell.source for cell in cells if cell.cell_type == "markdown"]


def dead_links(path: Path) -> list[str]:
    """Return what is wrong with the links of a notebook or a Markdown file, a sentence each.

    An address on the web must be one; whether somebody answers there is not asked.
    """
    told = [_fault(target, path) for text in texts_of(path) for target in targets(text)]
    return [fault for fault in told if fault]


def _fault(target: str, path: Path) -> str | None:
    parts = urlsplit(target)
    if parts.scheme or parts.netloc:
        sound = parts.scheme in {"http", "https", "mailto"} and (parts.netloc or parts.path)
        return None if sound else f"{target!r} is no address"
    file = path if not parts.path else (path.parent / unquote(parts.path)).resolve()
    if not file.exists():
        return f"{target!r} leads to no file"
    if not parts.fragment:
        return None
    if file.suffix not in {NOTEBOOK, ".md"}:
        return f"{target!r} leads into a file that has no headings"
    return _anchor_fault(target, unquote(parts.fragment), file)


def _anchor_fault(target: str, anchor: str, file: Path) -> str | None:
    there = [heading for text in texts_of(file) for heading in headings(text)]
    if anchor not in _anchors(there, is_notebook=file.suffix == NOTEBOOK):
        return f"{target!r} leads to no heading of {file.name}"
    return None


def _anchors(there: Iterable[Heading], *, is_notebook: bool) -> set[str]:
    # A notebook is read in JupyterLab and on the site: the anchor must be right in both.
    return {
        heading.on_the_web
        for heading in there
        if not is_notebook or heading.in_jupyterlab == heading.on_the_web
    }
