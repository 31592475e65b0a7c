"""Who does a lab, and what is theirs alone: numbers, names and secrets from a seed."""

import hashlib
import re
import string
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from voiplab.errors import GradingError

T = TypeVar("T")

_FIRST_EXTENSION = 2000
# Prime, so that every step visits each number once.
_EXTENSIONS = 5987
_SECRET_LETTERS = string.ascii_lowercase + string.digits
_SECRET_LENGTH = 16

# 43 of them, a prime number too.
_NAMES = (
    "Amina", "Anouk", "Arthur", "Bela", "Carmen", "Chloe", "Dario", "Diego", "Edith", "Elif",
    "Emil", "Fatou", "Felix", "Gita", "Hana", "Hugo", "Ines", "Ivan", "Jamal", "Jonas", "Kenji",
    "Kofi", "Lena", "Linh", "Louis", "Malik", "Marta", "Mei", "Naim", "Nora", "Olga", "Oscar",
    "Paula", "Pedro", "Rania", "Rosa", "Samir", "Sofia", "Tarek", "Uma", "Viktor", "Yara", "Zoe",
)  # fmt: skip


@dataclass(frozen=True)
class Student:
    """A student, whose extensions, names, secrets and numbers nobody else in the class has.

    They follow from the name by SHA-256 alone: the same on every machine and in every version of
    Python. Letter case and the amount of space don't count.

    Args:
        who: a name or a student number.

    Raises:
        GradingError: when it is empty.

    >>> ada = Student("Ada Lovelace")
    >>> ada.extension(0), ada.extension(1)
    ('4447', '5866')
    >>> ada.extension(0) == Student(" ada  LOVELACE").extension(0)
    True
    """

    who: str

    def __post_init__(self) -> None:
        who = " ".join(str(self.who).split())
        if not any(character.isalnum() for character in who):
            raise GradingError(
                f"{self.who!r} is nobody's name: give your own name or student number, as in "
                'Worksheet.open(student="Ada Lovelace").'
            )
        object.__setattr__(self, "who", who)

    def __str__(self) -> str:
        return self.who

    @cached_property
    def _seed(self) -> str:
        return unicodedata.normalize("NFKC", self.who).casefold()

    @property
    def key(self) -> str:
        """The student in a file's name: what can be kept of the name, and a few digits of its hash.

        >>> Student("Zoë d'Arc").key
        'zoe-d-arc-3849a1'
        """
        plain = unicodedata.normalize("NFKD", self._seed).encode("ascii", "ignore").decode()
        words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40]
        return "-".join(filter(None, [words, hashlib.sha256(self._seed.encode()).hexdigest()[:6]]))

    def extension(self, index: int = 0) -> str:
        """Return one of the student's extensions: four digits, each index another one.

        Args:
            index: which, from 0.
        """
        place = self._place("extension", index, _EXTENSIONS)
        return str(_FIRST_EXTENSION + place)

    def name(self, index: int = 0) -> str:
        """Return the first name of one of the student's users, each index another one.

        Args:
            index: which, from 0.

        >>> Student("Ada Lovelace").name(0)
        'Mei'
        """
        place = self._place("name", index % len(_NAMES), len(_NAMES))
        again = index // len(_NAMES)
        return _NAMES[place] + (f" {again + 1}" if again else "")

    def secret(self, index: int = 0) -> str:
        """Return a password for one of the student's users, to be typed into ``pjsip.conf``.

        It is no secret to who reads this page: it protects a lab on one's own machine, no more.

        Args:
            index: which, from 0.
        """
        rest, letters = self._number(f"secret {index}"), []
        for _ in range(_SECRET_LENGTH):
            rest, letter = divmod(rest, len(_SECRET_LETTERS))
            letters.append(_SECRET_LETTERS[letter])
        return "".join(letters)

    def number(self, key: str, low: int, high: int) -> int:
        """Return a number of the student's, the same each time.

        Args:
            key: what it is for; another key, another number.
            low: the least that it may be.
            high: the most.

        Raises:
            GradingError: when there is none between the two.

        >>> Student("Ada Lovelace").number("loss", 2, 6)
        3
        """
        if low > high:
            raise GradingError(f"No number is {low} or more and {high} or less: swap the two.")
        return low + self._number(f"number {key}") % (high - low + 1)

    def choice(self, key: str, options: Sequence[T]) -> T:
        """Return one of several, the same each time.

        Args:
            key: what it is for.
            options: at least one.
        """
        return options[self.number(key, 0, len(options) - 1)]

    def _place(self, kind: str, index: int, count: int) -> int:
        """Where a walk over ``count`` places is after ``index`` steps; none is visited twice."""
        if not 0 <= index < count:
            raise GradingError(f"There are {count} of them, from 0: {index} is none of these.")
        start = self._number(f"{kind} start")
        step = 1 + self._number(f"{kind} step") % (count - 1)
        return (start + index * step) % count

    def _number(self, key: str) -> int:
        return int.from_bytes(hashlib.sha256(f"{self._seed}\n{key}".encode()).digest())
