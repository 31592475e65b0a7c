"""Where the time between mouth and ear goes."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from math import inf
from typing import TYPE_CHECKING, Final

from voiplab.errors import QualityError
from voiplab.quality.codec import find_codec

if TYPE_CHECKING:
    import pandas as pd

UNNOTICED_MS: Final = 150.0
"""Up to here most conversations don't notice the delay (ITU-T G.114, 05/2003, section 4)."""

UNACCEPTABLE_MS: Final = 400.0
"""Beyond this no network should be planned (ITU-T G.114, 05/2003, section 4)."""

PACKET_MS: Final = 20.0
"""What the lab's phones fill a packet with, and what their sound output holds, each."""

PHONE_BUFFER_MS: Final = 40.0
"""What the jitter buffer of the lab's phones holds: two packets (docker/phone/config)."""

PHONE_DELAY_MS: Final = PACKET_MS + PHONE_BUFFER_MS + PACKET_MS
"""From mouth to ear within two of the lab's phones, without the network between them."""


_SAMPLE_MS: Final = 0.125
_EXCHANGES_MS: Final = 3.0
_MS_PER_KM: Final = 0.004


class Basis(StrEnum):
    """What a figure rests on."""

    MEASURED = "measured"
    SET = "set"
    ASSUMED = "assumed"


@dataclass(frozen=True)
class Delay:
    """One part of a budget.

    Attributes:
        ms: how long it takes, in ms.
        basis: what that rests on.
        source: where it comes from: what was measured, which setting, which document.

    Raises:
        QualityError: when it takes less than no time, or for ever.
    """

    ms: float
    basis: Basis
    source: str

    def __post_init__(self) -> None:
        if not 0 <= self.ms < inf:
            raise QualityError(f"A delay is a finite number of ms, 0 or more; not {self.ms}.")

    @classmethod
    def measured(cls, ms: float, source: str) -> "Delay":
        """Return a delay that was measured.

        >>> Delay.measured(12.5, "captures at both phones, one clock").basis.value
        'measured'
        """
        return cls(ms, Basis.MEASURED, source)

    @classmethod
    def set(cls, ms: float, source: str) -> "Delay":
        """Return a delay that a setting makes.

        >>> Delay.set(40, "baresip: jitter_buffer_delay 2").ms
        40
        """
        return cls(ms, Basis.SET, source)

    @classmethod
    def assumed(cls, ms: float, source: str) -> "Delay":
        """Return a delay that nobody measured here.

        >>> Delay.assumed(20, "one period of the sound card").basis.value
        'assumed'
        """
        return cls(ms, Basis.ASSUMED, source)

    @classmethod
    def of_round_trip(cls, round_trip_ms: float) -> "Delay":
        """Return a network's delay one way, from RTCP's round trip.

        Half of it: that the way there takes as long as the way back is taken for granted.

        Source: RFC 3550, section 6.4.1 (LSR and DLSR).

        >>> Delay.of_round_trip(58).ms
        29.0
        """
        return cls(
            round_trip_ms / 2,
            Basis.MEASURED,
            "half of RTCP's round trip (RFC 3550, section 6.4.1), both ways taken for equal",
        )


@dataclass(frozen=True, kw_only=True)
class DelayBudget:
    """The way of speech from a mouth to an ear, part by part, in the order that speech goes.

    Attributes:
        capture: the sound card and its driver, before the codec gets the speech.
        packetisation: filling a packet with speech.
        look_ahead: speech that the codec must know beyond that, and its filters.
        network: from phone to phone.
        jitter_buffer: waiting for late packets.
        playout: the sound output.

    >>> budget = DelayBudget(
    ...     capture=Delay.assumed(0, "counted in the packet"),
    ...     packetisation=Delay.set(20, "ptime"),
    ...     look_ahead=Delay.assumed(0, "ITU-T G.711"),
    ...     network=Delay.of_round_trip(58),
    ...     jitter_buffer=Delay.set(40, "two packets"),
    ...     playout=Delay.assumed(20, "one period"),
    ... )
    >>> budget.total_ms, round(budget.share("network"), 2), budget.verdict
    (109.0, 0.27, 'not noticed in most conversations')
    """

    capture: Delay
    packetisation: Delay
    look_ahead: Delay
    network: Delay
    jitter_buffer: Delay
    playout: Delay

    @property
    def parts(self) -> Mapping[str, Delay]:
        """The parts by name, in the order that speech goes."""
        return {
            field.name.replace("_", " ").replace("look ahead", "look-ahead"): getattr(
                self, field.name
            )
            for field in fields(self)
        }

    @property
    def total_ms(self) -> float:
        """From mouth to ear, in ms: the E-model's Ta."""
        return float(sum(part.ms for part in self.parts.values()))

    @property
    def measured_ms(self) -> float:
        """How much of the total was measured, in ms."""
        return float(sum(part.ms for part in self.parts.values() if part.basis is Basis.MEASURED))

    @property
    def verdict(self) -> str:
        """What ITU-T G.114 (05/2003), section 4, makes of the total, in words."""
        if self.total_ms <= UNNOTICED_MS:
            return "not noticed in most conversations"
        if self.total_ms <= UNACCEPTABLE_MS:
            return "acceptable where its effect on conversations is known"
        return "unacceptable for planning"

    def share(self, part: str) -> float:
        """Return how much of the total a part takes: 0 to 1.

        Args:
            part: its name, as in `parts`.

        Raises:
            QualityError: when no part is called so.
        """
        if part not in self.parts:
            raise QualityError(f"There is no part {part!r}; there are {', '.join(self.parts)}.")
        return self.parts[part].ms / self.total_ms if self.total_ms else 0.0

    def frame(self) -> "pd.DataFrame":
        """Return a row a part: part, ms, share, basis, source."""
        import pandas as pd  # noqa: PLC0415 - heavy: loaded when a table is wanted

        rows = [
            (name, part.ms, self.share(name), part.basis.value, part.source)
            for name, part in self.parts.items()
        ]
        return pd.DataFrame(rows, columns=["part", "ms", "share", "basis", "source"])

    def _repr_html_(self) -> str:
        shown = self.frame().style.format({"ms": "{:.1f}", "share": "{:.0%}"}).hide(axis="index")
        return str(shown.to_html())


def delay_budget(  # noqa: PLR0913 - a budget has so many parts
    codec: str,
    *,
    network: Delay,
    jitter_buffer: Delay,
    playout: Delay,
    capture: Delay | None = None,
    ptime_ms: float = 20,
) -> DelayBudget:
    """Return the budget of a call whose codec and packets are known.

    A sound card that hands over a packet's worth of speech at a time adds nothing to the time of
    filling the packet: where `capture` is None, it is taken to be so.

    Args:
        codec: the name that SDP or Asterisk uses, such as ``PCMU``.
        network: from phone to phone.
        jitter_buffer: waiting for late packets.
        playout: the sound output.
        capture: what the sound card adds to filling a packet.
        ptime_ms: speech in a packet, in ms (SDP's ``a=ptime``).

    Raises:
        QualityError: when the codec's look-ahead isn't known.

    >>> budget = delay_budget(
    ...     "opus",
    ...     network=Delay.of_round_trip(100),
    ...     jitter_buffer=Delay.set(40, "two packets"),
    ...     playout=Delay.assumed(20, "one period"),
    ... )
    >>> budget.total_ms
    136.5
    """
    found = find_codec(codec)
    if found is None or found.framing is None:
        raise QualityError(
            f"The look-ahead of the codec {codec!r} isn't known here: make a DelayBudget of your "
            "own, with look_ahead=Delay.assumed(…)."
        )
    return DelayBudget(
        capture=capture or Delay.assumed(0, "the sound card hands over whole packets of speech"),
        packetisation=Delay.set(ptime_ms, "a=ptime (RFC 8866, section 6.4)"),
        look_ahead=Delay.assumed(found.framing.look_ahead_ms, found.framing.source),
        network=network,
        jitter_buffer=jitter_buffer,
        playout=playout,
    )


def circuit_budget(distance_km: float) -> DelayBudget:
    """Return the budget of a call over digital circuits and exchanges, from line to line.

    A circuit takes a sample when it is there: nothing is filled, and nothing waited for.

    Source: ITU-T G.114 (11/1988), section 2: what a national network that is digital throughout
    should not exceed, 3 ms and 4 µs a km.

    Args:
        distance_km: how far the two lines are apart.

    Raises:
        QualityError: when the distance is negative or without end.

    >>> circuit_budget(500).total_ms
    5.125
    """
    none = Delay.set(0, "a circuit has none")
    return DelayBudget(
        capture=none,
        packetisation=Delay.set(_SAMPLE_MS, "a sample at a time (ITU-T G.711: 8,000 a second)"),
        look_ahead=none,
        network=Delay.assumed(
            _EXCHANGES_MS + _MS_PER_KM * distance_km, f"ITU-T G.114 (11/1988), {distance_km:g} km"
        ),
        jitter_buffer=none,
        playout=none,
    )
