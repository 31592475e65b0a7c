"""What can be asked of a call: of one that goes on, and of one that only its folder tells of."""

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, Protocol

from voiplab.evidence.direction import CallQuality
from voiplab.packets import Ladder
from voiplab.packets.player import player

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd
    from matplotlib.axes import Axes

    from voiplab.evidence.folder import Evidence

_SUCCESS = 2  # the first digit of a SIP status that grants what was asked (RFC 3261, section 7.2)


class HasExtension(Protocol):
    """Whoever has a number in the lab."""

    extension: str


class CallView(ABC):
    """A call's quality, ladder, charts and sounds, computed from its evidence and nothing else.

    A call of a running lab has it, and so has the evidence of a call that is long over: what is
    written for the one works with the other.
    """

    @property
    @abstractmethod
    def evidence(self) -> "Evidence":
        """What the call leaves behind: captures, recordings, events, CDR, configuration."""

    @property
    def quality(self) -> CallQuality:
        """The quality of each direction, as received by each phone."""
        return CallQuality(self.evidence.directions)

    @property
    def setup_ms(self) -> float | None:
        """From INVITE to its 200 OK on the caller's network, in milliseconds, or None."""
        caller = next(
            (leg for leg in self.evidence.record.legs if leg.capture and not leg.incoming), None
        )
        if caller is None:
            return None
        invite_s = None
        for seen in self.evidence.told_at(caller).signalling:
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
            "jitter_ms", "r", "mos", "scale"}], "evidence"}``; the scale is that of R and MOS,
            ``narrowband`` or ``wideband``
        """
        return {
            "setup_ms": self.setup_ms,
            "directions": [direction.as_dict() for direction in self.quality],
            "evidence": str(self.evidence.folder),
        }

    def ladder(self) -> Ladder:
        """Return the call's SIP messages in their order, with its media as bands."""
        return Ladder.of(self.evidence.told, names=self.evidence.names())

    def timelines(self) -> "dict[str, pd.DataFrame]":
        """Return how each direction fared, packet by packet, by its label.

        Returns:
            A row a packet: time_s (since the call was answered), jitter_ms (RFC 3550), lost
            (packets that are missing just before it).
        """
        import pandas as pd  # noqa: PLC0415 - heavy: loaded when a table is wanted

        evidence, lines = self.evidence, {}
        for leg, direction in zip(evidence.measured_legs, evidence.directions, strict=True):
            part = evidence.told_at(leg).received_by(leg.address)
            arrivals = [part.arrivals(row) for row in range(len(part.media))]
            if not arrivals:
                lines[direction.label] = pd.DataFrame(columns=["time_s", "jitter_ms", "lost"])
                continue
            line = pd.concat(arrivals).sort_values("time_s", ignore_index=True)
            line["time_s"] += part.start_s - self._answered_s(part.start_s)
            lines[direction.label] = line[["time_s", "jitter_ms", "lost"]]
        return lines

    def _answered_s(self, otherwise: float) -> float:
        for seen in self.evidence.told.signalling:
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

    def samples(
        self, user: str | HasExtension, kind: str = "heard"
    ) -> "tuple[npt.NDArray[np.float64], int]":
        """Return a recording of the call as numbers.

        Args:
            user: whose phone: a user, or an extension.
            kind: ``heard``: what came out of its loudspeaker; ``said``: what it was told to say.

        Returns:
            The samples (mono, from −1 to 1), and how many of them make a second.

        Raises:
            EvidenceError: when there is no such recording.
        """
        import soundfile  # noqa: PLC0415 - heavy: loaded when sound is wanted

        extension = user if isinstance(user, str) else user.extension
        samples, rate_hz = soundfile.read(self.evidence.recording(extension, kind))
        return samples, int(rate_hz)

    def listen(self, user: str | HasExtension, kind: str = "heard") -> Any:  # noqa: ANN401 - IPython's own type
        """Return a player for a recording of the call, for a notebook.

        Args:
            user: whose phone: a user, or an extension.
            kind: ``heard``: what came out of its loudspeaker; ``said``: what it was told to say.

        Raises:
            EvidenceError: when there is no such recording.
        """
        return player(*self.samples(user, kind))
