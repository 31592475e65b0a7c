"""A recording that stands in where no lab can run, and says so."""

import html
import os
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Protocol, TypeVar, cast

from voiplab.containers import Engine, image
from voiplab.errors import EngineError
from voiplab.evidence import Provenance
from voiplab.lab.lab import Lab
from voiplab.lab.recorder import LabRecorder

RECORD = "VOIPLAB_RECORD"
"""The environment variable that has live results saved as recordings; it holds the command."""


class Recordable(Protocol):
    """What can be saved in a folder, and opened from it again."""

    @property
    def software(self) -> Mapping[str, str]:
        """Names and versions of what took part."""

    def save(self, folder: Path) -> None:
        """Write it into a folder."""


Live = TypeVar("Live", bound=Recordable | Lab)
Recorded = TypeVar("Recorded")

LAB_IMAGES = ("asterisk", "phone", "network")


class Banner:
    """The announcement that what follows is a recording.

    Args:
        provenance: when and how it was made.
        reason: why there is no live lab, in a sentence.

    >>> from datetime import date
    >>> made = Provenance(recorded=date(2026, 11, 25), command="make notebooks")
    >>> print(Banner(made, "No container engine answers."))
    ======================================================================
    RECORDING OF 25 NOVEMBER 2026, NOT A LIVE LAB
    No container engine answers.
    What follows is computed from a recording made by: make notebooks
    ======================================================================
    """

    def __init__(self, provenance: Provenance, reason: str) -> None:
        self._title = f"Recording of {provenance.day}, not a live lab".upper()
        self._reason = reason
        self._command = provenance.command

    def __repr__(self) -> str:
        rule = "=" * 70
        return (
            f"{rule}\n{self._title}\n{self._reason}\n"
            f"What follows is computed from a recording made by: {self._command}\n{rule}"
        )

    def _repr_html_(self) -> str:
        return (
            '<div role="alert" style="border: 4px solid #D55E00; background: #FFF4E5; '
            'color: #1A1A1A; padding: 0.8em 1.2em; margin: 0.5em 0; max-width: 60em">'
            f'<div style="font-size: 1.7em; font-weight: bold">{html.escape(self._title)}</div>'
            f"<div>{html.escape(self._reason)}</div><div>What follows is computed from a recording "
            f"made by <code>{html.escape(self._command)}</code>.</div></div>"
        )


def live_or_recorded(
    live: Callable[[], Live],
    recorded: Callable[[Path], Recorded],
    folder: Path | str,
    *,
    images: Iterable[str] = LAB_IMAGES,
) -> Live | Recorded:
    """Do something in a live lab; where none can run, open a recording of it, and say so loudly.

    Only a missing engine or image lets the recording stand in. What fails in a lab that can run
    is an error, as everywhere. With the environment variable ``VOIPLAB_RECORD`` (which holds the
    command that was run), the recording is made anew; of a lab, once that is stopped.

    Args:
        live: does it, for example makes a call and returns its evidence, or starts a lab.
        recorded: opens a recording of the same, for example ``Evidence.open``; of a lab,
            ``RecordedLab.open``.
        folder: the recording's folder, which says when and how it was made.
        images: the container images that a live lab needs.

    Returns:
        What live returns, or what recorded does.

    Raises:
        EvidenceError: when the recording is needed, and missing or damaged.
    """
    reason = why_no_lab(images)
    folder = Path(folder)
    if reason is None:
        result = live()
        if command := os.environ.get(RECORD):
            keep = partial(_keep, folder=folder, command=command)
            if isinstance(result, Lab):
                # It is used as the lab that it records.
                return cast("Live", LabRecorder(result, keep))
            keep(result)
        return result
    from IPython.display import display  # noqa: PLC0415 - only where a recording is shown

    display(Banner(Provenance.read(folder), reason))  # type: ignore[no-untyped-call]
    return recorded(folder)


def _keep(result: Recordable, folder: Path, command: str) -> None:
    result.save(folder)
    today = datetime.now(UTC).date()
    Provenance(recorded=today, command=command, software=dict(result.software)).write(folder)


def why_no_lab(images: Iterable[str] = LAB_IMAGES) -> str | None:
    """Return why no lab can run here, in a sentence, or None when one can.

    Args:
        images: the container images that it needs.
    """
    try:
        engine = Engine.connect()
        try:
            for name in images:
                image(engine, name)
        finally:
            engine.close()
    except EngineError as error:
        return str(error)
    return None
