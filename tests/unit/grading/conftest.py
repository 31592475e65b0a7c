"""A small lab, whose tasks need no engine, and students who do it."""

import gzip
from pathlib import Path

import pytest

from voiplab import Evidence
from voiplab.grading import Worksheet

DATA = Path(__file__).parents[3] / "notebooks" / "data"

CHECKS = """
from voiplab import Evidence
from voiplab.grading import Assignment, Check, Task


def judge_sum(student, answer):
    own = student.number("sum", 10, 1_000_000)
    yield Check(name="sum", passed=answer == own, expected="your own sum", found=str(answer),
                where="the cell above")


def judge_call(student, seen):
    users = {leg.user for leg in seen["call"].record.legs}
    yield Check(name="users", passed=student.extension(0) in users, expected="your own extension",
                found=" and ".join(sorted(users)), where="the call")
    yield Check(name="packets", passed=seen["packets"] == seen["call"].directions[0].packets,
                expected="as captured", found=str(seen["packets"]), where="the capture")


ASSIGNMENT = Assignment(name="77-small", title="A small lab", engine=False, tasks=(
    Task(name="sum", title="A sum", judge=judge_sum, answer=int, hints=("Think.", "Add.")),
    Task(name="call", title="A call", judge=judge_call, hints=(), points=2),
))
"""


@pytest.fixture(autouse=True)
def runs(tmp_path, monkeypatch):
    monkeypatch.setenv("VOIPLAB_RUNS", str(tmp_path / "runs"))
    return tmp_path / "runs"


@pytest.fixture
def labs(tmp_path):
    folder = tmp_path / "labs" / "77-small"
    folder.mkdir(parents=True)
    (folder / "checks.py").write_text(CHECKS)
    return tmp_path / "labs"


@pytest.fixture
def lab(labs):
    return labs / "77-small"


@pytest.fixture
def one_call():
    return Evidence.open(DATA / "one-call")


@pytest.fixture
def call_of(one_call, tmp_path):
    """A call of a student's own: the recorded one, as between two of the student's extensions."""

    def make(student):
        folder = tmp_path / "calls" / student.key
        one_call.save(folder)
        made = Evidence.open(folder)
        legs = tuple(
            leg.model_copy(update={"user": student.extension(index)})
            for index, leg in enumerate(made.record.legs)
        )
        made.record.model_copy(update={"legs": legs}).write(folder)
        for leg in legs:
            # As no two captures are the same: the same packets, compressed at another time.
            packets = gzip.decompress((folder / leg.capture).read_bytes())
            when = student.number("when", 1, 2**31)
            (folder / leg.capture).write_bytes(gzip.compress(packets, mtime=when))
        return Evidence.open(folder)

    return make


@pytest.fixture
def sheet_of(lab):
    return lambda name: Worksheet.open(student=name, folder=lab)


@pytest.fixture
def done(sheet_of, call_of):
    """A student's sheet with all tasks done."""

    def do(name):
        work = sheet_of(name)
        work.check("sum", work.student.number("sum", 10, 1_000_000))
        call = call_of(work.student)
        work.check("call", {"call": call, "packets": call.directions[0].packets})
        return work

    return do
