"""What every chapter and lab keeps to: each check on the real ones, and on one that breaks it."""

from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from syllabus import standards
from syllabus.course import Course
from syllabus.navigation import TAG
from voiplab.grading import Assignment

PROJECT = Path(__file__).parents[2]
COURSE = Course.read(PROJECT)
MOST_CELLS = {"00-quickstart": 30}
LARGEST_BYTES = {"08-call-quality": 1_100_000}  # it is about sounds, and holds seven

each_part = pytest.mark.parametrize("part", COURSE.parts, ids=lambda part: part.name)
each_chapter = pytest.mark.parametrize("part", COURSE.chapters, ids=lambda part: part.name)
each_lab = pytest.mark.parametrize("part", COURSE.labs, ids=lambda part: part.name)

IMPORTS = "from voiplab import Lab"


def code(source, count=1, **more):
    return new_code_cell(source, id=f"cell-{count}", execution_count=count, **more)


def chapter(*cells):
    """A chapter that keeps to the standards, but for the cells that are given."""
    return new_notebook(cells=[new_markdown_cell("# Title"), code(IMPORTS), *cells])


def test_there_are_chapters_and_labs():
    assert {
        "00-quickstart",
        "01-how-voip-works",
        "08-call-quality",
        "labs/06-hear-the-network",
    } <= {part.name for part in COURSE.parts}


# Imports


@each_part
def test_all_imports_are_in_the_second_cell(part):
    assert standards.imports_amiss(part.notebook) == []


@pytest.mark.parametrize(
    ("notebook", "told"),
    [
        (
            new_notebook(cells=[new_markdown_cell("# Title"), new_markdown_cell("Prose")]),
            ["The second cell is not the import cell."],
        ),
        (
            new_notebook(cells=[new_markdown_cell("# Title"), code(f"{IMPORTS}\nlab = Lab()")]),
            ["The import cell does something else, too."],
        ),
        (
            chapter(code("def late():\n    import time\n    return time", 2)),
            ["cell-2 imports; all imports belong in the second cell."],
        ),
    ],
)
def test_an_import_elsewhere_is_found(notebook, told):
    assert standards.imports_amiss(notebook) == told


# Size


@each_part
def test_it_is_of_a_size_that_people_read(part):
    limits = {
        "most_cells": MOST_CELLS.get(part.name, standards.MOST_CELLS),
        "largest_bytes": LARGEST_BYTES.get(part.name, standards.LARGEST_BYTES),
    }
    assert standards.size_amiss(part.notebook, **limits) == []


def test_what_is_too_large_is_found():
    assert standards.size_amiss(chapter(*(new_markdown_cell("Prose") for _ in range(44)))) == [
        "46 cells; at most 45 are read."
    ]
    assert standards.size_amiss(chapter(code("x = 1\n" * 16, 2))) == [
        "cell-2 has 16 lines; what takes more is voiplab's."
    ]
    loud = new_output("display_data", {"text/plain": "x" * 700_000})
    [told] = standards.size_amiss(chapter(code("x", 2, outputs=[loud])))
    assert told.endswith("at most 700,000 are loaded in a moment.")


# Running


@each_part
def test_every_code_cell_was_run_in_order_and_none_failed(part):
    assert standards.running_amiss(part.notebook) == []


@pytest.mark.parametrize("counts", [(1, None), (1, 3), (2, 1)])
def test_a_cell_that_was_not_run_in_its_turn_is_found(counts):
    notebook = chapter(code("lab = 1", 2))
    for cell, count in zip(standards.code_cells(notebook), counts, strict=True):
        cell.execution_count = count
    [told] = standards.running_amiss(notebook)
    assert str(list(counts)) in told


def test_a_cell_that_failed_is_found():
    failure = new_output("error", ename="ValueError", evalue="", traceback=[])
    notebook = chapter(code("int('x')", 2, outputs=[failure]))
    assert standards.running_amiss(notebook) == ["cell-2 failed when it was run: ValueError."]


# Leftovers


@each_part
def test_it_holds_no_widget_state_no_times_and_no_machine(part):
    machine = standards.machine_texts(PROJECT)
    assert standards.leftovers_amiss(part.notebook, machine) == []


def test_leftovers_are_found():
    view = new_output("display_data", {"application/vnd.jupyter.widget-view+json": {}})
    timed = code("x", 2, metadata={"execution": {"iopub.execute_input": "2026"}})
    told = new_output("stream", name="stdout", text="/home/ada/voip-lab/runs")
    notebook = chapter(code("x", 3, outputs=[view, told]), timed)
    assert len(standards.leftovers_amiss(notebook, ("/home/ada/",))) == 3
    with_state = chapter()
    with_state.metadata["widgets"] = {}
    assert len(standards.leftovers_amiss(with_state)) == 1


# Prose


@each_part
def test_prose_surrounds_the_code(part):
    assert standards.prose_amiss(part.notebook, is_lab=part.is_lab) == []


def test_code_without_prose_is_found():
    notebook = chapter(code("a = 1", 2), code("b = 2", 3))
    assert standards.prose_amiss(notebook, is_lab=True) == []
    assert standards.prose_amiss(notebook, is_lab=False) == ["3 cells of code, and 1 of prose."]


# Stopping


@each_part
def test_what_it_starts_it_stops(part):
    assert standards.stopping_amiss(part.notebook) == []


@pytest.mark.parametrize(
    "sources",
    [
        ("lab = Lab.start()", "lab.stop()"),
        ("with Lab() as lab:\n    lab.start",),
        ("def live():\n    return Lab.start()", "lab = live_or_recorded(live, Evidence.open, 'x')"),
        ("lab = live_or_recorded(Lab.start, RecordedLab.open, 'x')", "lab.stop()"),
        (
            "machine = Machine.start('one')",
            "server = Machine.start()",
            "machine.stop(), server.stop()",
        ),
        ("lab = work.start_lab(users=[])", "work.stop_lab()"),
        ("lab = checks.begin(work)", "work.stop_lab()"),
    ],
)
def test_what_is_stopped_is_not_complained_about(sources):
    cells = [code(source, count) for count, source in enumerate(sources, 2)]
    assert standards.stopping_amiss(chapter(*cells)) == []


@pytest.mark.parametrize(
    ("sources", "told"),
    [
        (("lab = Lab.start()",), "cell-2 starts lab, which no cell stops."),
        (("Lab.start()",), "cell-2 starts something that has no name to stop it by."),
        (
            ("a = Machine.start()", "b = Machine.start()", "a.stop()"),
            "cell-3 starts b, which no cell stops.",
        ),
        (
            ("lab = live_or_recorded(Lab.start, RecordedLab.open, 'x')",),
            "cell-2 starts lab, which no cell stops.",
        ),
        (("lab = checks.begin(work)",), "cell-2 starts work, which no cell stops."),
        (("work.prepare('call')",), "cell-2 starts work, which no cell stops."),
    ],
)
def test_what_is_not_stopped_is_found(sources, told):
    cells = [code(source, count) for count, source in enumerate(sources, 2)]
    assert standards.stopping_amiss(chapter(*cells)) == [told]


# Exercises

ANSWERS = "<details><summary>Answers</summary>\n\n1. One.\n2. Two.\n3. Three.\n\n</details>"
EXERCISES = f"## Now you\n\n1. One?\n2. Two?\n3. Three?\n\n{ANSWERS}"


@each_chapter
def test_it_ends_with_three_exercises_and_their_answers_folded_away(part):
    assert standards.exercises_amiss(part.notebook) == []


def test_exercises_may_stand_before_the_navigation():
    navigation = new_markdown_cell("Previous", metadata={"tags": [TAG]})
    assert standards.exercises_amiss(chapter(new_markdown_cell(EXERCISES), navigation)) == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("The end.", ["Its last section is not called Now you."]),
        (f"{EXERCISES}\n\n## Afterwards", ["Its last section is not called Now you."]),
        (EXERCISES.replace("3. Three?", ""), ["There are not 3 exercises, numbered."]),
        (EXERCISES.replace("3. Three.", ""), ["There are not 3 answers, numbered."]),
        (EXERCISES.replace(ANSWERS, "1. One."), None),
        (EXERCISES.replace("</details>", ""), ["The answers are not folded away at its end."]),
    ],
)
def test_exercises_that_are_not_as_they_should_be_are_found(text, told):
    found = standards.exercises_amiss(chapter(new_markdown_cell(text)))
    assert found == told if told else len(found) == 2


# The engine


@each_chapter
def test_it_needs_an_engine_as_much_as_it_says(part):
    assert standards.engine_amiss(part.notebook, part.facts.engine) == []


@each_lab
def test_a_lab_needs_an_engine_as_much_as_its_assignment_says(part):
    needed = part.facts.engine == "needed"
    assert needed == Assignment.read(part.path.parent).engine


@pytest.mark.parametrize(
    ("source", "engine"),
    [
        ("lab = Lab.start()", "needed"),
        ("with Lab() as lab:\n    pass", "needed"),
        ("live_or_recorded(call, Evidence.open, 'x')", "or recordings"),
        ("1 + 1", "no"),
    ],
)
def test_a_chapter_that_says_otherwise_is_found(source, engine):
    notebook = chapter(code(source, 2))
    for said in ("needed", "or recordings", "no"):
        found = standards.engine_amiss(notebook, said)
        assert (found == []) == (said == engine)


# A few that are about one notebook


def test_the_quickstart_shows_figures_and_plays_sounds():
    notebook = nbformat.read(PROJECT / "notebooks" / "00-quickstart.ipynb", as_version=4)
    outputs = [output for cell in standards.code_cells(notebook) for output in cell.outputs]
    data = [output.get("data", {}) for output in outputs]
    assert sum("image/png" in each for each in data) >= 3
    assert sum("<audio" in str(each.get("text/html", "")) for each in data) == 2
