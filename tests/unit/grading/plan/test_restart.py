"""A restart in words, in checks and as a figure."""

import matplotlib.pyplot as plt
import pytest

from voiplab.grading.plan import CutOff, Manner, Restart, Return
from voiplab.grading.plan.figure import last_moment_s, plot_restart
from voiplab.grading.plan.notes import Notes
from voiplab.grading.plan.restarting import describe_restart, judge_restart

BACK = Return(extension="2001", registered_before_s=10.0, back_s=44.0)
TOLD = CutOff(extension="2001", silent_s=0.05, told_s=0.085, told="Connection reset by peer")
NOT_TOLD = CutOff(extension="2001", silent_s=-0.01, gave_up_s=3.9)


def judged(restart, patience_s=120):
    notes = Notes()
    judge_restart(restart, patience_s, notes)
    return {check.name: check for check in notes.checks}


def clean(**fields):
    parts = {"manner": Manner.CLEAN, "returns": (BACK,), "cut_off": (TOLD,)} | fields
    return Restart(up_s=1.4, **parts)


def test_all_is_well_when_phones_come_back_and_are_told():
    assert all(check.passed for check in judged(clean()).values())


@pytest.mark.parametrize(
    ("back", "found"),
    [
        (Return(extension="2001"), "not back"),
        (Return(extension="2001", refusal="403 Forbidden"), "refused: 403 Forbidden"),
        (Return(extension="2001", back_s=121.0), "after 121.0 s"),
    ],
)
def test_a_phone_that_does_not_come_back_in_time_fails(back, found):
    check = judged(clean(returns=(back,)))["clean: the phone of 2001 is back"]
    assert not check.passed
    assert check.found == found


def test_a_lab_without_phones_is_not_taken_for_one_whose_phones_are_back():
    checks = judged(clean(returns=()))
    assert not checks["clean: phones"].passed


def test_who_restarts_in_order_says_goodbye_and_who_is_killed_can_not():
    silent = clean(cut_off=(NOT_TOLD,))
    assert not judged(silent)["clean: the phones are told that their call is over"].passed
    killed = silent.model_copy(update={"manner": Manner.KILL})
    assert all(check.passed for check in judged(killed).values())


def test_what_was_measured_is_said_in_sentences():
    remembered = clean(remembered=("2001",), call_at_once="answered")
    first, second, third = describe_restart(remembered)
    assert "2001 after 44.0 s (54.0 s after its last time)" in first
    assert second.endswith("as registered; a call made at once is answered.")
    assert third == (
        "The call in progress: 2001 hears the last packet after 50 ms and is told after 85 ms."
    )
    _, lost, cut = describe_restart(
        clean(manner=Manner.KILL, call_at_once="refused with 480", cut_off=(NOT_TOLD,))
    )
    assert "no longer knows" in lost
    assert "hears the last packet 10 ms before, is told nothing, and still shows the call" in cut


def test_the_figure_reaches_to_the_last_moment_and_marks_each_return():
    killed = clean(manner=Manner.KILL, cut_off=(NOT_TOLD,), returns=(BACK, Return(extension="2")))
    axes = plot_restart(killed)
    marks = [line.get_xdata()[0] for line in axes.lines if line.get_marker() == "D"]
    assert marks == [44.0]
    assert axes.get_xlim()[1] == last_moment_s(killed) > 44
    assert [label.get_text() for label in axes.get_yticklabels()] == [
        "Asterisk",
        "phone 2001",
        "phone 2",
    ]
    assert "not registered again: no answer" in [text.get_text() for text in axes.texts]
    plt.close(axes.figure)
