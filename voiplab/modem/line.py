"""A line that sound is sent over: a codec, and a network that loses packets."""

import io
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from voiplab.errors import QualityError
from voiplab.packets.concealment import Concealment, repeat_after, repeat_before

Samples = npt.NDArray[np.float64]

_RATE_HZ = 8000
_PACKET_SAMPLES = 160  # 20 ms


class _Format(NamedTuple):
    """How libsndfile is asked for a codec."""

    container: str
    coding: str
    bits_per_s: int


_FORMATS: Final = {
    "linear": _Format("WAV", "PCM_16", 128_000),
    "PCMU": _Format("WAV", "ULAW", 64_000),
    "PCMA": _Format("WAV", "ALAW", 64_000),
    "G726-32": _Format("AU", "G721_32", 32_000),
    "GSM": _Format("WAV", "GSM610", 13_200),
    "opus": _Format("OGG", "OPUS", 12_000),
}
# libsndfile maps its compression level to 256 … 6 kbit/s a channel.
_OPUS_MOST, _OPUS_LEAST = 256_000, 6_000


@dataclass(frozen=True, kw_only=True)
class Line:
    """A line in one direction, as good as a line of its kind can be: nothing drifts or jitters.

    Attributes:
        codec: ``linear`` (16 bits), ``PCMU``, ``PCMA``, ``G726-32``, ``GSM`` (full rate) or
            ``opus`` (narrowband, 12 kbit/s).
        loss_pct: how many packets of 20 ms are lost, independently of each other, in per cent.
        concealment: what the receiver plays in the place of a lost one: ``silence``, ``repeat``
            (what was before, fading) or ``next`` (the packet after the gap twice).
        seed: what chance is drawn from.

    Raises:
        QualityError: when there is no such codec, or the loss is none.

    >>> tone = 0.5 * np.sin(2 * np.pi * 1000 * np.arange(8000) / 8000)
    >>> heard = Line(codec="PCMU").carry(tone)
    >>> len(heard), bool(np.abs(heard - tone).max() < 0.02)
    (8000, True)
    """

    codec: str = "PCMU"
    loss_pct: float = 0.0
    concealment: Concealment = "repeat"
    seed: int = 0

    def __post_init__(self) -> None:
        if self.codec not in _FORMATS:
            raise QualityError(
                f"There is no codec {self.codec!r} here; there are {', '.join(_FORMATS)}."
            )
        if not 0 <= self.loss_pct <= 100:  # noqa: PLR2004 - per cent
            raise QualityError(f"A loss lies between 0 and 100 %; not {self.loss_pct}.")

    @property
    def kbit_per_s(self) -> float:
        """What the codec takes, without headers, in kbit/s."""
        return _FORMATS[self.codec].bits_per_s / 1000

    def carry(self, samples: Samples) -> Samples:
        """Return what comes out of the line: as many samples.

        Args:
            samples: at 8 kHz, from -1 to 1.
        """
        decoded = self._through_codec(samples)[: len(samples)]
        heard = np.pad(decoded, (0, len(samples) - len(decoded))).astype(np.float32)
        packets = -(-len(heard) // _PACKET_SAMPLES)
        lost = np.random.default_rng(self.seed).random(packets) < self.loss_pct / 100
        _fill(heard, lost, self.concealment)
        return heard.astype(np.float64)

    def _through_codec(self, samples: Samples) -> Samples:
        import soundfile  # noqa: PLC0415 - heavy: loaded when sound is coded

        wanted, file = _FORMATS[self.codec], io.BytesIO()
        level = (_OPUS_MOST - wanted.bits_per_s) / (_OPUS_MOST - _OPUS_LEAST)
        extra = {"compression_level": level} if wanted.coding == "OPUS" else {}
        soundfile.write(
            file, samples, _RATE_HZ, format=wanted.container, subtype=wanted.coding, **extra
        )
        file.seek(0)
        return np.asarray(soundfile.read(file)[0], np.float64)


def _fill(
    samples: npt.NDArray[np.float32], lost: npt.NDArray[np.bool_], concealment: Concealment
) -> None:
    edges = np.flatnonzero(np.diff(np.concatenate([[False], lost, [False]]).astype(np.int8)))
    gaps = [
        (int(begin) * _PACKET_SAMPLES, min(int(end) * _PACKET_SAMPLES, len(samples)))
        for begin, end in zip(edges[::2], edges[1::2], strict=True)
    ]
    for begin, end in gaps:
        samples[begin:end] = 0
    if concealment == "repeat":
        repeat_before(samples, gaps, _RATE_HZ)
    elif concealment == "next":
        inside = [gap for gap in gaps if gap[1] + _PACKET_SAMPLES <= len(samples)]
        repeat_after(samples, inside, [_PACKET_SAMPLES] * len(inside))
