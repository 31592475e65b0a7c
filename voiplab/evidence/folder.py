"""A call's evidence: a folder that can be opened long after the lab is gone."""

import csv
import gzip
import io
import json
import shutil
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Self

from voiplab.errors import EvidenceError
from voiplab.evidence.direction import Direction, measure
from voiplab.evidence.loss_counts import loss_counts
from voiplab.evidence.pbx_signalling import is_sip_over_tls
from voiplab.evidence.record import CallRecord, LegRecord
from voiplab.evidence.view import CallView
from voiplab.impairment import truth_frame
from voiplab.packets import Capture, pcap_bytes

if TYPE_CHECKING:
    import pandas as pd

EVENTS = "events.jsonl"
CDR = "cdr.csv"
CONFIGURATION = "configuration"
SIGNALLING = "pbx-sip.pcap"


class Evidence(CallView):
    """What a call left behind, as it lies in its folder.

    Args:
        folder: where it lies.
        record: what ``call.json`` says.
    """

    def __init__(self, folder: Path, record: CallRecord) -> None:
        self.folder = folder
        self.record = record

    def __repr__(self) -> str:
        return f"<Evidence of {self.record.caller} → {self.record.called} in {self.folder}>"

    @classmethod
    def open(cls, folder: Path | str) -> Self:
        """Open the evidence of a call.

        Args:
            folder: a folder that a call has left under ``runs/``.

        Returns:
            The evidence; its files are read when they are asked for.

        Raises:
            EvidenceError: when the folder is not a call's evidence, or is damaged.
        """
        folder = Path(folder)
        return cls(folder, CallRecord.read(folder))

    def save(self, folder: Path | str) -> None:
        """Keep a copy, with its captures and recordings compressed; nothing of them is lost.

        Args:
            folder: where; what was there before goes.

        Raises:
            EvidenceError: when it can't be written.
        """
        folder = Path(folder)
        try:
            if folder.exists():
                shutil.rmtree(folder)
            shutil.copytree(self.folder, folder)
            legs = tuple(_compressed(folder, leg) for leg in self.record.legs)
        except OSError as error:
            raise EvidenceError(
                f"The evidence can't be saved to {folder}: {error}. "
                "Make room there, or choose another place."
            ) from error
        self.record.model_copy(update={"legs": legs}).write(folder)

    @property
    def evidence(self) -> "Evidence":
        """Itself: see :class:`CallView`."""
        return self

    @property
    def software(self) -> dict[str, str]:
        """Names and versions of what took part in the call."""
        return self.record.software

    @property
    def final(self) -> bool:
        """Whether the call was over when this was written."""
        return self.record.ended

    @cached_property
    def capture(self) -> Capture:
        """The packets of the call, as each phone's network carried them, merged by time."""
        files = [self.folder / leg.capture for leg in self.record.legs if leg.capture]
        if not files:
            raise EvidenceError(
                f"{self.folder} holds no capture. "
                + (" ".join(self.record.missing) or "Was it copied whole?")
            )
        return Capture.open(*files)

    def capture_at(self, leg: LegRecord) -> Capture:
        """The packets of the call at one phone.

        Args:
            leg: one of the record's legs.
        """
        if leg.capture is None:
            raise EvidenceError(f"{self.folder} holds no capture of phone {leg.user}.")
        return Capture.open(self.folder / leg.capture)

    @cached_property
    def told(self) -> Capture:
        """The packets of the call with SIP, as the PBX had it, in place of the TLS that hides it.

        Of a call in clear, it is what was captured.
        """
        if self.record.signalling is None:
            return self.capture
        speech = [self._speech(leg) for leg in self.record.legs if leg.capture]
        return Capture.open(*speech, self.folder / self.record.signalling)

    def told_at(self, leg: LegRecord) -> Capture:
        """The packets of the call at one phone, likewise.

        Args:
            leg: one of the record's legs.
        """
        if self.record.signalling is None or leg.transport != "tls":
            return self.capture_at(leg)
        signalling = self.folder / self.record.signalling
        return Capture.open(self._speech(leg), signalling).call(leg.call_id)

    def _speech(self, leg: LegRecord) -> bytes:
        packets = self.capture_at(leg).packets()
        return pcap_bytes(packet for packet in packets if not is_sip_over_tls(packet))

    @cached_property
    def directions(self) -> tuple[Direction, ...]:
        """The quality of each direction, as received by each phone of :attr:`measured_legs`."""
        return tuple(self._direction(leg, self.talks_to(leg)) for leg in self.measured_legs)

    def _direction(self, leg: LegRecord, sender: str) -> Direction:
        return measure(
            self.told_at(leg).received_by(leg.address).media,
            sender,
            leg.user,
            network_ms=self._delay_ms(sender, "outgoing") + self._delay_ms(leg.user, "incoming"),
        )

    def _delay_ms(self, user: str, direction: str) -> float:
        """Return what a phone's impaired network added to its speech's delay, in the mean."""
        truth = self.network_truth(user)
        speech = truth[
            (truth["direction"] == direction)
            & (truth["protocol"] == "rtp")
            & (truth["fate"] == "delivered")
        ]
        return float(speech["delay_ms"].mean()) if len(speech) else 0.0

    @property
    def measured_legs(self) -> list[LegRecord]:
        """The legs with a capture: first who hears the caller, so that directions read that way."""
        legs = [leg for leg in self.record.legs if leg.capture is not None]
        return sorted(legs, key=lambda leg: not leg.incoming)

    def talks_to(self, leg: LegRecord) -> str:
        """Return whom a phone of the call hears: an extension, or the number that was dialled."""
        others = [other.user for other in self.record.legs if other.user != leg.user]
        if leg.user != self.record.caller:
            return self.record.caller
        return others[0] if others else self.record.called

    def names(self) -> dict[str, str]:
        """Return who is behind each IP address of the call."""
        names = {leg.address: f"phone {leg.user}" for leg in self.record.legs if leg.address}
        if self.record.pbx_address:
            names[self.record.pbx_address] = "Asterisk"
        return names

    def events(self) -> "pd.DataFrame":
        """Return what the PBX reported during the call: a row an event."""
        import pandas as pd  # noqa: PLC0415 - heavy: loaded when a table is wanted

        lines = self._text(EVENTS).splitlines()
        return pd.DataFrame([json.loads(line) for line in lines])

    def cdr(self) -> "pd.DataFrame":
        """Return the PBX's call detail records of the call: a row a record."""
        import pandas as pd  # noqa: PLC0415 - as above

        return pd.DataFrame(list(csv.DictReader(io.StringIO(self._text(CDR)))))

    def configuration(self) -> dict[str, str]:
        """Return the PBX's configuration at that time by file name, without its secrets."""
        files = sorted((self.folder / CONFIGURATION).glob("*"))
        return {file.name: file.read_text(encoding="utf-8") for file in files}

    def network_truth(self, user: str) -> "pd.DataFrame":
        """Return what became of each packet on a phone's network during the call.

        Args:
            user: whose phone, by extension.

        Returns:
            A row a packet, as :meth:`voiplab.phones.AccessNetwork.truth` has it; none where that
            network was never impaired.
        """
        files = [leg.network for leg in self.record.legs if leg.user == user and leg.network]
        return truth_frame("".join(self._text(file) for file in files))

    def loss_counts(self, user: str) -> "pd.DataFrame":
        """Return the losses on a phone's network side by side: truth, capture, RTCP's report.

        Args:
            user: whose phone, by extension.

        Returns:
            A row an RTP stream: see :func:`voiplab.evidence.loss_counts.loss_counts`.
        """
        (leg,) = (leg for leg in self.record.legs if leg.user == user)
        return loss_counts(self.told_at(leg), self.network_truth(user), leg.address)

    def _text(self, name: str) -> str:
        try:
            content = (self.folder / name).read_bytes()
            return (gzip.decompress(content) if name.endswith(".gz") else content).decode()
        except (OSError, EOFError) as error:
            raise EvidenceError(
                f"{self.folder / name} can't be read: {error}. Was the folder copied whole?"
            ) from error

    def recording(self, user: str, kind: str = "heard") -> Path:
        """Return a recording of the call.

        Args:
            user: whose phone, by extension.
            kind: ``heard``: what came out of its loudspeaker; ``said``: what it was told to say.

        Returns:
            A WAV file.

        Raises:
            EvidenceError: when there is none.
        """
        for leg in self.record.legs:
            name = leg.heard if kind == "heard" else leg.said
            if leg.user == user and name is not None:
                return self.folder / name
        users = ", ".join(leg.user for leg in self.record.legs) or "nobody"
        raise EvidenceError(
            f"There is no recording of what {user} {kind} in {self.folder}: "
            f"{users} took part in the call."
        )


def _compressed(folder: Path, leg: LegRecord) -> LegRecord:
    """Compress a leg's packets and their fates (gzip) and recordings (FLAC)."""
    import soundfile  # noqa: PLC0415 - heavy: loaded when sound is wanted

    names: dict[str, str] = {}
    for kind, name in (("capture", leg.capture), ("network", leg.network)):
        if name is not None and not name.endswith(".gz"):
            names[kind] = f"{name}.gz"
            content = (folder / name).read_bytes()
            # Without a time in it, the same content gives the same file.
            (folder / names[kind]).write_bytes(gzip.compress(content, mtime=0))
            (folder / name).unlink()
    for kind, name in (("heard", leg.heard), ("said", leg.said)):
        if name is not None and name.endswith(".wav"):
            names[kind] = f"{Path(name).stem}.flac"
            samples, rate_hz = soundfile.read(folder / name, dtype="int16")
            soundfile.write(folder / names[kind], samples, rate_hz, subtype="PCM_16")
            (folder / name).unlink()
    return leg.model_copy(update=names)
