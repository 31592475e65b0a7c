"""What a check saw, kept so that it can be judged again without the lab."""

import json
import math
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Self

from voiplab.errors import EvidenceError, GradingError
from voiplab.evidence import CallView, Evidence

FILE = "observation.json"

_EVIDENCE = "$evidence"
_MOST_BYTES = 1_000_000
_GLANCE = 80


def glance(value: object) -> str:
    """A value as Python writes it, not longer than can be read at a glance.

    >>> glance("x" * 100)[-4:]
    'xxx…'
    """
    try:
        written = repr(value)
    except Exception:  # noqa: BLE001 - whatever a student's own __repr__ does
        written = f"<{type(value).__name__}>"
    return written if len(written) <= _GLANCE else f"{written[:_GLANCE]}…"


@dataclass(frozen=True, kw_only=True)
class Observation:
    """What was seen when a task was checked.

    Attributes:
        seen: numbers, text, truth values, None, lists and dictionaries of them; any of these
            may be a call's evidence.
        at: when.
    """

    seen: object
    at: datetime

    def keep(self, folder: Path) -> "Observation":
        """Write it into a folder, with copies of the evidence in it.

        Args:
            folder: where; what was there before goes.

        Returns:
            The observation as it is read back from there.

        Raises:
            GradingError: when it holds what can't be kept: see :func:`plain`.
        """
        anew = folder.with_name(f"{folder.name}.new")
        shutil.rmtree(anew, ignore_errors=True)
        anew.mkdir(parents=True)
        calls: list[Evidence] = []
        seen = _with_places(plain(self.seen), calls)
        content = json.dumps({"at": self.at.isoformat(), "seen": seen}, ensure_ascii=False)
        if len(content) > _MOST_BYTES:
            raise GradingError(
                f"The answer takes {len(content):,} characters: give the figures that were asked "
                "for, not all that they come from."
            )
        (anew / FILE).write_text(content + "\n", encoding="utf-8")
        for number, call in enumerate(calls):
            call.save(anew / _place(number))
        # The evidence may have been read from the folder that goes now.
        shutil.rmtree(folder, ignore_errors=True)
        anew.rename(folder)
        return self.read(folder)

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Read it from a folder.

        Raises:
            EvidenceError: when there is none, or it is damaged.
        """
        path = folder / FILE
        try:
            content = json.loads(path.read_bytes())
            at = datetime.fromisoformat(content["at"])
            seen = _with_evidence(content["seen"], folder)
        except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
            raise EvidenceError(
                f"{path.name} is missing or damaged ({type(error).__name__}): check the task anew."
            ) from error
        return cls(seen=seen, at=at)


def plain(value: object) -> Any:  # noqa: ANN401, PLR0911 - JSON, with evidence in it; a line a kind
    """Return a value in plain terms: what can be written as JSON, and calls' evidence.

    Args:
        value: a call becomes its evidence; numpy's numbers and arrays, and series, become
            Python's own; tuples and sets become lists, and keys text.

    Raises:
        GradingError: when it holds anything else, or a figure that is none.

    >>> plain({"ports": (4000, 4002), 486: True})
    {'ports': [4000, 4002], '486': True}
    """
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        if math.isfinite(value):
            return value
        raise GradingError(f"{value} is no figure: something was divided by nothing, or is empty.")
    if isinstance(value, CallView):
        return value.evidence
    if isinstance(value, Mapping):
        return {_key(key): plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    if isinstance(value, set | frozenset):
        return sorted((plain(each) for each in value), key=repr)
    if hasattr(value, "tolist"):
        return plain(value.tolist())
    raise GradingError(
        f"{glance(value)} is a {type(value).__name__}: give a number, text, a list or a dictionary "
        "of them, or a call."
    )


def _key(key: object) -> str:
    text = str(plain(key))
    if text.startswith("$"):
        raise GradingError(f"A key can't begin with $, as {glance(text)} does: choose another.")
    return text


def _place(number: int) -> str:
    return f"evidence-{number}"


def _with_places(value: Any, calls: list[Evidence]) -> Any:  # noqa: ANN401 - as above
    if isinstance(value, Evidence):
        calls.append(value)
        return {_EVIDENCE: len(calls) - 1}
    if isinstance(value, dict):
        return {key: _with_places(each, calls) for key, each in value.items()}
    if isinstance(value, list):
        return [_with_places(each, calls) for each in value]
    return value


def _with_evidence(value: Any, folder: Path) -> Any:  # noqa: ANN401 - as above
    if isinstance(value, dict):
        if value.keys() == {_EVIDENCE}:
            return Evidence.open(folder / _place(int(value[_EVIDENCE])))
        return {key: _with_evidence(each, folder) for key, each in value.items()}
    if isinstance(value, list):
        return [_with_evidence(each, folder) for each in value]
    return value
