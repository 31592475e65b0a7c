"""The codecs that can be decoded here, under one face."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from voiplab.packets import g711, opus
from voiplab.packets.sdp import Codec

Samples = npt.NDArray[np.float32]
Payloads = Sequence[bytes | None]


class Decoder(NamedTuple):
    """Decodes the packets of one codec.

    Attributes:
        rate_hz: how many samples make a second of what it gives.
        decode: takes what each packet carried, in their order, None for one that is missing;
            returns mono samples from -1 to 1 of all of them, and how many each packet gave.
        conceals: whether it gives sound in place of missing packets.
    """

    rate_hz: int
    decode: Callable[[Payloads], tuple[Samples, list[int]]]
    conceals: bool = False


KNOWN = {
    "PCMU": Codec("PCMU", 8000),
    "PCMA": Codec("PCMA", 8000),
    "G722": Codec("G722", 8000),
    "OPUS": Codec("opus", 48000, 2),
    "L16": Codec("L16", 44100),
}
"""The codecs that can be decoded here, by their name in capitals, as they are by default."""


def decoder_of(codec: Codec) -> Decoder | None:
    """Return what decodes a codec, or None when nothing here does.

    >>> samples, each = decoder_of(Codec("PCMU", 8000)).decode([bytes(160), None])
    >>> len(samples), each
    (160, [160, 0])
    >>> decoder_of(Codec("G729", 8000))
    """
    name = codec.name.upper()
    if name == "PCMU":
        return Decoder(codec.clock_rate_hz, partial(_g711, law=g711.MU_LAW))
    if name == "PCMA":
        return Decoder(codec.clock_rate_hz, partial(_g711, law=g711.A_LAW))
    if name == "G722":
        return Decoder(16000, _g722)
    if name == "OPUS":
        return Decoder(opus.RATE_HZ, opus.decode, conceals=True)
    if name == "L16":
        return Decoder(codec.clock_rate_hz, partial(_l16, channels=codec.channels))
    return None


def _g711(payloads: Payloads, law: Samples) -> tuple[Samples, list[int]]:
    sizes = [len(payload or b"") for payload in payloads]
    return g711.decode(b"".join(filter(None, payloads)), law), sizes


def _g722(payloads: Payloads) -> tuple[Samples, list[int]]:
    """Decode ITU-T G.722 at 64 kbit/s: two samples a byte; its state goes on past a loss."""
    from G722 import G722  # noqa: PLC0415 - only there for those who listen

    joined = b"".join(filter(None, payloads))
    linear = np.array(G722(16000, 64000).decode(joined), np.int16)
    return _normal(linear), [2 * len(payload or b"") for payload in payloads]


def _l16(payloads: Payloads, channels: int) -> tuple[Samples, list[int]]:
    """Decode linear samples of 16 bits in network byte order (RFC 3551, section 4.5.11)."""
    frame = 2 * channels
    whole = [payload[: len(payload) // frame * frame] if payload else b"" for payload in payloads]
    linear = np.frombuffer(b"".join(whole), ">i2").astype(np.int16).reshape(-1, channels)
    mono = _normal(linear).mean(axis=1)
    return mono.astype(np.float32), [len(each) // frame for each in whole]


def _normal(linear: npt.NDArray[np.int16]) -> Samples:
    normal: Samples = np.divide(linear, 32768, dtype=np.float32)
    return normal
