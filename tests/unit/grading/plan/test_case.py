"""What has not been looked at has not passed."""

import pytest

from voiplab.check import Check
from voiplab.grading.plan import Case, Outcome

GOOD = Check(name="good", passed=True, expected="this", found="this")
BAD = Check(name="bad", passed=False, expected="this", found="that", where="there")
WORDS = {"key": "k", "name": "n", "initial_state": "", "action": "", "expected": ""}


@pytest.mark.parametrize(
    ("fields", "outcome"),
    [
        ({"checks": (GOOD,)}, Outcome.PASSED),
        ({"checks": (GOOD, BAD)}, Outcome.FAILED),
        ({}, Outcome.FAILED),
        ({"not_run": "no phone"}, Outcome.NOT_RUN),
        ({"checks": (GOOD,), "not_run": "no phone"}, Outcome.NOT_RUN),
    ],
)
def test_the_outcome_follows_from_what_was_looked_at(fields, outcome):
    case = Case(**WORDS, **fields)
    assert case.outcome is outcome
    assert case.passed is (outcome is Outcome.PASSED)


def test_the_summary_of_several_failures_names_them():
    worse = Check(name="worse", passed=False, expected="this", found="that")
    assert Case(**WORDS, checks=(GOOD, BAD, worse)).summary == "2 of 3 checks failed: bad; worse"


def test_the_summary_of_a_failure_says_what_was_found_and_where_to_look():
    summary = Case(**WORDS, checks=(GOOD, BAD)).summary
    assert summary == "bad: expected this, found that; look at there"
