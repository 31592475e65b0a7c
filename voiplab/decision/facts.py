"""What is known of each solution, each with its source and date."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from voiplab.errors import DecisionError

if TYPE_CHECKING:
    import pandas as pd

NO_DATE = "n.d."
"""What stands for the year of a document that tells none."""


@dataclass(frozen=True)
class Fact:
    """One thing that is known of one solution.

    Attributes:
        solution: of which.
        field: what it is about, such as ``licence``.
        value: in a few words.
        dated: the date of the document that says so: YYYY, YYYY-MM or YYYY-MM-DD; "" when it
            has none.
        source: the key of that document among the course's sources.
    """

    solution: str
    field: str
    value: str
    dated: str
    source: str


@dataclass(frozen=True)
class Facts:
    """Facts of several solutions.

    Attributes:
        facts: in the order of their file.
    """

    facts: tuple[Fact, ...]

    def __repr__(self) -> str:
        return f"<{len(self.facts)} facts of {len(self.solutions)} solutions>"

    @classmethod
    def read(cls, path: Path | str) -> "Facts":
        """Read facts from a CSV file.

        Args:
            path: a file with the columns ``solution``, ``field``, ``value``, ``dated`` and
                ``source``.

        Raises:
            DecisionError: when the file is missing, has other columns, or tells one thing twice.
        """
        try:
            with Path(path).open(encoding="utf-8", newline="") as file:
                facts = tuple(Fact(**row) for row in csv.DictReader(file))
        except (OSError, TypeError) as error:
            raise DecisionError(
                f"{path} holds no facts ({type(error).__name__}: {error}): it needs the columns "
                "solution, field, value, dated, source."
            ) from error
        seen: set[tuple[str, str]] = set()
        for each in facts:
            if (each.solution, each.field) in seen:
                raise DecisionError(f"{path} tells {each.solution}'s {each.field} twice.")
            seen.add((each.solution, each.field))
        return cls(facts)

    @property
    def solutions(self) -> tuple[str, ...]:
        """What there are facts of."""
        return tuple(dict.fromkeys(each.solution for each in self.facts))

    @property
    def fields(self) -> tuple[str, ...]:
        """What the facts are about."""
        return tuple(dict.fromkeys(each.field for each in self.facts))

    def of(self, solution: str, field: str) -> Fact:
        """Return one fact.

        Raises:
            DecisionError: when it isn't known.
        """
        for each in self.facts:
            if (each.solution, each.field) == (solution, field):
                return each
        raise DecisionError(f"Nothing is known of {solution}'s {field}.")

    def number(self, solution: str, field: str) -> float:
        """Return a fact that is a number.

        Raises:
            DecisionError: when it isn't known, or is no number.
        """
        fact = self.of(solution, field)
        try:
            return float(fact.value)
        except ValueError:
            raise DecisionError(f"{solution}'s {field} is no number: {fact.value!r}.") from None

    def compare(self, *fields: str, solutions: Iterable[str] = ()) -> "Comparison":
        """Return a table of some fields, each cell with its source and year.

        Args:
            fields: what to compare.
            solutions: which ones; by default those of which at least one of the fields is known.

        Raises:
            DecisionError: when nothing is known of a field.
        """
        unknown = [name for name in fields if name not in self.fields]
        if unknown:
            raise DecisionError(
                f"Nothing is known of {', '.join(unknown)}: there are {', '.join(self.fields)}."
            )
        wanted = tuple(solutions) or tuple(
            name
            for name in self.solutions
            if any(each.solution == name and each.field in fields for each in self.facts)
        )
        return Comparison(self, tuple(fields), wanted)


@dataclass(frozen=True)
class Comparison:
    """A table of facts that shows, in a notebook, each cell's year as a link to its source.

    Attributes:
        facts: what it takes them from.
        fields: its columns.
        solutions: its rows.
        turned: whether fields are its rows and solutions its columns instead.
    """

    facts: Facts
    fields: tuple[str, ...]
    solutions: tuple[str, ...]
    turned: bool = False

    def __repr__(self) -> str:
        return str(self.table().to_string())

    @property
    def T(self) -> "Comparison":  # noqa: N802 - as a data frame's
        """The same with rows and columns exchanged."""
        return replace(self, turned=not self.turned)

    def table(self) -> "pd.DataFrame":
        """Return the values alone, a row a solution; what isn't known is an em dash."""
        import pandas as pd  # noqa: PLC0415 - heavy: loaded when a table is wanted

        rows = {
            name: [
                found.value if (found := self._fact(name, field)) else "—" for field in self.fields
            ]
            for name in self.solutions
        }
        table = pd.DataFrame.from_dict(rows, orient="index", columns=list(self.fields))
        return table.T if self.turned else table

    def _fact(self, solution: str, field: str) -> Fact | None:
        try:
            return self.facts.of(solution, field)
        except DecisionError:
            return None

    def _repr_markdown_(self) -> str:
        cells = {
            (name, field): _cell(self._fact(name, field))
            for name in self.solutions
            for field in self.fields
        }
        if self.turned:
            heads, rows = (
                self.solutions,
                {field: [cells[name, field] for name in self.solutions] for field in self.fields},
            )
        else:
            heads, rows = (
                self.fields,
                {name: [cells[name, field] for field in self.fields] for name in self.solutions},
            )
        lines = [_line(["", *heads]), _line(["---"] * (len(heads) + 1))]
        lines += [_line([f"**{name}**", *row]) for name, row in rows.items()]
        return "\n".join(lines)


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(fact: Fact | None) -> str:
    if fact is None:
        return "—"
    value = fact.value.replace("|", "\\|")
    year = fact.dated.partition("-")[0]
    return f"{value} [{year or NO_DATE}](sources.ipynb#{fact.source})"
