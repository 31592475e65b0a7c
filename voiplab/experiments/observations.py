"""What was observed in a lab, as a table that can be kept."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from voiplab.errors import EvidenceError

if TYPE_CHECKING:
    import pandas as pd

OBSERVATIONS = "observations.csv"


@dataclass(frozen=True)
class Observations:
    """A table of what was observed; in a notebook it shows itself.

    Attributes:
        table: a row an observation.
        software: names and versions of what took part.
    """

    table: "pd.DataFrame"
    software: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, rows: Iterable[Mapping[str, Any]], software: Mapping[str, str]) -> "Observations":
        """Make the table.

        Args:
            rows: what was observed, by column.
            software: names and versions of what took part.

        >>> Observations.of([{"port": 5060}], {}).table.port.tolist()
        [5060]
        """
        import pandas as pd  # noqa: PLC0415 - heavy: loaded when there is a table

        return cls(pd.DataFrame(list(rows)), software)

    @classmethod
    def open(cls, folder: Path | str) -> "Observations":
        """Open observations that were saved.

        Raises:
            EvidenceError: when the folder holds none.
        """
        import pandas as pd  # noqa: PLC0415 - as above

        path = Path(folder) / OBSERVATIONS
        try:
            return cls(pd.read_csv(path))
        except (OSError, ValueError) as error:
            raise EvidenceError(
                f"{folder} holds no observations: {OBSERVATIONS} can't be read ({error}). "
                "Name a folder that Observations.save has written."
            ) from error

    def save(self, folder: Path | str) -> None:
        """Keep the table in a folder.

        Args:
            folder: where; it is made when it is needed.
        """
        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        self.table.to_csv(folder / OBSERVATIONS, index=False)

    def _repr_html_(self) -> str:
        return str(self.table.style.format(precision=2).hide(axis="index").to_html())
