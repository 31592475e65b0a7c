import csv
import gzip
import hashlib
import io
import json
import random
import shutil
import tempfile
import zipfile
from pathlib import Path

import pytest

from voiplab.errors import GradingError, SubmissionError
from voiplab.grading import submission as module
from voiplab.grading.grade import Grade, TaskGrade
from voiplab.grading.gradebook import Gradebook
from voiplab.grading.manifest import MANIFEST
from voiplab.grading.marking import grade
from voiplab.grading.submission import Submission
from voiplab.packets import Capture, pcap_bytes


@pytest.fixture
def inbox(tmp_path):
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder


@pytest.fixture
def handed_in(done, inbox):
    """Let a student do all tasks and hand in."""
    return lambda name: done(name).hand_in(inbox).path


@pytest.fixture
def graded(inbox, labs):
    """The grade of the one file, or the grades by student."""

    def look(**settings):
        return grade(inbox, labs=labs, **settings)

    return look


def altered(path, change, *, into=None):
    """Write a submission anew, with its members changed and its manifest as it was."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    change(members)
    with zipfile.ZipFile(into or path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)


def forged(path, change, *, into=None):
    """The same by a forger who also mends the manifest."""

    def and_manifest(members):
        change(members)
        manifest = json.loads(members[MANIFEST])
        manifest["files"] = {
            name: hashlib.sha256(content).hexdigest()
            for name, content in members.items()
            if name != MANIFEST
        }
        members[MANIFEST] = json.dumps(manifest).encode()

    altered(path, and_manifest, into=into)


def in_json(name, change):
    def edit(members):
        content = json.loads(members[name])
        change(content)
        members[name] = json.dumps(content).encode()

    return edit


def test_what_was_handed_in_is_judged_again_without_the_sheet(handed_in, graded, runs):
    handed_in("Ada")
    shutil.rmtree(runs)
    book = graded()
    (one,) = book.grades
    assert (one.student, one.assignment, one.state) == ("Ada", "77-small", "graded")
    assert {task.task: task.points for task in one.tasks} == {"sum": 1, "call": 2}
    assert one.remarks == ()
    assert book.clean


def test_what_was_not_done_is_worth_nothing(sheet_of, inbox, graded):
    work = sheet_of("Ada")
    with pytest.raises(SubmissionError, match="Nothing of 77-small has been checked yet"):
        work.hand_in(inbox)
    with pytest.raises(AssertionError):
        work.check("sum", 1)
    work.hand_in(inbox)
    (one,) = graded().grades
    assert (one.points, one.of, one.state) == (0, 3, "graded")


def test_what_is_handed_in_was_judged_by_the_checks_as_they_are_now(sheet_of, lab, inbox, labs):
    work = sheet_of("Ada")
    work.check("sum", work.student.number("sum", 10, 1_000_000))
    text = (lab / "checks.py").read_text()
    (lab / "checks.py").write_text(text.replace('"sum", 10,', '"another sum", 10,'))
    handed_in = sheet_of("Ada").hand_in(inbox)
    assert handed_in.progress.points == 0
    assert grade(inbox, labs=labs).grades[0].remarks == ()


def test_another_version_of_the_checks_is_a_remark_and_no_suspicion(handed_in, lab, graded):
    handed_in("Ada")
    text = (lab / "checks.py").read_text()
    (lab / "checks.py").write_text(text.replace('"sum", 10,', '"another sum", 10,'))
    (one,) = graded().grades
    assert (one.points, one.state) == (2, "graded")
    assert "another version" in one.remarks[0]
    assert "sum was done" in one.remarks[1] or "sum is not done by your checks" in one.remarks[1]


def test_what_was_handed_in_can_be_downloaded_where_it_lies_beside_the_notebook(
    done, inbox, monkeypatch
):
    work = done("Ada")
    assert "href" not in work.hand_in(inbox)._repr_html_()
    monkeypatch.chdir(inbox)
    name = work.hand_in().path.name
    assert f'<a href="{name}" download>' in work.hand_in()._repr_html_()
    assert "3 of 3 points" in work.hand_in()._repr_html_()


def test_what_has_passed_before_does_not_come_back_when_nothing_is_there_any_more(
    sheet_of, inbox, graded
):
    work = sheet_of("Ada")
    work.check("sum", work.student.number("sum", 10, 1_000_000))
    with pytest.raises(AssertionError):
        work.check("sum", None)
    work.hand_in(inbox)
    assert [one.points for one in graded().grades] == [0]


# What is refused


@pytest.mark.parametrize("size", [0, 10, 1000, -1])
def test_a_cut_off_file_is_damaged(handed_in, graded, size):
    path = handed_in("Ada")
    path.write_bytes(path.read_bytes()[:size])
    (one,) = graded().grades
    assert one.state == "refused"
    assert "damaged" in one.remarks[0]


def test_no_flipped_byte_goes_unnoticed_where_it_matters(handed_in, inbox, labs):
    path = handed_in("Ada")
    whole, rng = path.read_bytes(), random.Random(5)  # noqa: S311 - no secret
    for _ in range(60):
        content = bytearray(whole)
        place = rng.randrange(len(content))
        content[place] ^= 1 << rng.randrange(8)
        path.write_bytes(content)
        (one,) = grade(inbox, labs=labs).grades
        # A flipped time stamp of the archive is no harm; anything else is refused.
        assert one.state == "refused" or one.points == 3


def test_a_file_that_is_no_submission(inbox, graded):
    with zipfile.ZipFile(inbox / "holiday.zip", "w") as archive:
        archive.writestr("sum/result.json", "{}")
    (inbox / "text.zip").write_text("hello")
    assert [one.state for one in graded().grades] == ["refused"] * 2
    assert f"It has no {MANIFEST}" in graded().grades[0].remarks[0]


def test_another_labs_file_is_recognised(handed_in, graded, labs, lab):
    handed_in("Ada")
    (labs / "78-other").mkdir()
    (labs / "78-other" / "checks.py").write_text((lab / "checks.py").read_text())
    (one,) = graded(only="78-other").grades
    assert one.state == "refused"
    assert one.remarks == ("It is from another lab: 77-small, not 78-other.",)
    (lab / "checks.py").rename(lab / "gone.py")
    (one,) = graded().grades
    assert "there is no 77-small here" in one.remarks[0]
    with pytest.raises(GradingError, match="There is no lab '79-none'"):
        graded(only="79-none")


def test_an_unknown_format_is_told_what_to_do(handed_in, graded):
    path = handed_in("Ada")
    altered(path, in_json(MANIFEST, lambda content: content.update(format=0)))
    assert "hand in again with this version" in graded().grades[0].remarks[0]
    altered(path, in_json(MANIFEST, lambda content: content.update(format=2)))
    assert "update VoIP Lab" in graded().grades[0].remarks[0]
    altered(path, in_json(MANIFEST, lambda content: content.update(format=1, student=5)))
    assert "manifest.json is damaged at student" in graded().grades[0].remarks[0]


@pytest.mark.parametrize(
    "name",
    [
        "../evil.json",
        "/etc/cron.d/evil",
        "sum/../../evil",
        "sum\\..\\evil",
        "C:evil",
        "sum/evidence-0/.hidden",
        "checks.py",
        "sum/evidence-0/a/b/c",
    ],
)
def test_a_member_that_would_go_elsewhere_is_refused(handed_in, graded, name, tmp_path):
    path = handed_in("Ada")
    forged(path, lambda members: members.update({name: b"x"}))
    before = set(tmp_path.rglob("*evil*"))
    (one,) = graded().grades
    assert one.state == "refused"
    assert "which no submission has" in one.remarks[0]
    assert set(tmp_path.rglob("*evil*")) == before


def test_a_bomb_is_refused_before_it_goes_off(handed_in, graded, monkeypatch):
    path = handed_in("Ada")
    monkeypatch.setattr(module, "MOST_BYTES", 3_000_000)
    forged(path, lambda members: members.update({"call/evidence-0/a.txt": bytes(4_000_000)}))
    assert path.stat().st_size < 1_000_000
    (one,) = graded().grades
    assert "refused, not unpacked" in one.remarks[0]
    bomb = gzip.compress(bytes(4_000_000))
    forged(
        path,
        lambda members: members.update(
            {"call/evidence-0/a.txt": b"", "call/evidence-0/b.gz": bomb}
        ),
    )
    assert "unpacks to too much" in graded().grades[0].remarks[0]
    monkeypatch.setattr(module, "MOST_MEMBERS", 3)
    assert "more than 3" in graded().grades[0].remarks[0]


def test_evidence_that_names_files_elsewhere_is_refused(handed_in, graded):
    path = handed_in("Ada")

    def elsewhere(content):
        content["legs"][0]["heard"] = "../../../secret.wav"

    forged(path, in_json("call/evidence-0/call.json", elsewhere))
    assert "outside of it" in graded().grades[0].remarks[0]


# What is doubtful


def test_results_that_their_own_evidence_contradicts_are_doctored(sheet_of, inbox, graded):
    work = sheet_of("Ada")
    with pytest.raises(AssertionError):
        work.check("sum", 1)
    path = work.hand_in(inbox).path

    def all_passed(content):
        for check in content["checks"]:
            check["passed"] = True

    altered(path, in_json("sum/result.json", all_passed))
    assert "It was doctored: sum/result.json is not what it was" in graded().grades[0].remarks[0]
    forged(path, lambda _members: None)
    (one,) = graded().grades
    assert (one.state, one.points) == ("doubtful", 0)
    assert "sum is said to be done, but its own evidence says ✗ sum" in one.remarks[0]


def test_a_member_that_was_added_is_doctored(handed_in, graded):
    path = handed_in("Ada")
    altered(path, lambda members: members.update({"sum/evidence-0/call.json": b"{}"}))
    assert "doctored: sum/evidence-0/call.json was added" in graded().grades[0].remarks[0]


def test_results_without_any_evidence_are_doctored(handed_in, graded):
    path = handed_in("Ada")
    altered(path, lambda members: members.pop("sum/observation.json"))
    assert "sum/observation.json is gone" in graded().grades[0].remarks[0]
    forged(path, lambda _members: None)
    (one,) = graded().grades
    assert (one.state, one.points) == ("doubtful", 2)
    assert "nothing of it was handed in" in one.remarks[0]


def test_a_changed_capture_no_longer_bears_its_result_out(handed_in, graded):
    path = handed_in("Ada")

    def one_packet_less(members):
        for name in [each for each in members if each.endswith(".pcap.gz")]:
            packets = list(Capture.open(gzip.decompress(members[name])).packets())
            members[name] = gzip.compress(pcap_bytes(packets[:-200]))

    forged(path, one_packet_less)
    (one,) = graded().grades
    assert (one.state, one.points) == ("doubtful", 1)
    assert "call is said to be done" in one.remarks[0]


def test_a_file_that_bears_another_name_fits_its_owner(handed_in, graded, inbox):
    path = handed_in("Ada")
    forged(
        path,
        in_json(MANIFEST, lambda content: content.update(student="Bob")),
        into=inbox / "bob.zip",
    )
    by_student = {one.student: one for one in graded().grades}
    bob = by_student["Bob"]
    assert (bob.state, bob.points) == ("doubtful", 0)
    said = " ".join(bob.remarks)
    assert "sum is not this student's own: it fits Ada." in said
    assert "call is not this student's own: it fits Ada." in said
    assert "Identical with Ada's" in said
    assert "comes from the same sheet as Ada's" in said
    # Whose it really is can't be told: a teacher looks at both.
    assert by_student["Ada"].points == 3
    assert "Identical with Bob's (bob.zip)" in " ".join(by_student["Ada"].remarks)


def test_a_capture_that_comes_with_the_lab_is_everybodys(sheet_of, call_of, lab, inbox, graded):
    recorded = call_of(sheet_of("Ada").student)
    recorded.save(lab / "recorded")
    for name in ("Ada", "Bob"):
        with pytest.raises(AssertionError):
            sheet_of(name).check("call", {"call": recorded, "packets": 0})
        sheet_of(name).hand_in(inbox)
    assert [one.remarks for one in graded().grades] == [(), ()]


def test_something_seen_after_it_was_handed_in(handed_in, graded):
    path = handed_in("Ada")
    forged(
        path, in_json("sum/observation.json", lambda c: c.update(at="2031-01-01T00:00:00+00:00"))
    )
    (one,) = graded().grades
    assert "sum was seen after it had been handed in" in one.remarks[-1]


def test_the_later_of_two_files_counts(done, inbox, graded):
    work = done("Ada")
    first = work.hand_in(inbox).path.rename(inbox / "first.zip")
    with pytest.raises(AssertionError):
        work.check("sum", 1)
    work.hand_in(inbox)
    by_file = {one.file: one for one in graded().grades}
    assert by_file.pop(first.name).state == "superseded"
    (last,) = by_file.values()
    assert (last.points, last.state) == (2, "graded")
    assert "first.zip" not in [line.rpartition(",")[2] for line in graded().csv().splitlines()]
    assert graded().csv().count("Ada,") == 1


def test_students_who_did_their_own_are_not_suspected(handed_in, graded):
    for name in ("Ada", "Bobby", "Charles"):
        handed_in(name)
    book = graded()
    assert [one.remarks for one in book.grades] == [()] * 3
    assert [one.student for one in book.grades] == ["Ada", "Bobby", "Charles"]


# The table


def test_no_cell_is_a_formula():
    grades = tuple(
        Grade(
            file=f"{start}file.zip",
            state="graded",
            student=f"{start}cmd|' /C calc'!A1",
            assignment="a",
            tasks=(TaskGrade(task="t", points=0.5, of=1),),
            remarks=(f"{start}1+1\n=2",),
        )
        for start in "=+-@\t\r"
    )
    rows = list(csv.reader(io.StringIO(Gradebook(grades).csv())))
    assert rows[0] == [
        "student", "assignment", "t", "total", "of", "state", "remarks", "file",
    ]  # fmt: skip
    assert len(rows) == 7
    for row in rows[1:]:
        assert row[2:5] == ["0.5", "0.5", "1"]
        for cell in (row[0], row[6], row[7]):
            assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))


def test_an_empty_folder_is_told_what_belongs_there(tmp_path, labs):
    for folder in (tmp_path / "none", labs):
        with pytest.raises(GradingError, match="Nothing that was handed in is in"):
            grade(folder, labs=labs)


def test_nothing_is_left_in_the_temporary_folder(handed_in, graded, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "place"))
    (tmp_path / "place").mkdir()
    handed_in("Ada")
    graded()
    assert list((tmp_path / "place").iterdir()) == []


def test_an_unpacked_submission_holds_what_was_seen(handed_in, tmp_path):
    submission = Submission.open(handed_in("Ada"), tmp_path / "unpacked")
    assert submission.student.who == "Ada"
    assert submission.observation("sum").seen == submission.student.number("sum", 10, 1_000_000)
    assert submission.result("sum").passed
    assert submission.observation("nothing") is None
    assert Path(submission.folder).is_dir()
