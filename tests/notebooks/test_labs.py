"""The students' copies, and that each check tells a wrong answer from a right one."""

import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest

from voiplab.packets import FixedBuffer

PROJECT = Path(__file__).parents[2]
LABS = sorted(PROJECT.glob("labs/*/solution.ipynb"))
HEAR = PROJECT / "labs" / "06-hear-the-network"


def run_labs(*arguments, cwd=PROJECT):
    command = [sys.executable, "setup/labs.py", *arguments]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)


def test_the_students_copies_are_those_of_the_solutions():
    checked = run_labs("--check")
    assert (checked.returncode, checked.stdout) == (0, "")


@pytest.mark.parametrize("solution", LABS, ids=lambda path: path.parent.name)
def test_a_copy_holds_no_solution_and_nothing_that_was_shown(solution):
    copy = nbformat.read(solution.with_name("lab.ipynb"), as_version=4)
    text = solution.with_name("lab.ipynb").read_text()
    assert "SOLUTION" not in text
    tasks = [c for c in copy.cells if c.cell_type == "code" and "YOUR CODE HERE" in c.source]
    assert len(tasks) == solution.read_text().count("### BEGIN SOLUTION") > 0
    assert all(not cell.outputs for cell in copy.cells if cell.cell_type == "code")


def test_a_copy_that_was_edited_is_found(tmp_path):
    for name in ("setup", "labs"):
        shutil.copytree(PROJECT / name, tmp_path / name)
    copy = tmp_path / "labs" / "06-hear-the-network" / "lab.ipynb"
    copy.write_text(copy.read_text().replace("Task 1", "Task one"))
    found = run_labs("--check", cwd=tmp_path)
    assert found.returncode == 1
    assert "labs/06-hear-the-network/lab.ipynb was not up to date" in found.stdout
    assert run_labs(cwd=tmp_path).returncode == 0
    assert run_labs("--check", cwd=tmp_path).returncode == 0


# The checks of lab 6


@pytest.fixture
def checks(monkeypatch):
    monkeypatch.chdir(HEAR)
    spec = importlib.util.spec_from_file_location("checks", HEAR / "checks.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


RIGHT_NAMES = {"A": "congested-wifi", "B": "adsl", "C": "geostationary-satellite"}
RIGHT_NAMES |= {"D": "office-lan", "E": "4g"}


def test_right_answers_pass(checks):
    assert checks.lost_packets(39).startswith("✓ Lost packets")
    assert checks.longest_burst(2).startswith("✓")
    assert checks.bandwidth(87.2).startswith("✓")
    assert checks.names_of_networks(RIGHT_NAMES).startswith("✓")


@pytest.mark.parametrize(
    ("task", "answer", "hint"),
    [
        ("lost_packets", 38, "column `lost`"),
        ("lost_packets", "many", "column `lost`"),
        ("longest_burst", 1, "speaks of bursts"),
        ("bandwidth", 64, "all bytes of a frame"),
        ("bandwidth", 85.6, "check sequence"),  # without those four bytes
        ("bandwidth", 10.9, "bits, not bytes"),
        ("shortest_wait_ms", 65, "multiple of 10 ms"),
        ("names_of_networks", RIGHT_NAMES | {"B": "4g", "E": "adsl"}, "look again at B and E"),
        ("names_of_networks", {}, "look again at A and B and C and D and E"),
    ],
)
def test_a_wrong_answer_is_told_where_to_look(checks, task, answer, hint):
    with pytest.raises(AssertionError) as refusal:
        getattr(checks, task)(answer)
    assert hint in str(refusal.value)


def test_only_the_shortest_wait_that_is_long_enough_is_right(checks):
    leg = next(leg for leg in checks.shaken_call().record.legs if leg.user == "2002")
    heard = checks.shaken_call().capture_at(leg).received_by(leg.address)
    late = {ms: heard.sound(0, FixedBuffer(delay_ms=ms)).late for ms in range(0, 200, 10)}
    right = next(ms for ms, count in late.items() if count < 0.01 * heard.streams.packets[0])
    assert checks.shortest_wait_ms(right).startswith("✓")
    for wrong in (right - 10, right + 10):
        with pytest.raises(AssertionError, match="Wanted is the first wait with less than 1 %"):
            checks.shortest_wait_ms(wrong)


def test_a_call_is_spoilt_by_neither_too_little_nor_too_much(checks):
    spoilt = checks.Evidence.open(HEAR / "spoilt-call")
    assert checks.spoilt_call(spoilt).startswith("✓")
    for name in ("one-call", "five-per-cent"):
        call = checks.Evidence.open(f"{checks.RECORDINGS}/{name}")
        with pytest.raises(AssertionError, match="Wanted is 'nearly all users dissatisfied'"):
            checks.spoilt_call(call)
    silent = SimpleNamespace(
        quality=spoilt.quality, samples=lambda _user: (spoilt.samples("2002")[0] * 0, 8000)
    )
    with pytest.raises(AssertionError, match="A spoilt call"):
        checks.spoilt_call(silent)
