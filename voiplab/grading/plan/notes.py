"""What is written down while a case is carried out, so that nothing is lost when it breaks off."""

from dataclasses import dataclass, field
from pathlib import Path

from voiplab.check import Check
from voiplab.grading.plan.case import Exhibit, Shown
from voiplab.grading.plan.restart import Restart


@dataclass(slots=True)
class Notes:
    """What was seen so far.

    >>> notes = Notes()
    >>> notes.check("answer", "42", "41", passed=False)
    False
    >>> print(notes.checks[0])
    ✗ answer: expected 42, found 41
    """

    observed: list[str] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)
    exhibits: list[Exhibit] = field(default_factory=list)
    restarts: list[Restart] = field(default_factory=list)

    def observe(self, sentence: str) -> None:
        """Write down what was seen, in a sentence."""
        self.observed.append(sentence)

    def check(self, name: str, expected: str, found: str, *, passed: bool, where: str = "") -> bool:
        """Write down that something was looked at.

        Args:
            name: what, in a few words.
            expected: what should be.
            found: what is.
            passed: whether that is as it should be.
            where: where to look when it isn't.

        Returns:
            Whether it passed.
        """
        self.checks.append(
            Check(name=name, passed=passed, expected=expected, found=found, where=where)
        )
        return passed

    def add(self, *checks: Check) -> None:
        """Write down what somebody else has looked at."""
        self.checks.extend(checks)

    def exhibit(self, title: str, folder: Path, shown: Shown = Shown.CALL) -> None:
        """Keep a call's evidence."""
        self.exhibits.append(Exhibit(title=title, folder=folder, shown=shown))
