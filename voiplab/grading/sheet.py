"""Whose a sheet is, as its folder says."""

import json
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

from voiplab.grading.student import Student

FILE = "sheet.json"


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """Whose a sheet is.

    Attributes:
        student: the name or number under which it was opened.
        token: random digits: two students' sheets never have the same, but a copied one has.
    """

    student: str
    token: str

    @classmethod
    def open(cls, folder: Path, student: Student) -> Self:
        """Read it from a folder; where there is none, make one."""
        found = cls.find(folder)
        if found is not None and Student(found.student).key == student.key:
            return found
        sheet = cls(student=student.who, token=secrets.token_hex(8))
        folder.mkdir(parents=True, exist_ok=True)
        (folder / FILE).write_text(json.dumps(asdict(sheet)) + "\n", encoding="utf-8")
        return sheet

    @classmethod
    def find(cls, folder: Path) -> Self | None:
        """Read it from a folder; None where there is none that can be read."""
        try:
            content = json.loads((folder / FILE).read_bytes())
            return cls(student=str(content["student"]), token=str(content["token"]))
        except (OSError, ValueError, KeyError, TypeError):
            return None
