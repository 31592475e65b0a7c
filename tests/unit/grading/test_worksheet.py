import json
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from voiplab.check import Check
from voiplab.errors import CheckFailed, GradingError, LabStopped
from voiplab.grading import Assignment, Observation, Student, Task, Worksheet


def own_sum(work):
    return work.student.number("sum", 10, 1_000_000)


def refused(work, name, given):
    with pytest.raises(CheckFailed) as refusal:
        work.check(name, given)
    return str(refusal.value)


def test_a_right_answer_passes_whatever_kind_of_number_it_is(sheet_of):
    work = sheet_of("Ada")
    for answer in (own_sum(work), np.int64(own_sum(work)), pd.Series([own_sum(work)])[0]):
        assert work.check("sum", answer).passed


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (1, "✗ sum: expected your own sum, found 1; look at the cell above"),
        ("1", "expected a whole number, such as 42, found '1' (str)"),
        (True, "found True (bool)"),
        (1.5, "found 1.5 (float)"),
        (None, "expected the answer to 'A sum', found nothing yet"),
        (..., "found nothing yet"),
        (float("inf"), "inf is no figure"),
        (pd.DataFrame({"a": [1]}), "is a DataFrame: give a number"),
        (["1"] * 200_000, "give the figures that were asked for"),
        (lambda: 1, "is a function"),
    ],
)
def test_what_is_wrong_with_an_answer_is_a_sentence(sheet_of, answer, sentence):
    assert sentence in refused(sheet_of("Ada"), "sum", answer)


def test_a_neighbours_answer_does_not_fit(sheet_of):
    refused(sheet_of("Bob"), "sum", own_sum(sheet_of("Ada")))


def test_an_unknown_task_is_told_the_nearest(sheet_of):
    with pytest.raises(GradingError, match=r"has no task 'sumn'.*Did you mean 'sum'\?"):
        sheet_of("Ada").check("sumn", 1)
    with pytest.raises(GradingError, match="there are: sum, call"):
        sheet_of("Ada").hint("zzz")


def test_a_notebook_shows_no_lines_of_code_of_what_failed(sheet_of):
    with pytest.raises(CheckFailed) as failed:
        sheet_of("Ada").check("sum", 1)
    assert failed.value._render_traceback_() == ["✗ A sum: not yet"]
    with pytest.raises(GradingError) as unknown:
        sheet_of("Ada").check("sumn", 1)
    assert " ".join(unknown.value._render_traceback_()) == str(unknown.value)


def sheet(tmp_path, **task):
    assignment = Assignment(
        name="t", title="T", tasks=(Task(name="t", title="T", **task),), version="1"
    )
    return Worksheet(assignment, Student("Ada"), tmp_path / "sheet")


def right(_student, seen):
    yield Check(name="seen", passed=seen == "right", expected="right", found=str(seen))


def test_what_is_looked_at_is_the_state_as_it_is_now(tmp_path):
    lab = SimpleNamespace(state="right")
    work = sheet(tmp_path, judge=right, observe=lambda _student, lab: lab.state)
    assert work.check("t", lab).passed
    lab.state = "wrong"
    assert "found wrong" in refused(work, "t", lab)
    # And what has passed before counts for nothing.
    assert work.progress().points == 0


def raising(error):
    def observe(_student, _given):
        raise error

    return observe


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (NotImplementedError(), "expected your own lines, found NotImplementedError"),
        (LabStopped("Lab 'x' is stopped: start a new one."), "found Lab 'x' is stopped: start a"),
    ],
)
def test_what_can_not_be_observed_is_a_sentence(tmp_path, error, sentence):
    work = sheet(tmp_path, judge=right, observe=raising(error))
    assert sentence in refused(work, "t", "anything")
    # Nothing was seen: nothing is kept that could be judged later.
    assert not (work.folder / "t" / "observation.json").exists()


def test_a_check_without_a_running_lab_says_so(tmp_path):
    work = sheet(tmp_path, judge=right, observe=lambda _student, lab: lab.state)
    with pytest.raises(CheckFailed, match="found nothing yet"):
        work.check("t")
    work.lab = SimpleNamespace(state="right", check_running=lambda: None, stop=lambda: None)
    assert work.check("t").passed
    work.lab.check_running = lambda: raising(LabStopped("stopped"))(0, 0)
    with pytest.raises(CheckFailed, match="found nothing yet"):
        work.check("t")


def test_a_judge_that_stumbles_over_an_answer_fails_it_with_a_sentence(tmp_path):
    work = sheet(tmp_path, judge=lambda _student, seen: right(_student, seen["state"]))
    assert "expected an answer of the kind that the task asks for, found 5" in refused(work, "t", 5)
    work = sheet(tmp_path, judge=lambda _student, _seen: ())
    assert "found nothing" in refused(work, "t", 5)


def test_hints_come_one_at_a_time_and_the_last_stays(sheet_of):
    said = [str(sheet_of("Ada").hint("sum")) for _ in range(3)]  # a new session each time
    assert said[:2] == ["Hint 1 of 2: Think.", "Hint 2 of 2: Add."]
    assert said[2] == "Hint 2 of 2, the last one, again: Add."
    assert "there is no hint" in str(sheet_of("Ada").hint("call"))
    assert str(sheet_of("Bob").hint("sum")).startswith("Hint 1")


def test_progress_is_kept_and_tells_old_results(sheet_of, lab):
    work = sheet_of("Ada")
    work.check("sum", own_sum(work))
    refused(work, "call", {"call": 1})
    states = [row.state for row in sheet_of("ada").progress().rows()]
    assert states == ["✓ done", "✗ not yet"]
    assert sheet_of("Ada").progress().points == 1
    (lab / "checks.py").write_text((lab / "checks.py").read_text() + "\n# another task\n")
    assert sheet_of("Ada").progress().rows()[0].state.startswith("○ check again")
    assert sheet_of("Ada").progress().points == 0
    assert [row.state for row in sheet_of("Bob").progress().rows()] == ["– not checked"] * 2


def test_a_task_can_be_reset_and_prepared(tmp_path, sheet_of):
    work = sheet_of("Ada")
    work.check("sum", own_sum(work))
    work.prepare("sum")
    assert work.progress().rows()[0].state == "– not checked"
    work = sheet(tmp_path, judge=right, prepare=lambda work: f"a lab for {work.student}")
    assert work.prepare("t") == "a lab for Ada"


def test_a_call_is_kept_with_what_was_said_of_it(sheet_of, call_of):
    work = sheet_of("Ada")
    call = call_of(work.student)
    packets = call.directions[0].packets
    assert work.check("call", {"call": call, "packets": packets}).passed
    kept = Observation.read(work.folder / "call").seen
    assert kept["packets"] == packets
    assert kept["call"].folder.parent == work.folder / "call"
    assert kept["call"].record.legs == call.record.legs
    # The kept copy can be checked again, though its folder makes way for it.
    assert work.check("call", kept).passed
    assert work.check("call", Observation.read(work.folder / "call").seen).passed


def test_results_and_progress_show_themselves_without_colour_alone(sheet_of):
    work = sheet_of("<b>Ada</b>")
    html = work.check("sum", own_sum(work))._repr_html_()
    assert "✓ done" in html
    refused(work, "sum", 5)
    html = work.progress().result(work.assignment["sum"])._repr_html_()
    assert "✗ not yet" in html
    assert "expected: your own sum" in html
    assert "look at: the cell above" in html
    assert "✗ not yet" in work.progress()._repr_html_()
    assert "✗ not yet" in repr(work.progress())


def test_markup_in_an_answer_stays_text(tmp_path):
    work = sheet(tmp_path, judge=right)
    refused(work, "t", "<script>alert(1)</script>")
    html = work.progress().result(work.assignment["t"])._repr_html_()
    assert "<script>" not in html


def test_a_damaged_sheet_is_begun_anew(sheet_of):
    work = sheet_of("Ada")
    work.check("sum", own_sum(work))
    for name in ("sheet.json", "hints.json", "sum/result.json"):
        (work.folder / name).write_text("{")
    work = sheet_of("Ada")
    assert work.progress().rows()[0].state == "– not checked"
    assert str(work.hint("sum")).startswith("Hint 1")
    assert json.loads((work.folder / "sheet.json").read_text())["student"] == "Ada"


def test_a_folder_without_checks_is_named(tmp_path):
    with pytest.raises(GradingError, match=r"has no checks\.py: open the notebook in its own"):
        Worksheet.open(student="Ada", folder=tmp_path)
    (tmp_path / "checks.py").write_text("ASSIGNMENT = 5\n")
    with pytest.raises(GradingError, match="defines no ASSIGNMENT"):
        Worksheet.open(student="Ada", folder=tmp_path)


def test_two_tasks_of_one_name_are_refused():
    task = Task(name="t", title="T", judge=right)
    with pytest.raises(GradingError, match="two tasks called 't'"):
        Assignment(name="x", title="X", tasks=(task, task))
    with pytest.raises(GradingError, match=r"can't be called '\.\./t'"):
        Assignment(name="x", title="X", tasks=(Task(name="../t", title="T", judge=right),))
