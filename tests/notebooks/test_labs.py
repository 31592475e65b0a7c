"""Every lab: the students' copy, the solution, the untouched copy, and each broken state."""

import importlib.util
import json
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from voiplab.errors import CheckFailed
from voiplab.grading import Assignment, Worksheet

PROJECT = Path(__file__).parents[2]
LABS = [solution.parent for solution in sorted(PROJECT.glob("labs/*/solution.ipynb"))]
BROKEN = [broken for lab in LABS for broken in sorted(lab.glob("broken/*.py"))]
STUB = "# YOUR CODE HERE\nraise NotImplementedError()"
CELL_TIMEOUT_S = 300


def marks(lab):
    """Tests of one lab share a process, and what was made in it once, such as copies of a disk."""
    engine = [pytest.mark.engine] if Assignment.read(lab).engine else []
    return [pytest.mark.xdist_group(lab.name), *engine]


def each(paths, name):
    return [
        pytest.param(path, id=name(path), marks=marks(path if path.is_dir() else path.parents[1]))
        for path in paths
    ]


each_lab = pytest.mark.parametrize("lab", LABS, ids=lambda lab: lab.name)
each_running_lab = pytest.mark.parametrize("lab", each(LABS, lambda lab: lab.name))
each_broken_state = pytest.mark.parametrize(
    "broken", each(BROKEN, lambda path: f"{path.parents[1].name}-{path.stem}")
)


def run_labs(*arguments, cwd=PROJECT):
    command = [sys.executable, "setup/labs.py", *arguments]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def graded_cells(notebook):
    return {
        cell.metadata.nbgrader.grade_id.removeprefix("check-"): cell
        for cell in code_cells(notebook)
        if cell.metadata.get("nbgrader", {}).get("grade")
    }


# The copies


@each_lab
def test_the_students_copy_is_that_of_the_solution(lab):
    checked = run_labs("--check", str(lab))
    assert (checked.returncode, checked.stdout, checked.stderr) == (0, "", "")


@each_lab
def test_a_copy_holds_no_solution_and_nothing_that_was_shown(lab):
    copy = nbformat.read(lab / "lab.ipynb", as_version=4)
    assert "SOLUTION" not in (lab / "lab.ipynb").read_text()
    solutions = (lab / "solution.ipynb").read_text().count("### BEGIN SOLUTION")
    stubs = sum(cell.source.count("YOUR CODE HERE") for cell in code_cells(copy))
    assert stubs == solutions > 0
    assert all(not cell.outputs for cell in code_cells(copy))


@each_lab
@pytest.mark.parametrize("name", ["solution.ipynb", "lab.ipynb"])
def test_each_task_has_one_graded_locked_cell_worth_its_points(lab, name):
    assignment = Assignment.read(lab)
    assert assignment.name == lab.name
    graded = graded_cells(nbformat.read(lab / name, as_version=4))
    assert {task: cell.metadata.nbgrader.points for task, cell in graded.items()} == {
        task.name: task.points for task in assignment
    }
    assert all(cell.metadata.nbgrader.locked for cell in graded.values())


def test_a_copy_that_was_edited_is_found(tmp_path):
    for name in ("setup", "labs/06-hear-the-network"):
        shutil.copytree(PROJECT / name, tmp_path / name)
    copy = tmp_path / "labs" / "06-hear-the-network" / "lab.ipynb"
    copy.write_text(copy.read_text().replace("Task 1", "Task one"))
    found = run_labs("--check", cwd=tmp_path)
    assert found.returncode == 1
    assert "labs/06-hear-the-network/lab.ipynb was not up to date" in found.stdout
    assert run_labs(cwd=tmp_path).returncode == 0
    assert run_labs("--check", cwd=tmp_path).returncode == 0


# The states


@pytest.fixture
def runs(tmp_path, monkeypatch):
    monkeypatch.setenv("VOIPLAB_RUNS", str(tmp_path))
    return tmp_path


def execute(notebook, lab):
    """Run a notebook to its end in the lab's folder, whatever fails on the way."""
    resources = {"metadata": {"path": str(lab)}}
    NotebookClient(
        notebook, timeout=CELL_TIMEOUT_S, allow_errors=True, resources=resources
    ).execute()


def errors(cell):
    return [output for output in cell.outputs if output.output_type == "error"]


def kept_results(runs):
    return {
        path.parent.name: json.loads(path.read_text())
        for path in runs.glob("labs/*/*/*/result.json")
    }


@each_running_lab
def test_the_solution_passes_all_checks(lab, runs, tell_outcome):
    notebook = nbformat.read(lab / "solution.ipynb", as_version=4)
    execute(notebook, lab)
    failed = [cell.source for cell in code_cells(notebook) if errors(cell)]
    assert failed == []
    assert all(cell.execution_count for cell in code_cells(notebook))
    results = kept_results(runs)
    assert results.keys() == graded_cells(notebook).keys()
    for result in results.values():
        assert result["checks"]
        assert all(check["passed"] for check in result["checks"])
    tell_outcome(lab.name, "solution", f"{len(results)} of {len(results)} tasks done")


@each_running_lab
def test_the_untouched_copy_fails_each_graded_cell(lab, runs, tell_outcome):
    notebook = nbformat.read(lab / "lab.ipynb", as_version=4)
    for cell in code_cells(notebook):
        # Who they are is all that these students have said.
        if "Worksheet.open" in cell.source:
            cell.source = cell.source.replace(STUB, 'student = "Untouched"')
    execute(notebook, lab)
    graded = graded_cells(notebook)
    passed = [name for name, cell in graded.items() if not errors(cell)]
    assert passed == []
    opened = [cell for cell in code_cells(notebook) if "Worksheet.open" in cell.source]
    assert len(opened) == 1
    assert not errors(opened[0])
    kept = kept_results(runs).values()
    assert not any(all(check["passed"] for check in result["checks"]) for result in kept)
    tell_outcome(lab.name, "blank", f"0 of {len(graded)} tasks done")


def load(path):
    spec = importlib.util.spec_from_file_location(f"broken_{path.stem}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@each_broken_state
def test_a_broken_state_fails_the_check_that_it_is_meant_for(
    broken, runs, monkeypatch, tell_outcome
):
    lab = broken.parents[1]
    monkeypatch.chdir(lab)
    work = Worksheet.open(student="Broken State", runs=runs)
    # A state may import the lab's checks, as its notebook does.
    monkeypatch.syspath_prepend(lab)
    monkeypatch.delitem(sys.modules, "checks", raising=False)
    state = load(broken)
    try:
        given = state.bring_about(work)
        with pytest.raises(CheckFailed):
            work.check(state.TASK, given)
    finally:
        work.stop_lab()
    result = work.progress().result(work.assignment[state.TASK])
    failed = [check for check in result.checks if not check.passed]
    meant = (state.CHECK,) if isinstance(state.CHECK, str) else state.CHECK
    assert {check.name for check in failed} == set(meant)
    assert all(check.expected and check.found and check.where for check in failed)
    told = f"✗ {state.TASK}: {failed[0].name}: {failed[0].found}"
    tell_outcome(lab.name, broken.stem, told)


def test_every_lab_has_broken_states():
    assert {broken.parents[1] for broken in BROKEN} == set(LABS)
