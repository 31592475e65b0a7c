"""A stream, as its receiver would have heard it."""

import io
from dataclasses import dataclass, field
from functools import cached_property
from html import escape
from os import PathLike
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from voiplab.errors import CaptureError
from voiplab.packets import playout
from voiplab.packets.concealment import Concealment
from voiplab.packets.decoder import KNOWN, Decoder, Samples, decoder_of
from voiplab.packets.jitter_buffer import JitterBuffer
from voiplab.packets.payload_types import is_speech
from voiplab.packets.payloads import Payloads, payloads_of
from voiplab.packets.player import player
from voiplab.packets.playout import Playout
from voiplab.packets.rendition import Rendition, counted
from voiplab.packets.sdp import Codec

if TYPE_CHECKING:
    import pandas as pd

    from voiplab.packets.stream import Stream

_ABLE = "PCMU, PCMA, G722, opus and L16"


@dataclass(frozen=True, eq=False)
class Sound:
    """What a stream's receiver heard, through a jitter buffer.

    Attributes:
        samples: mono, from -1 to 1.
        rate_hz: how many of them make a second.
        start_s: when the first of them was played, in seconds since 1970-01-01 UTC, by the
            capture's clock.
        codec: what the stream was decoded as.
        fates: what became of each packet.
        remarks: sentences about what the sound leaves out or had to guess.
        since_s: from when the times in `playout` count, in seconds since 1970-01-01 UTC.
    """

    samples: Samples = field(repr=False)
    rate_hz: int
    start_s: float
    codec: Codec
    fates: Playout = field(repr=False)
    remarks: tuple[str, ...] = ()
    since_s: float = 0.0
    _first_s: float = field(default=0.0, repr=False)

    @property
    def duration_s(self) -> float:
        """How long it lasts."""
        return len(self.samples) / self.rate_hz

    @property
    def played(self) -> int:
        """How many packets were played."""
        return self.fates.counts["played"]

    @property
    def late(self) -> int:
        """How many packets came after the moment when they were to be played."""
        return self.fates.counts["late"]

    @property
    def lost(self) -> int:
        """How many packets never came."""
        return self.fates.counts["lost"]

    @property
    def duplicated(self) -> int:
        """How many packets came that had come before."""
        return self.fates.counts["duplicate"]

    @property
    def buffering_ms(self) -> float:
        """How long the packets that were played had waited, on average; NaN without any."""
        return self.fates.buffering_ms

    @cached_property
    def playout(self) -> "pd.DataFrame":
        """What became of each packet, a row each, in the order of sending.

        Columns: time_s (when it came; for a lost one, when it would have), sequence (16 bit),
        delay_ms (how much longer its way took than the fastest packet's; NaN when lost),
        deadline_ms (how long it might have taken, to be played), fate ("played", "late", "lost",
        "duplicate").
        """
        return self.fates.table(self._first_s - self.since_s)

    @property
    def wav(self) -> bytes:
        """The sound as a WAV file of 16 bits."""
        import soundfile  # noqa: PLC0415 - heavy: loaded when sound is wanted

        file = io.BytesIO()
        soundfile.write(file, self._linear, self.rate_hz, format="WAV", subtype="PCM_16")
        return file.getvalue()

    def save(self, path: str | PathLike[str]) -> None:
        """Write the sound to a WAV file of 16 bits."""
        with open(path, "wb") as file:  # noqa: PTH123 - a path of any kind
            file.write(self.wav)

    def listen(self) -> Any:  # noqa: ANN401 - IPython's own type
        """Return a player for a notebook."""
        return player(self._linear, self.rate_hz)

    def __str__(self) -> str:
        """Say in a line what was heard and what was not."""
        came = self.played + self.late + self.lost
        missing = [f"{self.lost} lost"] if self.lost else []
        missing += [f"{self.late} too late"] if self.late else []
        missing += [f"{self.duplicated} came twice"] if self.duplicated else []
        waited = "" if not self.played else f"; each waited {self.buffering_ms:.0f} ms on average"
        return (
            f"{self.codec}, {self.duration_s:.1f} s: {self.played} of {came} packets played, "
            f"{', '.join(missing) or 'none lost or late'}{waited}."
        )

    def _repr_html_(self) -> str:
        lines = [f"<div>{escape(line)}</div>" for line in (str(self), *self.remarks)]
        return "".join([*lines, self.listen()._repr_html_()])

    @property
    def _linear(self) -> npt.NDArray[np.int16]:
        return (self.samples * 32768).round().clip(-32768, 32767).astype(np.int16)


def sound_of(
    stream: "Stream",
    buffer: JitterBuffer,
    *,
    codec: Codec | str | None = None,
    concealment: Concealment | None = None,
    since_s: float = 0.0,
) -> Sound:
    """Decode a stream.

    Args:
        stream: the stream.
        buffer: the receiver's jitter buffer.
        codec: what to decode it as, come what may; None for what it is.
        concealment: what is heard in place of a packet that is lost or late.
        since_s: from when times are counted, in seconds since 1970-01-01 UTC.

    Raises:
        CaptureError: when it is encrypted or unknown, or there is no decoder for it.
    """
    chosen, decoder = _chosen(stream, codec)
    packets = payloads_of(stream.reader, stream.key)
    kinds = {stream.payload_type: decoder}
    if codec is None:
        kinds |= _others(stream, decoder)
    speech = np.isin(packets.payload_type, list(kinds))
    fates = playout.play(packets, speech, chosen.clock_rate_hz, buffer)
    rendition = Rendition(packets, fates, kinds, decoder.rate_hz, chosen.clock_rate_hz)
    remarks = [*_remarks(stream, packets, speech, fates), *rendition.remarks]
    first_s = float(packets.time_s[fates.packet[0]]) if len(fates.packet) else since_s
    return Sound(
        samples=rendition.samples(concealment),
        rate_hz=decoder.rate_hz,
        start_s=first_s + rendition.start_s,
        codec=chosen,
        fates=fates,
        remarks=tuple(remarks),
        since_s=since_s,
        _first_s=first_s,
    )


def _chosen(stream: "Stream", forced: Codec | str | None) -> tuple[Codec, Decoder]:
    """Return what to decode a stream as, and with what."""
    where = f"The stream from {stream.key.src} to {stream.key.dst} can't be decoded because"
    if isinstance(forced, str):
        if forced.upper() not in KNOWN:
            raise CaptureError(f"There is no decoder for {forced!r} here: give one of {_ABLE}.")
        forced = KNOWN[forced.upper()]
    if stream.encrypted and forced is None:
        raise CaptureError(
            f"{where} it is encrypted (SRTP). "
            "To hear what an eavesdropper hears, say what to decode it as: codec='PCMU'."
        )
    codec = forced or stream.codec
    if codec is None:
        raise CaptureError(
            f"{where} nothing in the capture tells what its payload type {stream.payload_type} "
            "is. Capture the call from its INVITE on, or say what it is: codec='opus'."
        )
    decoder = decoder_of(codec)
    if decoder is None:
        raise CaptureError(f"{where} it is {codec}: there are decoders for {_ABLE} here.")
    return codec, decoder


def _others(stream: "Stream", main: Decoder) -> dict[int, Decoder]:
    """Return the decoders of other speech in the stream that sounds at the same rate."""
    found = {}
    for payload_type in stream.figures.payload_types:
        codec = stream.codec_of(payload_type)
        decoder = codec and decoder_of(codec)
        if codec and decoder and stream.codec:
            same_clock = codec.clock_rate_hz == stream.codec.clock_rate_hz
            if same_clock and decoder.rate_hz == main.rate_hz:
                found[int(payload_type)] = decoder
    return found


def _remarks(
    stream: "Stream", packets: Payloads, speech: npt.NDArray[np.bool_], fates: Playout
) -> list[str]:
    remarks = []
    for payload_type, count in zip(
        *np.unique(packets.payload_type[~speech], return_counts=True), strict=True
    ):
        codec = stream.codec_of(int(payload_type)) or f"payload type {payload_type}"
        why = "not decoded" if is_speech(stream.codecs, int(payload_type)) else "no speech"
        remarks.append(f"{counted(int(count))} of {codec}: {why}, silence there.")
    if fates.jumps:
        times = "once" if fates.jumps == 1 else f"{fates.jumps} times"
        remarks.append(
            f"The timestamps jumped {times}, against the time that passed: "
            "what came after is placed by when it came."
        )
    if fates.strays:
        remarks.append(f"{counted(fates.strays)} left out: no sequence number near theirs came.")
    return remarks
