"""A measured figure, with the bound that it is held against."""

from dataclasses import asdict, dataclass
from statistics import median


@dataclass(frozen=True)
class Figure:
    """What a benchmark found.

    Attributes:
        name: what was measured.
        value: the median of the runs.
        bound: the most that it may be; None for a figure that is only told.
        unit: "×" for a ratio against the reference of the same run, else the unit.
        detail: how it was found, for the reader.
    """

    name: str
    value: float
    bound: float | None
    unit: str
    detail: str = ""

    @property
    def within(self) -> bool:
        """Whether the bound holds."""
        return self.bound is None or self.value <= self.bound

    def as_json(self) -> dict[str, float | str | None]:
        """Return value, bound and unit."""
        return {
            key: each for key, each in asdict(self).items() if key in {"value", "bound", "unit"}
        }

    def __str__(self) -> str:
        bound = "" if self.bound is None else f"  (at most {self.bound:g} {self.unit})"
        mark = "" if self.within else "  ← beyond its bound"
        return f"{self.name}: {self.value:.3g} {self.unit}{bound}{mark}\n    {self.detail}"


def ratio(ours: list[float], reference: list[float]) -> float:
    """Return the median of the ratios, pair by pair, of runs that took turns."""
    return median(a / b for a, b in zip(ours, reference, strict=True))


def spread(values: list[float], unit: str) -> str:
    """Tell median, least and most."""
    return f"{median(values):.3g} {unit} ({min(values):.3g} to {max(values):.3g})"
