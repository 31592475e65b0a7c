"""A call's evidence: a folder that can be opened long after the lab is gone."""

import csv
import io
import json
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from voiplab.errors import EvidenceError
from voiplab.evidence.direction import CallQuality, measure
from voiplab.evidence.record import CallRecord, LegRecord
from voiplab.packets import Capture, Ladder

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

EVENTS = "events.jsonl"
CDR = "cdr.csv"
CONFIGURATION = "configuration"

_SUCCESS = 2  # the first digit of a SIP status that grants what was asked (RFC 3261, section 7.2)


class Evidence:
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
    def quality(self) -> CallQuality:
        """The quality of each direction, as received by each phone."""
        return CallQuality(
            tuple(
                measure(self.capture_at(leg), leg.address, self._talks_to(leg), leg.user)
                for leg in self._measured()
            )
        )

    def _measured(self) -> list[LegRecord]:
        """The legs with a capture: first who hears the caller, so that directions read that way."""
        legs = [leg for leg in self.record.legs if leg.capture is not None]
        return sorted(legs, key=lambda leg: not leg.incoming)

    def _talks_to(self, leg: LegRecord) -> str:
        others = [other.user for other in self.record.legs if other.user != leg.user]
        if leg.user != self.record.caller:
            return self.record.caller
        return others[0] if others else self.record.called

    @property
    def setup_ms(self) -> float | None:
        """From INVITE to its 200 OK on the caller's network, in milliseconds, or None."""
        caller = next((leg for leg in self.record.legs if leg.capture and not leg.incoming), None)
        if caller is None:
            return None
        invite_s = None
        for seen in self.capture_at(caller).signalling:
            if seen.message.transaction_method != "INVITE":
                continue
            if invite_s is None:
                invite_s = seen.time_s
            if seen.message.status // 100 == _SUCCESS:
                return (seen.time_s - invite_s) * 1000
        return None

    def summary(self) -> dict[str, Any]:
        """Return the call in figures, with keys that stay.

        Returns:
            ``{"setup_ms", "directions": [{"from", "to", "codec", "packets", "lost", "loss_pct",
            "jitter_ms", "r", "mos"}], "evidence"}``
        """
        return {
            "setup_ms": self.setup_ms,
            "directions": [direction.as_dict() for direction in self.quality],
            "evidence": str(self.folder),
        }

    def names(self) -> dict[str, str]:
        """Return who is behind each IP address of the call."""
        names = {leg.address: f"phone {leg.user}" for leg in self.record.legs if leg.address}
        if self.record.pbx_address:
            names[self.record.pbx_address] = "Asterisk"
        return names

    def ladder(self) -> Ladder:
        """Return the call's SIP messages in their order, with its media as bands."""
        return Ladder.of(self.capture, names=self.names())

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

    def _text(self, name: str) -> str:
        try:
            return (self.folder / name).read_text(encoding="utf-8")
        except OSError as error:
            raise EvidenceError(
                f"{self.folder / name} can't be read: {error.strerror}. "
                "Was the folder copied whole?"
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

    def listen(self, user: str, kind: str = "heard") -> Any:  # noqa: ANN401 - IPython's own type
        """Return a player for a recording of the call, for a notebook.

        Args:
            user: whose phone, by extension.
            kind: as for :meth:`recording`.
        """
        import soundfile  # noqa: PLC0415 - heavy: loaded when sound is wanted
        from IPython.display import Audio  # noqa: PLC0415 - only there in notebooks

        samples, rate_hz = soundfile.read(self.recording(user, kind))
        # FLAC loses nothing and keeps a saved notebook small.
        squeezed = io.BytesIO()
        soundfile.write(squeezed, samples, rate_hz, format="FLAC")
        return Audio(data=squeezed.getvalue())  # type: ignore[no-untyped-call]

    def timelines(self) -> "dict[str, pd.DataFrame]":
        """Return how each direction fared, packet by packet, by its label.

        Returns:
            A row a packet: time_s (since the call was answered), jitter_ms (RFC 3550), lost
            (packets that are missing just before it).
        """
        import pandas as pd  # noqa: PLC0415 - as above

        lines = {}
        for leg, direction in zip(self._measured(), self.quality, strict=True):
            part = self.capture_at(leg).received_by(leg.address)
            arrivals = [part.arrivals(row) for row in range(len(part.media))]
            if not arrivals:
                lines[direction.label] = pd.DataFrame(columns=["time_s", "jitter_ms", "lost"])
                continue
            line = pd.concat(arrivals).sort_values("time_s", ignore_index=True)
            line["time_s"] += part.start_s - self._answered_s(part.start_s)
            lines[direction.label] = line[["time_s", "jitter_ms", "lost"]]
        return lines

    def _answered_s(self, otherwise: float) -> float:
        for seen in self.capture.signalling:
            answers = seen.message.status // 100 == _SUCCESS
            if answers and seen.message.transaction_method == "INVITE":
                return seen.time_s
        return otherwise

    def plot(self) -> "Axes":
        """Draw jitter and lost packets over time, each direction by itself."""
        from voiplab.plots import plot_jitter  # noqa: PLC0415 - matplotlib: loaded when drawn

        return plot_jitter(self.timelines())

    def plot_ladder(self) -> "Axes":
        """Draw the SIP ladder of the call."""
        from voiplab.plots import plot_ladder  # noqa: PLC0415 - as above

        return plot_ladder(self.ladder())

    def plot_mos(self) -> "Axes":
        """Draw each direction's MOS against the bands of user satisfaction."""
        from voiplab.plots import plot_mos  # noqa: PLC0415 - as above

        return plot_mos(self.quality.ratings())
