"""A plan of every outcome, resting on a call that was recorded for the course."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from voiplab.check import Check
from voiplab.grading.plan import (
    Case,
    CutOff,
    Exhibit,
    Manner,
    Restart,
    Return,
    Shown,
    TestPlan,
)

ONE_CALL = Path(__file__).parents[4] / "notebooks" / "data" / "one-call"


def case(key, **fields):
    words = {"initial_state": "It is so.", "action": "It is done.", "expected": "It comes."}
    return Case(key=key, name=f"The case {key}", **(words | fields))


def check(name, *, passed, found="that", where="there"):
    return Check(name=name, passed=passed, expected="this", found=found, where=where)


KILL = Restart(
    manner=Manner.KILL,
    up_s=0.7,
    remembered=("2001",),
    returns=(
        Return(extension="2001", registered_before_s=10.0, back_s=44.0),
        Return(extension="2002", registered_before_s=10.0, refusal="403 Forbidden"),
    ),
    cut_off=(
        CutOff(extension="2001", silent_s=0.02, told_s=0.08, told="Connection reset by peer"),
        CutOff(extension="2002", silent_s=0.02, gave_up_s=3.9),
    ),
    call_at_once="refused with 480",
)


@pytest.fixture
def plan():
    return TestPlan(
        lab="demo",
        security="sdes",
        started=datetime(2026, 11, 25, 4, 50, 29, tzinfo=UTC),
        duration_s=112.5,
        software={"asterisk": "22.10.1"},
        cases=(
            case(
                "calls",
                checks=(check("set-up", passed=True),),
                exhibits=(Exhibit(title="A calls B", folder=ONE_CALL),),
                observed=("It came.",),
                duration_s=17.5,
            ),
            case(
                "restart",
                checks=(
                    check("up", passed=True),
                    check("2002 <back>", passed=False, found="403 & \x07 Forbidden"),
                ),
                exhibits=(Exhibit(title="cut off", folder=ONE_CALL, shown=Shown.LADDER),),
                restarts=(KILL,),
                duration_s=95,
            ),
            case("encryption", not_run="It needs what failed before."),
        ),
    )
