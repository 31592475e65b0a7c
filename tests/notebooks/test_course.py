"""The course as a whole: facts, headers, navigation and the map, as setup/course.py writes them."""

import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from syllabus.course import Course, Outline
from syllabus.errors import CourseError
from syllabus.facts import Facts, table_of, with_table
from syllabus.index import index_of
from syllabus.navigation import is_navigation, navigation_of, with_navigation

PROJECT = Path(__file__).parents[2]
FACTS = {"question": "What is a call?", "abilities": "call", "minutes": 10, "engine": "no"}
OUTLINE = """
[prose]
map = "# Map: {first}, {minutes}"
roads = "## Roads"
chapters = "## Chapters"
labs = "## Labs"
survey = "## Survey"
planned = "## Planned"
figures = "## Figures"
sources = "# Sources"

[planned.S2-third]
title = "Third"
question = "At last?"

[survey]
S1 = {question = "One?", answer = "S1-second"}
S2 = {question = "Two?", answer = "S2-third", until_then = ["labs/01-call"]}

[[roads]]
who = "In haste"
steps = ["00-first", "labs/01-call"]
why = "A call."
"""


def course_script(*arguments, cwd=PROJECT):
    command = [sys.executable, "setup/course.py", *map(str, arguments)]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)


def notebook(title, **facts):
    return new_notebook(
        cells=[new_markdown_cell(f"# {title}\n\nHello."), new_code_cell("import voiplab")],
        metadata={"voiplab": FACTS | facts},
    )


@pytest.fixture
def project(tmp_path):
    """A course of two chapters and a lab, with the project's own scripts."""
    shutil.copytree(PROJECT / "setup", tmp_path / "setup", ignore=shutil.ignore_patterns("__*"))
    (tmp_path / "notebooks" / "data").mkdir(parents=True)
    (tmp_path / "labs" / "01-call").mkdir(parents=True)
    nbformat.write(notebook("First", lab="01-call"), tmp_path / "notebooks" / "00-first.ipynb")
    second = notebook("Second", minutes=20, before=["00-first"], question="And then?")
    nbformat.write(second, tmp_path / "notebooks" / "S1-second.ipynb")
    nbformat.write(notebook("Lab 1: call"), tmp_path / "labs" / "01-call" / "solution.ipynb")
    (tmp_path / "labs" / "01-call" / "lab.ipynb").write_text("{}")
    header = "key,publisher,title,dated,url,read,note\n"
    (tmp_path / "notebooks" / "data" / "sources.csv").write_text(header)
    (tmp_path / "notebooks" / "course.toml").write_text(OUTLINE)
    return tmp_path


# The real one


def test_all_that_is_generated_is_up_to_date():
    checked = course_script("--check")
    assert (checked.returncode, checked.stdout, checked.stderr) == (0, "", "")


# The script


def test_what_was_changed_is_found_and_brought_up_to_date(project):
    assert course_script("--check", cwd=project).returncode == 1
    written = course_script(cwd=project)
    assert written.returncode == 0
    assert len(written.stdout.splitlines()) == 5
    assert course_script("--check", cwd=project).stdout == ""

    chapter = project / "notebooks" / "00-first.ipynb"
    chapter.write_text(chapter.read_text().replace('"minutes": 10', '"minutes": 25'))
    found = course_script("--check", cwd=project)
    assert found.returncode == 1
    assert found.stdout.splitlines() == [
        "notebooks/00-first.ipynb was not up to date",
        "notebooks/index.ipynb was not up to date",
    ]


def test_one_notebook_can_be_brought_up_to_date_alone(project):
    chapter = project / "notebooks" / "00-first.ipynb"
    assert course_script(chapter, cwd=project).stdout == (
        "notebooks/00-first.ipynb was not up to date\n"
    )
    assert course_script(chapter, "--check", cwd=project).returncode == 0
    assert course_script("--check", cwd=project).returncode == 1


def test_what_was_planned_and_is_there_leaves_the_map_and_fails_the_check(project):
    nbformat.write(notebook("Third"), project / "notebooks" / "S2-third.ipynb")
    course_script(cwd=project)
    found = course_script("--check", cwd=project)
    assert found.returncode == 1
    assert "S2-third is there" in found.stdout
    shown = (project / "notebooks" / "index.ipynb").read_text()
    assert "not there yet" not in shown
    assert "## Planned" not in shown
    assert "S2-third.ipynb" in shown


@pytest.mark.parametrize(
    ("broken", "told"),
    [
        ({"minutes": 0}, "minutes"),
        ({"engine": "perhaps"}, "engine"),
        ({"question": "No question."}, "question"),
        ({"hours": 1}, "hours"),
        ({"before": ["09-nowhere"]}, "09-nowhere"),
        ({"lab": "09-nowhere"}, "labs/09-nowhere"),
    ],
)
def test_facts_that_cannot_be_are_told(project, broken, told):
    nbformat.write(notebook("First", **broken), project / "notebooks" / "00-first.ipynb")
    refused = course_script("--check", cwd=project)
    assert refused.returncode == 2
    assert told in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_notebook_without_facts_or_title_is_told():
    with pytest.raises(CourseError, match="of 00-first"):
        Facts.of(new_notebook(), "00-first")


def test_a_notebook_without_title_is_told(project):
    nameless = notebook("First")
    nameless.cells[0].source = "Hello."
    nbformat.write(nameless, project / "notebooks" / "00-first.ipynb")
    assert "must begin with a Markdown cell" in course_script(cwd=project).stderr


def test_an_outline_that_says_something_unknown_is_told(tmp_path):
    (tmp_path / "course.toml").write_text("prose = {}\nlater = 1\n")
    with pytest.raises(CourseError, match="later"):
        Outline.read(tmp_path / "course.toml")


# What is written


def test_the_table_of_facts_tells_all_of_them():
    facts = Facts.model_validate(FACTS | {"engine": "or recordings"})
    assert table_of(facts, before="[First](a.ipynb)", lab="[Lab](b.ipynb)").splitlines() == [
        "| Question | What is a call? |",
        "|---|---|",
        "| You will be able to | call |",
        "| Before | [First](a.ipynb) |",
        "| Time | 10 minutes |",
        "| Needs a container engine | yes; without one, recordings of the same stand in |",
        "| Lab | [Lab](b.ipynb) |",
    ]


def test_the_table_takes_the_place_of_the_old_one_and_nothing_else():
    table = "| Question | New? |\n|---|---|"
    assert with_table("# Title\n\nHello.", table) == f"# Title\n\nHello.\n\n{table}"
    old = "# Title\n\n| Question | Old? |\n|---|---|\n| Time | 1 |\n\nMore."
    assert with_table(old, table) == f"# Title\n\n{table}\n\nMore."


def test_navigation_leads_back_to_the_map_and_on(project):
    course = Course.read(project)
    first, second = course.chapters
    assert (
        navigation_of(first, course)
        == "[Course map](index.ipynb) · Next: [Second](S1-second.ipynb)"
    )
    assert navigation_of(second, course) == (
        "Previous: [First](00-first.ipynb) · [Course map](index.ipynb)"
    )
    assert navigation_of(course.labs[0], course) == "[Course map](../../notebooks/index.ipynb)"


def test_there_is_one_cell_of_navigation_and_it_is_the_last(project):
    part = Course.read(project).chapters[0]
    once = with_navigation(part.notebook, "old")
    once.cells.append(new_markdown_cell("An afterthought"))
    twice = with_navigation(once, "new")
    assert [is_navigation(cell) for cell in twice.cells] == [False, False, False, True]
    assert twice.cells[-1].source == "new"
    assert len(part.notebook.cells) == 2


def test_the_map_tells_roads_chapters_labs_questions_and_what_is_not_there(project):
    shown = [cell.source for cell in index_of(Course.read(project)).cells]
    assert shown[0] == "# Map: [First](00-first.ipynb), 10"
    assert "| **In haste** | [First](00-first.ipynb) → [Lab 1: call]" in shown[1]
    assert "| 20 min |" in shown[1]
    assert "| S1 | [Second](S1-second.ipynb) | And then? | 20 | not needed | – |" in shown[2]
    assert "[Lab 1: call](../labs/01-call/lab.ipynb)" in shown[3]
    assert "| S1 | One? | [Second](S1-second.ipynb) |" in shown[4]
    assert "not there yet (Third); until then, in part: [Lab 1: call]" in shown[4]
    assert "| Chapter S2 | Third | At last? |" in shown[5]
