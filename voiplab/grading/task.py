"""A task of a lab, and what its checks say of it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from types import UnionType
from typing import TYPE_CHECKING, Any

from voiplab.check import Check
from voiplab.errors import VoipLabError
from voiplab.grading.observation import glance
from voiplab.grading.student import Student

if TYPE_CHECKING:
    from voiplab.grading.worksheet import Worksheet

# What is seen is as various as the tasks are.
Judge = Callable[[Student, Any], Iterable[Check]]
Observe = Callable[[Student, Any], object]
Prepare = Callable[["Worksheet"], object]

_IN_WORDS = {
    int: "a whole number, such as 42",
    float: "a number, such as 4.2",
    str: 'text, such as "2001"',
    bool: "True or False",
    list: "a list, such as [1, 2]",
    dict: 'a dictionary, such as {"A": 1}',
}


def the_answer(_student: Student, given: object) -> object:
    """Observe what was given to the check, and nothing else."""
    return given


@dataclass(frozen=True, kw_only=True)
class Task:
    """A task of a lab.

    Attributes:
        name: what ``work.check`` calls it: lower-case letters, digits and hyphens.
        title: what it asks, in a line.
        judge: of what was observed, and of nothing else: it is asked again when the lab is gone.
        observe: what there is to see, of what is given to ``work.check``, as it is now: the
            answer itself, a call's evidence, or a snapshot of a running lab in numbers, text,
            lists and dictionaries.
        answer: the type of what is observed, where it has one; another one is told so.
        hints: the first is a nudge, the last nearly says it.
        prepare: brings about the state in which the task begins, and returns what its cells need.
        points: what it is worth, whole or not at all.
    """

    name: str
    title: str
    judge: Judge
    observe: Observe = the_answer
    answer: type | UnionType | None = None
    hints: tuple[str, ...] = ()
    prepare: Prepare | None = None
    points: float = 1

    def look(self, student: Student, given: object) -> object:
        """Observe, whatever was given.

        Args:
            student: whose lab it is.
            given: what was given to the check.

        Returns:
            What was seen, or the :class:`Check` that says why nothing could be.
        """
        if given is None or given is ...:
            return self.unanswered(f"the answer to {self.title!r}", "nothing yet")
        try:
            return self.observe(student, given)
        except NotImplementedError:
            return self.unanswered("your own lines", "NotImplementedError, which stands for them")
        except VoipLabError as error:
            return self.unanswered("a lab and calls that can be looked at", _sentence(error))

    def judged(self, student: Student, seen: object) -> tuple[Check, ...]:
        """Judge what was seen.

        Args:
            student: whose lab it is.
            seen: what was observed.

        Returns:
            At least one check. What can't be judged at all has not passed.
        """
        if wrong := self._wrong_type(seen):
            return (wrong,)
        try:
            checks = tuple(self.judge(student, seen))
        except VoipLabError as error:
            return (self.unanswered("what can be judged", _sentence(error)),)
        except Exception as error:  # noqa: BLE001 - of a wrong answer of any kind, or a forged one
            found = f"{glance(seen)} ({type(error).__name__}: {error})"
            return (self.unanswered("an answer of the kind that the task asks for", found),)
        return checks or (self.unanswered("something to judge", "nothing"),)

    def _wrong_type(self, seen: object) -> Check | None:
        wanted = self.answer
        if wanted is None:
            return None
        kinds = wanted.__args__ if isinstance(wanted, UnionType) else (wanted,)
        fitting = (*kinds, int) if float in kinds else kinds
        # To Python, True is a number as well.
        if type(seen) in fitting if isinstance(seen, bool) else isinstance(seen, fitting):
            return None
        words = " or ".join(_IN_WORDS.get(kind, f"a {kind.__name__}") for kind in kinds)
        return self.unanswered(words, f"{glance(seen)} ({type(seen).__name__})")

    @staticmethod
    def unanswered(expected: str, found: str) -> Check:
        """Return the check that fails where there is nothing to judge.

        Args:
            expected: what should have been given.
            found: what was.
        """
        return Check(
            name="answer",
            passed=False,
            expected=expected,
            found=found,
            where="the cell before this one",
        )


def _sentence(error: VoipLabError) -> str:
    return str(error).rstrip(".")
