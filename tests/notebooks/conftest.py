"""What came of each lab's notebooks and broken states, shown as a table at the end."""

import pytest

from voiplab.installation import disks_by_hand

OUTCOME = "outcome"


@pytest.fixture(scope="session", autouse=True)
def disks(nothing_is_left_behind):  # noqa: ARG001 - which looks when this is done
    """Leave no copy of a disk: the broken states of lab 1 share them."""
    yield
    disks_by_hand().remove()


@pytest.fixture
def tell_outcome(record_property):
    """Say what came of a state of a lab, in words."""

    def tell(lab, state, words):
        record_property(OUTCOME, (lab, state, words))

    return tell


def pytest_terminal_summary(terminalreporter):
    outcomes = {}
    for report in terminalreporter.getreports("passed"):
        for name, value in report.user_properties:
            if name == OUTCOME:
                lab, state, words = value
                outcomes.setdefault(lab, {})[state] = words
    if not outcomes:
        return
    terminalreporter.section("labs: lab × state")
    wide = max(len(state) for states in outcomes.values() for state in states)
    for lab, states in sorted(outcomes.items()):
        terminalreporter.line(lab)
        for state, words in states.items():
            terminalreporter.line(f"  {state:<{wide}}  {words}")
