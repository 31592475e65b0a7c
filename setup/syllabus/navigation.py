"""The last cell of a notebook: to the one before, to the map, to the one after."""

import nbformat
from nbformat import NotebookNode

from syllabus.course import INDEX, Course, Part, relative

TAG = "navigation"


def navigation_of(part: Part, course: Course) -> str:
    """Return the links of a chapter or a lab as Markdown."""
    row = course.labs if part.is_lab else course.chapters
    place = row.index(part)
    index = relative(course.root / "notebooks" / f"{INDEX}.ipynb", part.path)
    links = [f"[Course map]({index})"]
    if place > 0:
        links.insert(0, "Previous: " + course.link(row[place - 1], seen_from=part.path))
    if place + 1 < len(row):
        links.append("Next: " + course.link(row[place + 1], seen_from=part.path))
    return " · ".join(links)


def with_navigation(notebook: NotebookNode, links: str) -> NotebookNode:
    """Return a notebook that ends with these links, and has them nowhere else."""
    copy = nbformat.from_dict(notebook.copy())
    copy.cells = [cell for cell in notebook.cells if not is_navigation(cell)]
    cell = nbformat.v4.new_markdown_cell(links, id=TAG, metadata={"tags": [TAG]})
    copy.cells.append(cell)
    return copy


def is_navigation(cell: NotebookNode) -> bool:
    """Tell whether a cell is that one."""
    return TAG in cell.metadata.get("tags", ())
