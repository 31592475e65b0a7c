"""What was looked at, whether it is as it should be, and where to look if it isn't."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing that was looked at.

    Attributes:
        name: what it is about, in a few words.
        passed: whether it is as it should be.
        expected: what should be, in words.
        found: what is, in words.
        where: where to look when it isn't: file and line, object and option, command.

    >>> check = Check(
    ...     name="contacts",
    ...     passed=False,
    ...     expected="at least 1",
    ...     found="0",
    ...     where="pjsip.conf, line 12",
    ... )
    >>> check.reason
    'expected at least 1, found 0; look at pjsip.conf, line 12'
    >>> print(check)
    ✗ contacts: expected at least 1, found 0; look at pjsip.conf, line 12
    """

    name: str
    passed: bool
    expected: str
    found: str
    where: str = ""

    @property
    def reason(self) -> str:
        """Why it passed or failed, in a sentence."""
        look = f"; look at {self.where}" if self.where and not self.passed else ""
        return f"expected {self.expected}, found {self.found}{look}"

    def __str__(self) -> str:
        return f"{'✓' if self.passed else '✗'} {self.name}: {self.reason}"


def require(checks: Iterable[Check]) -> None:
    """Let all checks pass, or say which did not.

    Args:
        checks: what was looked at.

    Raises:
        AssertionError: with the reason of each that failed.

    >>> require([Check(name="answer", passed=True, expected="42", found="42")])
    >>> require([Check(name="answer", passed=False, expected="42", found="41")])
    Traceback (most recent call last):
    AssertionError: ✗ answer: expected 42, found 41
    """
    failed = [str(check) for check in checks if not check.passed]
    if failed:
        raise AssertionError("\n".join(failed))
