"""What came of each lab's notebooks and broken states, shown as a table at the end."""

import pytest

from voiplab.installation import disks_by_hand

OUTCOMES = pytest.StashKey[dict[str, dict[str, str]]]()


@pytest.fixture(scope="session", autouse=True)
def disks(nothing_is_left_behind):  # noqa: ARG001 - which looks when this is done
    """Leave no copy of a disk: the broken states of lab 1 share them."""
    yield
    disks_by_hand().remove()


@pytest.fixture(scope="session")
def outcomes(pytestconfig):
    """What came of each state of each lab, in words: by lab, by state."""
    return pytestconfig.stash.setdefault(OUTCOMES, {})


def pytest_terminal_summary(terminalreporter, config):
    outcomes = config.stash.get(OUTCOMES, {})
    if not outcomes:
        return
    terminalreporter.section("labs: lab × state")
    wide = max(len(state) for states in outcomes.values() for state in states)
    for lab, states in sorted(outcomes.items()):
        terminalreporter.line(lab)
        for state, words in states.items():
            terminalreporter.line(f"  {state:<{wide}}  {words}")
