"""Write each chapter as slides for the teacher, from the same cells, into build/slides.

    slides.py [NOTEBOOK ...] [--into FOLDER]

A heading begins a slide; code and what it showed follow beneath it; the prose is in the speaker's
notes. A chapter is one page that needs nothing else, neither a server nor a network.
"""

import argparse
import html
import sys
from pathlib import Path

import nbformat

from lecture.deck import slides_of
from lecture.page import page_of

PROJECT = Path(__file__).parents[1]

LIST = """\
<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>VoIP Lab: slides</title>
<style>body {{ font: 20px/1.6 system-ui, sans-serif; margin: 2rem auto; max-width: 44rem }}</style>
<h1>VoIP Lab: slides</h1>
<p>Arrow keys and space go on, S opens the window with your notes, F fills the screen, Esc shows all
slides at once.</p>
<ul>
{items}
</ul>
</html>
"""


def write(chapters: list[Path], folder: Path) -> None:
    """Write a page for each chapter, and one that lists them."""
    folder.mkdir(parents=True, exist_ok=True)
    items = []
    for chapter in chapters:
        slides = slides_of(nbformat.read(chapter, as_version=4))
        target = folder / f"{chapter.stem}.html"
        target.write_text(page_of(slides, beside=chapter.parent), encoding="utf-8")
        title = html.escape(slides[0].title)
        items.append(f'<li><a href="{target.name}">{title}</a> ({len(slides)} slides)</li>')
        sys.stdout.write(f"{target}: {len(slides)} slides\n")
    page = LIST.format(items="\n".join(items))
    (folder / "index.html").write_text(page, encoding="utf-8")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("notebooks", nargs="*", type=Path)
    parser.add_argument("--into", type=Path, default=PROJECT / "build" / "slides")
    given = parser.parse_args()
    every = sorted(PROJECT.glob("notebooks/[0-9S]*-*.ipynb"))
    write(given.notebooks or every, given.into)
