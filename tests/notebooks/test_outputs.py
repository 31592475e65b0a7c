"""Which outputs nbval compares with those that are saved, and that it would find a wrong one."""

import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from syllabus.course import Course
from syllabus.standards import code_cells

PROJECT = Path(__file__).parents[2]
COMPARED = "nbval-check-output"
KNOWN = {COMPARED, "nbval-ignore-output", "nbval-raises-exception", "nbval-skip"}
PARTS = Course.read(PROJECT).parts

each_part = pytest.mark.parametrize("part", PARTS, ids=lambda part: part.name)


def tags_of(cell):
    return cell.metadata.get("tags", ())


@each_part
def test_nbval_is_told_nothing_that_it_does_not_know(part):
    told = {tag for cell in part.notebook.cells for tag in tags_of(cell) if "nbval" in tag}
    assert told <= KNOWN


@each_part
def test_nothing_is_left_out(part):
    assert not any("nbval-skip" in tags_of(cell) for cell in part.notebook.cells)


@each_part
def test_what_is_compared_shows_something(part):
    compared = [cell for cell in code_cells(part.notebook) if COMPARED in tags_of(cell)]
    assert [cell.id for cell in compared if not cell.outputs] == []


def test_some_outputs_are_compared():
    names = [
        part.name
        for part in PARTS
        for cell in code_cells(part.notebook)
        if COMPARED in tags_of(cell)
    ]
    assert {"01-how-voip-works", "05-install-asterisk", "06-users-and-extensions"} <= set(names)


def test_a_wrong_output_is_found_and_what_differs_each_time_is_not(tmp_path):
    saved = [
        ("6 * 7", "42"),
        ("6 * 7", "43"),
        ("object()", "<object at 0x7f4c55d0c1b0>"),
        ("object()", "<thing at 0x7f4c55d0c1b0>"),
    ]
    cells = []
    for count, (source, shown) in enumerate(saved, 1):
        result = new_output("execute_result", {"text/plain": shown}, execution_count=count)
        told = {"tags": [COMPARED]}
        cells.append(new_code_cell(source, execution_count=count, outputs=[result], metadata=told))
    notebook = tmp_path / "chapter.ipynb"
    nbformat.write(new_notebook(cells=cells), notebook)
    # As setup/test.sh does it.
    command = [sys.executable, "-m", "pytest", "-rA", "--color=no", "@setup/nbval.args"]
    done = subprocess.run(
        [*command, "-p", "no:cacheprovider", str(notebook)],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    found = re.findall(r"^(PASSED|FAILED) .*::Cell (\d)", done.stdout, re.MULTILINE)
    outcomes = [outcome for outcome, _ in sorted(found, key=lambda each: each[1])]
    assert outcomes == ["PASSED", "FAILED", "PASSED", "FAILED"]
