"""What someone on the network makes of what one party said."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from html import escape
from typing import TYPE_CHECKING, Any

from voiplab.errors import CaptureError
from voiplab.packets import Capture, Codec, FixedBuffer
from voiplab.packets.player import player
from voiplab.packets.srtp import SrtpKey
from voiplab.quality import Listening, compare_speech
from voiplab.secrecy.randomness import Randomness

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd

    from voiplab.packets.stream import Stream

    Samples = npt.NDArray[np.floating[Any]]

UNDERSTOOD_ESTOI = 0.5
"""From which ESTOI on what was overheard counts as understood.

Midway between what was measured (tests/unit/secrecy/test_thresholds.py measures it again): a call
in clear has above 0.95; noise stays below 0.15, and other speech of the same kind below 0.40.
"""

UNDERSTOOD_CORRELATION = 0.6
"""From which correlation of the waveforms on it counts as understood.

Measured likewise: a call in clear has above 0.95, noise below 0.20, other speech below 0.45.
"""

LEAST_SPEECH_S = 1.0
"""How much speech it takes to tell."""

_SILENT = 1e-4  # of full scale: three steps of 16 bits
_QUIETEST = 8.5 / 2**15  # A-law has no zero: its least is 8 (ITU-T G.711, table 1a)
# Who listens later has all the time in the world.
_PATIENCE = FixedBuffer(delay_ms=2000)
_BYTE_A_TICK = {"PCMU", "PCMA", "G722"}
# RFC 3711, RFC 4568, RFC 7714: HMAC-SHA1 cut to 32 or 80 bits, GCM's 128.
TAG_BYTES = (4, 10, 16)


@dataclass(frozen=True, eq=False, repr=False)
class Overheard:
    """What an eavesdropper who knows the codec has recovered of one stream.

    Attributes:
        stream: which.
        samples: mono, from -1 to 1.
        rate_hz: how many of them make a second.
        codec: what it was decoded as.
        key: the key that was read in clear and opened it, or None.
        said: what was really said there, with its rate; None where nobody knows.
        speaker: who said it, by extension; "" where nobody knows.
        at: on the network of whose phone it was overheard, likewise.

    In a notebook it shows itself with a player: beware, of an encrypted call it is loud noise.
    """

    stream: "Stream"
    samples: "Samples"
    rate_hz: int
    codec: Codec
    key: SrtpKey | None = None
    said: "tuple[Samples, int] | None" = None
    speaker: str = ""
    at: str = ""

    @property
    def duration_s(self) -> float:
        """How long it lasts, in seconds."""
        return len(self.samples) / self.rate_hz

    @cached_property
    def _payloads(self) -> list[bytes]:
        from voiplab.packets.payloads import payloads_of  # noqa: PLC0415 - loads numpy

        return payloads_of(self.stream.reader, self.stream.key).payload

    @cached_property
    def in_clear(self) -> tuple[bytes, ...]:
        """The payloads without SRTP's tag in a stream whose others have one.

        baresip 1.1 may send its first packet before it has its keys; the PBX refuses it.
        """
        tag = self.tag_bytes
        if tag not in TAG_BYTES:
            return ()
        sizes = [len(each) for each in self._payloads]
        untagged = max(set(sizes), key=sizes.count) - tag
        return tuple(each for each in self._payloads if len(each) == untagged)

    @property
    def leaked(self) -> bool:
        """Whether a packet in clear among encrypted ones holds any sound."""
        import numpy as np  # noqa: PLC0415 - heavy: loaded when sound is wanted

        from voiplab.packets.decoder import decoder_of  # noqa: PLC0415 - as above

        decoder = decoder_of(self.codec)
        if decoder is None or not self.in_clear:
            return bool(self.in_clear)
        samples, _ = decoder.decode(list(self.in_clear))
        return bool(np.abs(samples).max(initial=0) > _QUIETEST)

    @cached_property
    def payload(self) -> bytes:
        """What its packets carried, as they crossed the network, but for those in clear."""
        clear = set(self.in_clear)
        return b"".join(each for each in self._payloads if each not in clear)

    @cached_property
    def randomness(self) -> Randomness:
        """Whether these bytes look random."""
        return Randomness(self.payload)

    @cached_property
    def listening(self) -> Listening:
        """How it compares with what was said.

        Raises:
            CaptureError: when nobody knows what was said.
        """
        if self.said is None:
            raise CaptureError(
                "Nothing tells what was said in this stream: give eavesdrop() what was said."
            )
        samples, rate_hz = self.said
        return compare_speech(samples, self.samples, rate_hz, heard_rate_hz=self.rate_hz)

    @property
    def understood(self) -> bool | None:
        """Whether it is what was said; None where too little was said or came to tell."""
        if self.said is not None:
            samples, rate_hz = self.said
            meanwhile = samples[: int(self.duration_s * rate_hz)]
            if _spoken_s(meanwhile, rate_hz) < LEAST_SPEECH_S:
                return None
        found = self.listening
        # Noise may lie best beside the speech where both hardly overlap, and then has no ESTOI.
        return (found.estoi or 0.0) >= UNDERSTOOD_ESTOI or (
            found.correlation or 0.0
        ) >= UNDERSTOOD_CORRELATION

    @property
    def spoken_s(self) -> float:
        """How long somebody spoke, in seconds: what is within 40 dB of the loudest."""
        return 0.0 if self.said is None else _spoken_s(*self.said)

    @property
    def tag_bytes(self) -> int | None:
        """How much longer packets are than their sound: SRTP's tag; None where none can tell."""
        return tag_bytes(self.stream, self.codec)

    def player(self) -> Any:  # noqa: ANN401 - IPython's own type
        """Return a player for a notebook, at most as loud as speech."""
        import numpy as np  # noqa: PLC0415 - heavy: loaded when sound is wanted

        loudest = float(np.abs(self.samples).max(initial=0)) or 1.0
        # Noise that fills every moment is much louder than speech with the same peaks.
        effective = float(np.sqrt(np.mean(np.square(self.samples)))) if len(self.samples) else 1.0
        gain = min(0.5 / loudest, 0.05 / effective if effective else 1.0)
        return player(np.asarray(self.samples) * gain, self.rate_hz)

    def __repr__(self) -> str:
        return f"<Overheard {self}>"

    def __str__(self) -> str:
        key = self.stream.key
        how = f"decoded as {self.codec}"
        if self.key is not None:
            how = f"opened with a key that was sent in clear ({self.key.suite}), {how}"
        place = f"{key.src} → {key.dst}"
        if self.speaker:
            place = f"{self.speaker}'s speech at phone {self.at} ({place})"
        text = f"{place}: {self.duration_s:.1f} s, {how}"
        if self.said is None:
            return f"{text}."
        return f"{text}: {self.verdict}."

    @property
    def verdict(self) -> str:
        """In words and figures, whether it is what was said."""
        if not self.spoken_s:
            return "silence was said"
        found = self.listening
        words = {True: "understood", False: "not understood", None: "too little to tell"}
        figures = [
            f"{name} {value:.2f}"
            for name, value in (("ESTOI", found.estoi), ("correlation", found.correlation))
            if value is not None
        ]
        return (
            f"{words[self.understood]} ({', '.join(figures)})"
            if figures
            else words[self.understood]
        )

    def _repr_html_(self) -> str:
        return f"<p>{escape(str(self))}</p>{self.player()._repr_html_()}"


def eavesdrop(
    capture: Capture,
    which: "int | pd.Series[Any] | Stream" = 0,
    *,
    codec: Codec | str | None = None,
    said: "tuple[Samples, int] | None" = None,
) -> Overheard:
    """Recover a stream's sound from a capture alone, as someone on the network could.

    That is: decode it; what is encrypted too, as if it were not (its authentication tags, which
    come after the sound of each packet, are overwritten by the packet that follows); and where the
    capture holds a key that was sent in clear (SDES, RFC 4568), open it first.

    Args:
        capture: what crossed the network.
        which: a row of its `streams`, or the row's number.
        codec: what it is, where the capture does not tell: who eavesdrops may know.
        said: what was really said, and how many samples of it make a second, to compare with.

    Raises:
        CaptureError: when there is no such stream, or nothing here decodes it.

    >>> from voiplab.packets import pcap_bytes
    >>> eavesdrop(Capture.open(pcap_bytes([])))  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    voiplab.errors.CaptureError: There is no stream 0: this capture has 0. ...
    """
    stream = capture.stream(which)
    for key in keys_in_clear(capture):
        opened = _opened(capture, stream, key, codec, said)
        if opened is not None:
            return opened
    forced = codec or stream.codec
    sound = capture.sound(stream, _PATIENCE, codec=forced)
    return Overheard(stream, sound.samples, sound.rate_hz, sound.codec, said=said)


def keys_in_clear(capture: Capture) -> tuple[SrtpKey, ...]:
    """Return the keys of SRTP that anybody could read in a capture.

    Args:
        capture: what crossed the network.
    """
    found = (
        key for seen in capture.signalling if seen.message.sdp
        for key in SrtpKey.told_in(seen.message.sdp)
    )  # fmt: skip
    return tuple(dict.fromkeys(found))


def tag_bytes(stream: "Stream", codec: Codec | None = None) -> int | None:
    """Return how much longer a stream's packets are than the sound that they carry.

    Args:
        stream: of G.711 or G.722, a byte a tick of the clock; of other codecs none can tell.
        codec: what it is, where the stream does not tell.
    """
    import numpy as np  # noqa: PLC0415 - heavy: loaded when packets are looked at

    known = codec or stream.codec
    if known is None or known.name.upper() not in _BYTE_A_TICK:
        return None
    rows = stream.rows[stream.rows["payload_type"] == stream.payload_type]
    ticks = np.diff(rows["timestamp"].astype(np.int64))
    numbers = np.diff(rows["sequence"].astype(np.int64))
    excess = (rows["payload_bytes"].astype(np.int64)[:-1] - ticks)[numbers == 1]
    if not len(excess):
        return None
    values, counts = np.unique(excess, return_counts=True)
    return int(values[counts.argmax()])


def _spoken_s(samples: "Samples", rate_hz: int) -> float:
    import numpy as np  # noqa: PLC0415 - heavy: loaded when sound is compared

    size = max(1, rate_hz // 50)
    frames = np.asarray(samples[: len(samples) // size * size], np.float64).reshape(-1, size)
    energy = np.sum(np.square(frames), axis=1)
    least = max(float(energy.max(initial=0)) * 1e-4, size * _SILENT**2)
    return float(np.sum(energy > least) * size / rate_hz)


def _opened(
    capture: Capture,
    stream: "Stream",
    key: SrtpKey,
    codec: Codec | str | None,
    said: "tuple[Samples, int] | None",
) -> Overheard | None:
    """Open a stream with a key, or return None where it does not fit."""
    from voiplab.packets.decoder import KNOWN, decoder_of  # noqa: PLC0415 - loads numpy

    packets = key.decrypt(_datagrams(capture, stream))
    by_number = {packet.sequence_number: packet for packet in packets}
    known = KNOWN.get(codec.upper()) if isinstance(codec, str) else codec or stream.codec
    decoder = decoder_of(known) if known else None
    if not by_number or known is None or decoder is None:
        return None
    speech = [each for each in by_number.values() if each.payload_type == stream.payload_type]
    samples, _ = decoder.decode([each.payload for each in speech])
    return Overheard(stream, samples, decoder.rate_hz, known, key=key, said=said)


def _datagrams(capture: Capture, stream: "Stream") -> Iterator[bytes]:
    ssrc = stream.key.ssrc.to_bytes(4)
    for packet in capture.packets():
        ends = packet.source, packet.destination
        if ends == (stream.key.src, stream.key.dst) and packet.payload[8:12] == ssrc:
            yield packet.payload
