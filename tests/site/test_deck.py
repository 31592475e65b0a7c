"""Which slides a chapter makes."""

import hashlib
import re
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from lecture.deck import slides_of
from lecture.prose import blocks

PROJECT = Path(__file__).parents[2]
STATIC = PROJECT / "slides" / "static"
CHAPTERS = sorted(PROJECT.glob("notebooks/[0-9S]*-*.ipynb"))
FACTS = {"question": "What is it?", "minutes": 10}
PICTURE = new_output("display_data", {"image/png": "AAAA"})
TABLE = new_output("execute_result", {"text/plain": "1"})


def deck(*cells):
    title = new_markdown_cell("# A title\n\nAn introduction.\n\n| | |\n|-|-|\n| Time | 10 min |")
    return slides_of(new_notebook(cells=[title, *cells], metadata={"voiplab": FACTS}))


def test_the_first_slide_says_what_the_chapter_asks():
    (title,) = deck()
    assert (title.title, title.level) == ("A title", 1)
    assert title.text == ["What is it?", "*10 minutes*"]
    assert title.notes == ["An introduction."]


def test_a_heading_begins_a_slide_even_in_the_midst_of_a_cell():
    _, one, two, under = deck(
        new_markdown_cell("## One\n\nSaid of one."),
        new_markdown_cell("More of one.\n\n## Two\n\nSaid of two.\n\n### Under two"),
    )
    assert [one.level, two.level, under.level] == [2, 2, 3]
    assert one.text == ["Said of one."]
    assert one.notes == ["Said of one.", "More of one."]
    assert two.text == ["Said of two."]


def test_a_picture_has_a_slide_of_its_own_with_what_leads_to_it_and_what_is_seen_there():
    *_, lead, shown = deck(
        new_markdown_cell("## Loss\n\nFive of a hundred. Where did they fall?"),
        new_code_cell("call.plot();", outputs=[PICTURE]),
        new_markdown_cell("In bursts. Why is that? Nobody knows."),
    )
    assert not lead.source
    assert shown.title == "Where did they fall?"
    assert (shown.source, shown.outputs) == ("call.plot();", [PICTURE])
    assert shown.reading == "In bursts."
    assert shown.notes == ["In bursts. Why is that? Nobody knows."]


def test_short_code_and_a_table_stand_beneath_a_short_lead():
    _, only = deck(new_markdown_cell("## Rate\n\nShort."), new_code_cell("rate", outputs=[TABLE]))
    assert (only.text, only.source, only.outputs) == (["Short."], "rate", [TABLE])


def test_long_code_comes_before_what_it_shows():
    code = "\n".join(["a = 1"] * 8)
    _, before, after = deck(new_markdown_cell("## Rate"), new_code_cell(code, outputs=[TABLE]))
    assert (before.source, before.outputs) == (code, [])
    assert (after.source, after.outputs) == ("", [TABLE])


def test_a_long_list_is_shown_in_short_and_noted_in_full():
    item = "* A first sentence. " + "And another. " * 20
    _, slide = deck(new_markdown_cell(f"## Rules\n\n{item.strip()}"))
    assert slide.text[0].startswith("* A first sentence. And another.")
    assert len(slide.text[0]) < 160
    assert slide.notes == [item.strip()]


def test_answers_and_navigation_are_not_shown():
    answers = "<details><summary>Answers</summary>\n\n1. Two.\n\n</details>"
    _, slide = deck(
        new_markdown_cell(f"## Now you\n\n1. One and one?\n\n{answers}"),
        new_markdown_cell("Next: chapter 2", metadata={"tags": ["navigation"]}),
    )
    assert slide.text == ["1. One and one?"]
    assert slide.notes == ["1. One and one?", answers]


def test_imports_are_not_shown():
    assert len(deck(new_code_cell("from voiplab import Lab\nimport math"))) == 1


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda path: path.stem)
def test_the_notes_keep_the_whole_prose(chapter):
    notebook = nbformat.read(chapter, as_version=4)
    noted = [text for slide in slides_of(notebook) for text in slide.notes]
    cells = [cell for cell in notebook.cells if "navigation" not in cell.metadata.get("tags", ())]
    prose = [
        block.text
        for cell in cells
        if cell.cell_type == "markdown"
        for block in blocks(cell.source)
        if block.kind in ("paragraph", "list", "html")
    ]
    assert len(prose) > 10
    assert [text for text in prose if text not in noted] == []


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda path: path.stem)
def test_every_output_is_on_a_slide(chapter):
    notebook = nbformat.read(chapter, as_version=4)
    shown = [output for slide in slides_of(notebook) for output in slide.outputs]
    assert shown == [output for cell in notebook.cells for output in cell.get("outputs", ())]


def test_script_and_style_are_the_build_of_the_sources_here():
    lines = (STATIC / "lecture.sha256").read_text().splitlines()
    recorded = dict(reversed(line.split("  ")) for line in lines)
    sources = {str(path.relative_to(PROJECT)) for path in (PROJECT / "slides/src").iterdir()}
    assert sources | {"slides/static/lecture.js", "slides/static/licences.txt"} <= recorded.keys()
    changed = [
        name
        for name, checksum in recorded.items()
        if hashlib.sha256((PROJECT / name).read_bytes()).hexdigest() != checksum
    ]
    assert changed == [], "run: make web"


def test_the_licences_of_what_is_bundled_ship_beside_it():
    notices = (STATIC / "licences.txt").read_text()
    assert re.findall(r"^(\S+) [\d.]+ \(MIT\)$", notices, re.MULTILINE) == ["fitty", "reveal.js"]
    assert notices.count("Permission is hereby granted") == 2
    assert "://" not in (PROJECT / "slides/package-lock.json").read_text()
