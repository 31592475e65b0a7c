"""Hand-written files, tried out: what Asterisk, the phones and a call say to them."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from html import escape
from pathlib import Path
from typing import Any

from voiplab.config import Complaint, Complaints, read_files
from voiplab.errors import CallFailed, EvidenceError, VoipLabError
from voiplab.lab import Lab

FILE = "tried.json"
NO_ANSWER = "no answer"
REGISTERED = "registered"
ANSWERED = "answered"

_CALL_S = 1.0


@dataclass(frozen=True, kw_only=True)
class Tried:
    """What came of files that were written by hand; a notebook shows it as tables.

    Attributes:
        phones: what each user's phone was told when it registered: ``registered``, a SIP status
            such as ``403 Forbidden``, or ``no answer``.
        call: who called whom, and what came of it: ``answered``, or a SIP status; or "".
        complaints: what Asterisk complained about meanwhile.
        software: names and versions of what took part.
    """

    phones: Mapping[str, str]
    call: str
    complaints: Complaints
    software: Mapping[str, str] = field(repr=False)

    def save(self, folder: Path) -> None:
        """Keep it in a folder."""
        folder.mkdir(parents=True, exist_ok=True)
        kept = {
            "phones": dict(self.phones),
            "call": self.call,
            "complaints": [asdict(complaint) for complaint in self.complaints],
        }
        text = json.dumps(kept, indent=1, ensure_ascii=False)
        (folder / FILE).write_text(text + "\n", encoding="utf-8")

    @classmethod
    def open(cls, folder: Path | str) -> "Tried":
        """Open what was saved.

        Raises:
            EvidenceError: when the folder holds nothing of the kind.
        """
        path = Path(folder) / FILE
        try:
            kept: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
            complaints = Complaints(Complaint(**each) for each in kept["complaints"])
            return cls(phones=kept["phones"], call=kept["call"], complaints=complaints, software={})
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise EvidenceError(
                f"{path} is missing or damaged ({error}): name a folder that Tried.save has "
                "written."
            ) from error

    def __str__(self) -> str:
        phones = ", ".join(f"{name}: {told}" for name, told in self.phones.items()) or "no phones"
        return "\n".join(filter(None, [f"Phones: {phones}", self.call, str(self.complaints)]))

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><td>{escape(name)}</td><td style='text-align: left'>{_mark(told)}</td></tr>"
            for name, told in self.phones.items()
        )
        phones = (
            "<table><thead><tr><th>phone</th><th style='text-align: left'>is told</th></tr>"
            f"</thead><tbody>{rows}</tbody></table>"
            if rows
            else "<p>There are no users, and so no phones.</p>"
        )
        call = f"<p>{_mark(self.call)}</p>" if self.call else ""
        return f"{phones}{call}{self.complaints._repr_html_()}"


def _mark(said: str) -> str:
    good = said.endswith((REGISTERED, ANSWERED))
    return f"{'✓' if good else '✗'} {escape(said)}"


def try_files(
    configuration: Mapping[str, str] | Path | str, *, call: tuple[str, str] | None = None
) -> Tried:
    """Start a lab on hand-written files, let the phones register, and let one call another.

    Args:
        configuration: a folder, or texts by file name, as for :class:`voiplab.Lab`.
        call: the user who calls, and the number that is dialled; nobody calls without it.

    Returns:
        What came of it.

    Raises:
        ConfigError: when the files can't be taken.
        EngineError: when no lab can run here.
    """
    files = read_files(configuration)
    with Lab(configuration=files) as lab:
        phones = {
            extension: REGISTERED if phone.registered else phone.refusal or NO_ANSWER
            for extension, phone in sorted(lab.phones.items())
        }
        said = _called(lab, phones, *call) if call else ""
        return Tried(phones=phones, call=said, complaints=lab.complaints(), software=lab.software())


def _called(lab: Lab, phones: Mapping[str, str], caller: str, number: str) -> str:
    begun = f"{caller} calls {number}: "
    if phones.get(caller, NO_ANSWER) == NO_ANSWER:
        return f"{begun}{NO_ANSWER}"
    try:
        call = lab.phones[caller].call(number, answered_within_s=10)
        call.wait(_CALL_S)
        call.hang_up()
    except CallFailed:
        leg = lab.calls[-1].leg
        return f"{begun}{leg.reason or leg.status or NO_ANSWER}"
    except VoipLabError as error:
        return f"{begun}{error}"
    return f"{begun}{ANSWERED}"
