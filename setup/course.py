"""Write what the course's notebooks say of one another, from what each says of itself.

From metadata.voiplab of each chapter and lab: the table of facts in its first cell, the navigation
in its last, and notebooks/index.ipynb, the course's map, with what notebooks/course.toml says by
hand. From notebooks/data/sources.csv: notebooks/sources.ipynb. Labs' copies for students are made
by labs.py afterwards.

    course.py [NOTEBOOK ...]          bring what is not up to date up to date
    course.py [NOTEBOOK ...] --check  say what is not, with exit code 1 when anything isn't

Without NOTEBOOK, all are meant.
"""

import argparse
import sys
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from syllabus.course import INDEX, SOURCES, Course, Part
from syllabus.errors import CourseError
from syllabus.facts import table_of, with_table
from syllabus.index import index_of
from syllabus.navigation import navigation_of, with_navigation
from syllabus.sources import read_sources, sources_page, uses_of

PROJECT = Path(__file__).parents[1]


def text_of(notebook: NotebookNode) -> str:
    """Return a notebook as it lies in its file."""
    return str(nbformat.writes(notebook)).rstrip("\n") + "\n"


def wanted(part: Part, course: Course) -> NotebookNode:
    """Return a chapter or a lab with the table and the navigation that it should have."""
    facts = part.facts
    before = ", ".join(course.link(course[name], seen_from=part.path) for name in facts.before)
    lab = course.link(course[f"labs/{facts.lab}"], seen_from=part.path) if facts.lab else None
    table = table_of(facts, is_lab=part.is_lab, before=before, lab=lab)
    notebook = with_navigation(part.notebook, navigation_of(part, course))
    first = nbformat.from_dict(notebook.cells[0].copy())
    first.source = with_table(first.source, table)
    notebook.cells[0] = first
    return notebook


def wanted_texts(root: Path) -> dict[Path, str]:
    """Return what a project's notebooks should be, by file."""
    course = Course.read(root)
    folder = root / "notebooks"
    texts = {part.path: text_of(wanted(part, course)) for part in course.parts}
    texts[folder / f"{INDEX}.ipynb"] = text_of(index_of(course))
    sources = read_sources(folder / "data" / "sources.csv")
    introduction = course.outline.prose[SOURCES]
    kernel = course.chapters[0].notebook.metadata
    page = sources_page(sources, uses_of(course), introduction, kernel)
    texts[folder / f"{SOURCES}.ipynb"] = text_of(page)
    return texts


def stale_texts(root: Path) -> dict[Path, str]:
    """Return what the files that are not up to date should be."""
    return {
        path: text
        for path, text in wanted_texts(root).items()
        if not path.exists() or path.read_text(encoding="utf-8") != text
    }


def main() -> int:
    """Write or check."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("notebooks", nargs="*", type=Path, metavar="NOTEBOOK")
    parser.add_argument("--check", action="store_true", help="write nothing; exit code 1 if stale")
    arguments = parser.parse_args()
    meant = {path.resolve() for path in arguments.notebooks}
    try:
        stale = stale_texts(PROJECT)
        fulfilled = Course.read(PROJECT).fulfilled
    except CourseError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    stale = {path: text for path, text in stale.items() if not meant or path in meant}
    for path, text in stale.items():
        if not arguments.check:
            path.write_text(text, encoding="utf-8")
        sys.stdout.write(f"{path.relative_to(PROJECT)} was not up to date\n")
    for name in fulfilled:
        sys.stdout.write(f"{name} is there: take it out of what course.toml calls planned\n")
    return 1 if (stale or fulfilled) and arguments.check else 0


if __name__ == "__main__":
    sys.exit(main())
