"""A case of the test plan: what was to be, what was done, what was seen."""

import html
from enum import StrEnum
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from voiplab.check import Check
from voiplab.evidence import Evidence
from voiplab.grading.plan.restart import Restart


class Outcome(StrEnum):
    """What came of a case."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_RUN = "not run"


class Shown(StrEnum):
    """What of a call is worth being looked at."""

    CALL = "call"
    """Its messages, its quality, and what was heard of what was said."""
    LADDER = "ladder"
    """Its messages alone."""
    EAVESDROPPER = "eavesdropper"
    """What somebody who captures its packets makes of it."""


class Exhibit(BaseModel):
    """A call that a case rests on.

    Attributes:
        title: which call it is, in a few words.
        folder: where its evidence lies.
        shown: what the report shows of it.
    """

    model_config = ConfigDict(frozen=True)

    title: str
    folder: Path
    shown: Shown = Shown.CALL


class Case(BaseModel):
    """A case, carried out or not.

    Attributes:
        key: its name for programs, for example ``restart``.
        name: its name for people.
        initial_state: what is the case before.
        action: what is done.
        expected: what is to come of it.
        observed: what came of it, in sentences.
        checks: what was looked at, one thing after the other.
        exhibits: the calls that it rests on.
        restarts: the restarts of the PBX that it rests on.
        not_run: why it was not carried out; "" when it was.
        duration_s: how long it took, in seconds.
    """

    model_config = ConfigDict(frozen=True)

    key: str
    name: str
    initial_state: str
    action: str
    expected: str
    observed: tuple[str, ...] = ()
    checks: tuple[Check, ...] = ()
    exhibits: tuple[Exhibit, ...] = ()
    restarts: tuple[Restart, ...] = ()
    not_run: str = ""
    duration_s: float = 0.0

    @property
    def outcome(self) -> Outcome:
        """What came of it: what was not run, or looked at nothing, has not passed."""
        if self.not_run:
            return Outcome.NOT_RUN
        passed = bool(self.checks) and all(check.passed for check in self.checks)
        return Outcome.PASSED if passed else Outcome.FAILED

    @property
    def passed(self) -> bool:
        """Whether it was run, and all was as expected.

        >>> case = Case(key="calls", name="Calls", initial_state="", action="", expected="")
        >>> case.passed, case.model_copy(update={"not_run": "No phone."}).outcome.value
        (False, 'not run')
        """
        return self.outcome is Outcome.PASSED

    @property
    def failures(self) -> tuple[Check, ...]:
        """The checks that did not pass."""
        return tuple(check for check in self.checks if not check.passed)

    @property
    def summary(self) -> str:
        """What came of it, in a line."""
        if self.not_run:
            return self.not_run
        if self.passed:
            return f"{len(self.checks)} checks passed"
        if not self.checks:
            return "nothing was looked at"
        if len(self.failures) == 1:
            (failure,) = self.failures
            return f"{failure.name}: {failure.reason}"
        names = "; ".join(check.name for check in self.failures)
        return f"{len(self.failures)} of {len(self.checks)} checks failed: {names}"

    @property
    def calls(self) -> tuple[Evidence, ...]:
        """The evidence of the calls that it rests on.

        Raises:
            EvidenceError: when it can't be read.
        """
        return tuple(Evidence.open(exhibit.folder) for exhibit in self.exhibits)

    def __repr__(self) -> str:
        return f"<Case {self.key}: {self.outcome.value}>"

    def as_dict(self) -> dict[str, object]:
        """Return the case with keys that stay."""
        return {
            "key": self.key,
            "name": self.name,
            "outcome": self.outcome.value,
            "initial_state": self.initial_state,
            "action": self.action,
            "expected": self.expected,
            "observed": list(self.observed),
            "not_run": self.not_run,
            "checks": [
                {
                    "name": check.name,
                    "passed": check.passed,
                    "expected": check.expected,
                    "found": check.found,
                    "where": check.where,
                }
                for check in self.checks
            ],
            "evidence": [str(exhibit.folder) for exhibit in self.exhibits],
            "restarts": [restart.as_dict() for restart in self.restarts],
            "duration_s": round(self.duration_s, 3),
        }

    def _repr_html_(self) -> str:
        told = {
            "initial state": [self.initial_state],
            "action": [self.action],
            "expected": [self.expected],
            "observed": [self.not_run] if self.not_run else self.observed,
        }
        protocol = "".join(
            f"<tr>{_cell(name, heading=True)}{_cell(*sentences)}</tr>"
            for name, sentences in told.items()
        )
        checks = "".join(
            f"<tr>{_cell('✓' if check.passed else '✗')}{_cell(check.name)}"
            f"{_cell(check.expected)}{_cell(check.found)}</tr>"
            for check in self.checks
        )
        heads = "".join(_cell(name, heading=True) for name in ("", "check", "expected", "found"))
        return (
            f"<p><strong>{html.escape(self.name)}: {self.outcome.value}</strong></p>"
            f"<table><tbody>{protocol}</tbody></table>"
            f"<table><thead><tr>{heads}</tr></thead><tbody>{checks}</tbody></table>"
        )


def _cell(*sentences: str, heading: bool = False) -> str:
    tag = "th" if heading else "td"
    text = "<br>".join(html.escape(each) for each in sentences)
    return f'<{tag} style="text-align: left; vertical-align: top">{text}</{tag}>'
