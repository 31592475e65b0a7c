"""nbgrader takes the labs as they are: its own copy is ours, and it grades what it should."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook

from voiplab.grading import Assignment

PROJECT = Path(__file__).parents[2]
LABS = sorted(solution.parent for solution in PROJECT.glob("labs/*/solution.ipynb"))
LIVE, RECORDED = "03-first-call", "06-hear-the-network"


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    folder = tmp_path_factory.mktemp("course")
    command = [sys.executable, "setup/labs.py", *map(str, LABS), "--course", str(folder)]
    subprocess.run(command, cwd=PROJECT, check=True)
    return folder


@pytest.fixture
def nbgrader(course, tmp_path):
    programs = Path(sys.executable).parent

    def run(*arguments, **environment):
        done = subprocess.run(
            [programs / "nbgrader", *arguments],
            cwd=course,
            capture_output=True,
            text=True,
            check=False,
            # nbgrader looks for alembic on the path, as in an activated environment.
            env=os.environ
            | {"VOIPLAB_RUNS": str(tmp_path), "PATH": f"{programs}:{os.environ['PATH']}"}
            | environment,
        )
        assert done.returncode == 0, done.stderr

    return run


@pytest.mark.parametrize("lab", LABS, ids=lambda lab: lab.name)
def test_the_copy_that_nbgrader_generates_is_ours(lab, course, nbgrader):
    nbgrader("generate_assignment", lab.name, "--force")
    released = course / "release" / lab.name
    assert nbformat.read(released / "lab.ipynb", 4) == nbformat.read(lab / "lab.ipynb", 4)
    assert (released / "checks.py").exists()
    assert not list(released.rglob("broken"))
    assert not list(released.rglob("solution.ipynb"))


def hand_in(course, lab, student, *, done):
    """Hand in a lab as a student does: the released notebook, with the student's own lines."""
    place = course / "submitted" / student / lab
    shutil.copytree(course / "release" / lab, place)
    if not done:
        return
    notebook = nbformat.read(place / "lab.ipynb", as_version=4)
    solution = nbformat.read(PROJECT / "labs" / lab / "solution.ipynb", as_version=4)
    answers = {cell.id: cell.source for cell in solution.cells}
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("solution"):
            cell.source = answers[cell.id]
    nbformat.write(notebook, place / "lab.ipynb")


def scores(course, lab, student):
    with Gradebook(f"sqlite:///{course}/gradebook.db", "voip-lab") as gradebook:
        submission = gradebook.find_submission(lab, student)
        return {
            grade.cell.name.removeprefix("check-"): (grade.auto_score, grade.max_score)
            for notebook in submission.notebooks
            for grade in notebook.grades
        }


def assert_graded(course, nbgrader, lab, **environment):
    nbgrader("generate_assignment", lab, "--force")
    hand_in(course, lab, "ada", done=True)
    hand_in(course, lab, "nobody", done=False)
    nbgrader("autograde", lab, **environment)
    points = {task.name: task.points for task in Assignment.read(PROJECT / "labs" / lab)}
    assert scores(course, lab, "ada") == {name: (most, most) for name, most in points.items()}
    assert scores(course, lab, "nobody") == {name: (0, most) for name, most in points.items()}


def test_a_solution_gets_all_points_and_an_untouched_copy_none(course, nbgrader):
    nowhere = "unix:///nowhere/docker.sock"
    assert_graded(course, nbgrader, RECORDED, DOCKER_HOST=nowhere)


@pytest.mark.engine
def test_a_lab_on_the_engine_is_graded_the_same_way(course, nbgrader):
    assert_graded(course, nbgrader, LIVE)


def test_checks_that_a_student_has_doctored_are_not_those_that_grade(course, nbgrader):
    nbgrader("generate_assignment", RECORDED, "--force")
    hand_in(course, RECORDED, "mallory", done=False)
    doctored = course / "submitted" / "mallory" / RECORDED / "checks.py"
    doctored.write_text(doctored.read_text() + "\nfor task in ASSIGNMENT: task.judge = None\n")
    nbgrader(
        "autograde",
        RECORDED,
        "--student",
        "mallory",
        DOCKER_HOST="unix:///nowhere/docker.sock",
    )
    graded = course / "autograded" / "mallory" / RECORDED / "checks.py"
    assert graded.read_text() == (PROJECT / "labs" / RECORDED / "checks.py").read_text()
