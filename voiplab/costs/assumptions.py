"""All that the model takes from outside, in one table."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from voiplab.costs.assumption import Assumption, Basis, Shape
from voiplab.costs.assumptions_html import assumptions_html
from voiplab.costs.scenario import Scenario
from voiplab.errors import CostError

if TYPE_CHECKING:
    import pandas as pd

_COLUMNS: Final = [field.name.replace("sources", "source") for field in fields(Assumption)]
_FIGURES: Final = ("low", "likely", "high")


class Assumptions(Mapping[str, Assumption]):
    """Prices and quantities by the names of their items.

    Args:
        all_of_them: in any order.
        links: the address of each source, by its key.

    Raises:
        CostError: when an item comes twice, or prices are in more than one currency.
    """

    def __init__(
        self, all_of_them: list[Assumption], links: Mapping[str, str] | None = None
    ) -> None:
        self._links = dict(links or {})
        self._by_item: dict[str, Assumption] = {}
        for each in all_of_them:
            if each.item in self._by_item:
                raise CostError(f"{each.item} comes twice in the table: keep one of them.")
            self._by_item[each.item] = each
        currencies = sorted({each.currency for each in all_of_them if each.is_price})
        if len(currencies) > 1:
            raise CostError(
                f"Prices in {' and '.join(currencies)} can't be added: convert them to one."
            )
        self._currency = "".join(currencies)

    @classmethod
    def read(cls, path: "str | Path", sources: "str | Path | None" = None) -> "Assumptions":
        """Read a table of prices and quantities.

        Args:
            path: a CSV file whose columns are the attributes of :class:`Assumption`, but `source`
                for its sources, several of them with spaces between; a price's unit may begin with
                its currency.
            sources: a CSV file with the key and the url of each source; None for the file
                ``sources.csv`` beside it.

        Raises:
            CostError: when a column or a figure is missing or wrong, or a source isn't known.
        """
        place = Path(path)
        links = _links(Path(sources) if sources else place.with_name("sources.csv"))
        with place.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            if reader.fieldnames is None or set(reader.fieldnames) != set(_COLUMNS):
                raise CostError(f"{place.name} has the columns {', '.join(_COLUMNS)}; mend it.")
            found = [_assumption(row, place.name, reader.line_num) for row in reader]
        for each in found:
            for source in each.sources:
                if source not in links:
                    raise CostError(f"{each.item}: the source {source!r} isn't in the sources.")
        return cls(found, links)

    def __getitem__(self, item: str) -> Assumption:
        return self._by_item[item]

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_item)

    def __len__(self) -> int:
        return len(self._by_item)

    @property
    def currency(self) -> str:
        """The one currency of all prices; empty when there is no price."""
        return self._currency

    @property
    def prices(self) -> "Assumptions":
        """Those that are money."""
        return self._only([each for each in self.values() if each.is_price])

    @property
    def quantities(self) -> "Assumptions":
        """Those that aren't."""
        return self._only([each for each in self.values() if not each.is_price])

    def fixed(self, figures: Mapping[str, float]) -> "Assumptions":
        """Return the same with some figures set by hand.

        Args:
            figures: by item.

        Raises:
            CostError: when there is no such item, or the figure can't be.
        """
        self.check(figures)
        return self._only(
            [
                each.fixed(figures[each.item]) if each.item in figures else each
                for each in self.values()
            ]
        )

    def likely(self) -> Scenario:
        """Return the one case in which each figure is the most likely one."""
        return Scenario(self, {each.item: np.array([each.likely]) for each in self.values()})

    def draw(self, cases: int, *, seed: int, shape: Shape = Shape.TRIANGLE) -> Scenario:
        """Return many cases, each figure drawn from its range, independently of the others.

        An item's figures depend on the seed and its name alone: what else is in the table changes
        nothing, and two designs are compared on the same cases.

        Args:
            cases: how many.
            seed: the same seed draws the same.
            shape: how likely the figures between low and high are.

        Raises:
            CostError: when there is to be no case.
        """
        if cases < 1:
            raise CostError(f"At least one case can be drawn; not {cases}.")
        return Scenario(
            self,
            {
                each.item: each.at(
                    np.random.default_rng([seed, *each.item.encode()]).random(cases), shape
                )
                for each in self.values()
            },
        )

    def check(self, items: "Mapping[str, object]") -> None:
        """Refuse items that aren't here.

        Raises:
            CostError: with the item that comes nearest.
        """
        for item in items:
            if item not in self._by_item:
                raise CostError(_unknown(item, list(self._by_item)))

    def frame(self) -> "pd.DataFrame":
        """Return a row an assumption, with the attributes of :class:`Assumption`."""
        import pandas as pd  # noqa: PLC0415 - heavy: loaded when a table is wanted

        rows = [
            [
                *(getattr(each, column) for column in _COLUMNS[:-2]),
                ", ".join(each.sources),
                each.basis.value,
            ]
            for each in self.values()
        ]
        return pd.DataFrame(rows, columns=_COLUMNS)

    def _repr_html_(self) -> str:
        return assumptions_html(self.values(), self._links)

    def _only(self, some: list[Assumption]) -> "Assumptions":
        return Assumptions(some, self._links)


def _unknown(item: str, items: list[str]) -> str:
    import difflib  # noqa: PLC0415 - only for a mistake

    near = difflib.get_close_matches(item, items, n=1, cutoff=0.4)
    return f"There is no assumption {item!r}" + (f"; {near[0]!r}?" if near else ".")


def _links(path: Path) -> dict[str, str]:
    with path.open(encoding="utf-8", newline="") as file:
        return {row["key"]: row["url"] for row in csv.DictReader(file)}


def _assumption(row: dict[str, str], name: str, line: int) -> Assumption:
    item = row["item"]
    try:
        low, likely, high = (float(row[figure]) for figure in _FIGURES)
    except ValueError:
        raise CostError(
            f"{name}, line {line}, {item}: low, likely and high are figures; "
            f"not {', '.join(repr(row[figure]) for figure in _FIGURES)}."
        ) from None
    try:
        basis = Basis(row["basis"])
    except ValueError:
        raise CostError(
            f"{name}, line {line}, {item}: a basis is {', '.join(Basis)}; not {row['basis']!r}."
        ) from None
    try:
        return Assumption(
            item=item,
            description=row["description"],
            low=low,
            likely=likely,
            high=high,
            currency=row["currency"],
            unit=row["unit"].removeprefix(f"{row['currency']} "),
            dated=row["dated"],
            sources=tuple(row["source"].split()),
            basis=basis,
        )
    except CostError as error:
        raise CostError(f"{name}, line {line}: {error}") from None
