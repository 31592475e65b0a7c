"""``voiplab submit`` and ``voiplab grade`` as they are called from a shell."""

import csv
import json
import os
import subprocess
import sys

import pytest

from voiplab.grading import Worksheet

CHECKS = """
from voiplab.grading import Assignment, Check, Task


def judge(student, answer):
    own = student.number("sum", 10, 1_000_000)
    yield Check(name="sum", passed=answer == own, expected="your sum", found=str(answer))


ASSIGNMENT = Assignment(
    name="77-small", title="Small", tasks=(Task(name="sum", title="A sum", judge=judge),)
)
"""


@pytest.fixture
def labs(tmp_path):
    (tmp_path / "labs" / "77-small").mkdir(parents=True)
    (tmp_path / "labs" / "77-small" / "checks.py").write_text(CHECKS)
    return tmp_path / "labs"


@pytest.fixture
def run(tmp_path):
    def command(*arguments):
        return subprocess.run(
            [sys.executable, "-m", "voiplab", *map(str, arguments)],
            capture_output=True,
            text=True,
            check=False,
            env=os.environ
            | {
                "COLUMNS": "200",
                "DOCKER_HOST": "unix:///nobody.sock",
                "VOIPLAB_RUNS": str(tmp_path / "runs"),
            },
        )

    return command


@pytest.fixture
def do(labs, tmp_path):
    def done(name):
        work = Worksheet.open(student=name, folder=labs / "77-small", runs=tmp_path / "runs")
        work.check("sum", work.student.number("sum", 10, 1_000_000))

    return done


def test_a_class_hands_in_and_is_graded(labs, run, do, tmp_path):
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    for name in ("Ada", "Bob"):
        do(name)
        shown = run("submit", labs / "77-small", "--student", name, "--to", inbox)
        assert shown.returncode == 0, shown.stderr
        assert f"{name}: 1 of 1 points" in shown.stdout
        assert f"Hand in: {inbox}/77-small-{name.lower()}-" in shown.stdout
    graded = run("grade", inbox, "--labs", labs)
    assert graded.returncode == 0, graded.stderr
    assert [line.split()[0] for line in graded.stdout.splitlines()[1:3]] == ["Ada", "Bob"]
    with (inbox / "grades.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert [(row["student"], row["sum"], row["total"], row["state"]) for row in rows] == [
        ("Ada", "1", "1", "graded"),
        ("Bob", "1", "1", "graded"),
    ]


def test_what_a_teacher_has_to_look_at_ends_with_exit_code_1(labs, run, do, tmp_path):
    do("Ada")
    (tmp_path / "inbox").mkdir()
    run("submit", labs / "77-small", "--to", tmp_path / "inbox")
    (tmp_path / "inbox" / "broken.zip").write_bytes(b"PK")
    graded = run("grade", tmp_path / "inbox", "--labs", labs, "--json")
    assert graded.returncode == 1
    shown = json.loads(graded.stdout)
    assert [(one["file"][:3], one["state"]) for one in shown["grades"]] == [
        ("77-", "graded"),
        ("bro", "refused"),
    ]
    assert shown["grades"][0]["tasks"] == {"sum": 1}
    assert "broken.zip: It is damaged" in run("grade", tmp_path / "inbox", "--labs", labs).stdout


def test_whose_sheet_is_meant_is_asked_only_when_it_can_not_be_told(labs, run, do):
    assert "has been checked here yet" in run("submit", labs / "77-small").stderr
    do("Ada")
    shown = json.loads(run("submit", labs / "77-small", "--json").stdout)
    assert (shown["student"], shown["points"], shown["tasks"]) == ("Ada", 1, {"sum": True})
    do("Bob")
    asked = run("submit", labs / "77-small")
    assert asked.returncode == 1
    assert "Several students' sheets are here: Ada, Bob" in asked.stderr.replace("\n", " ")


def test_a_folder_that_is_no_lab_is_told(run, tmp_path):
    refused = run("submit", tmp_path)
    assert refused.returncode == 1
    assert "has no checks.py" in refused.stderr
    assert "Nothing that was handed in" in run("grade", tmp_path).stderr.replace("\n", " ")
