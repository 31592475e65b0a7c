"""Where a recording comes from that is shown in place of a live lab."""

from datetime import date
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, ValidationError

from voiplab.errors import EvidenceError

FILE = "provenance.json"


class Provenance(BaseModel):
    """When, and by which command, a recording was made.

    Attributes:
        recorded: the day.
        command: what was run, from the project's folder.
        software: names and versions of what took part.
    """

    model_config = ConfigDict(frozen=True)

    recorded: date
    command: str
    software: dict[str, str] = {}

    @property
    def day(self) -> str:
        """The day in words.

        >>> Provenance(recorded=date(2026, 11, 5), command="make notebooks").day
        '5 November 2026'
        """
        return f"{self.recorded.day} {self.recorded:%B %Y}"

    def write(self, folder: Path) -> None:
        """Write the provenance into a recording's folder."""
        (folder / FILE).write_text(self.model_dump_json(indent=2) + "\n", encoding="utf-8")

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Read the provenance of a recording's folder.

        Raises:
            EvidenceError: when there is none, or it is damaged: what can't say when and how it
                was made may not stand in for a live lab.
        """
        path = folder / FILE
        try:
            return cls.model_validate_json(path.read_bytes())
        except OSError as error:
            raise EvidenceError(
                f"{path} can't be read: {error.strerror}. A recording needs it, to say when and "
                "by which command it was made. Make the recording again: make notebooks."
            ) from error
        except ValidationError as error:
            raise EvidenceError(
                f"{path} is damaged: {error.errors()[0]['msg']}. "
                "Make the recording again: make notebooks."
            ) from error
