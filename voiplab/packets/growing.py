"""A capture that is still being written, read piece by piece."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from voiplab.errors import CaptureError
from voiplab.packets import pcap
from voiplab.packets.batch import Batch
from voiplab.packets.packet import Packet
from voiplab.packets.scan import Pass, StreamKey
from voiplab.packets.signalling import SeenMessage
from voiplab.packets.stream_statistics import RTP_ROW


class Piece(NamedTuple):
    """What a piece of a capture holds.

    Attributes:
        rows: a row an RTP packet (RTP_ROW); the number of its stream is its place in
            `GrowingCapture.streams`.
        messages: the SIP messages that it completes.
        rtcp: what may be RTCP.
        events: RTP packets that may be telephone events.
        last_s: when its last frame was seen, in seconds since 1970-01-01 UTC; NaN without one.
    """

    rows: npt.NDArray[np.void]
    messages: list[SeenMessage]
    rtcp: list[Packet]
    events: list[Packet]
    last_s: float

    def between(self, since_s: float, until_s: float) -> "Piece":
        """Return the part of it that was seen after a time and before another."""
        times_s = self.rows["time_s"]
        return Piece(
            rows=self.rows[(times_s > since_s) & (times_s < until_s)],
            messages=[each for each in self.messages if since_s < each.time_s < until_s],
            rtcp=[each for each in self.rtcp if since_s < each.time_s < until_s],
            events=[each for each in self.events if since_s < each.time_s < until_s],
            last_s=min(self.last_s, until_s),
        )


class GrowingCapture:
    """Reads a pcap file while it grows: each byte once, so that its length does not matter.

    >>> from voiplab.packets import pcap_bytes
    >>> len(GrowingCapture().take(pcap_bytes([])).rows)
    0
    """

    def __init__(self) -> None:
        self._pass = Pass()
        self._rest = b""
        self._header = b""

    @property
    def streams(self) -> list[StreamKey]:
        """What may be RTP streams, by their number."""
        return self._pass.keys

    def take(self, fresh: bytes) -> Piece:
        """Take what was written since the last time.

        Args:
            fresh: the file's next bytes, cut anywhere.

        Returns:
            What the frames hold that are whole by now.

        Raises:
            CaptureError: when this is no pcap file, or a damaged one.
        """
        data = self._rest + fresh
        if not self._header:
            if len(data) < pcap.FILE_HEADER_BYTES:
                self._rest = data
                return self._piece(np.empty(0, RTP_ROW), float("nan"))
            if not pcap.is_pcap(data):
                raise CaptureError(f"A pcap file does not begin with {data[:4].hex(' ')}.")
            self._header = data[: pcap.FILE_HEADER_BYTES]
            data = data[pcap.FILE_HEADER_BYTES :]
        order, link, clock = pcap.file_header(self._header)
        runs, at, announced = pcap.records(data, order)
        if announced > pcap.MAX_FRAME_BYTES:
            raise CaptureError(
                f"The capture is damaged: a frame of {announced} bytes is announced."
            )
        self._rest = data[at:]
        if not runs:
            return self._piece(np.empty(0, RTP_ROW), float("nan"))
        batch = Batch(data, runs, link, clock, order)
        return self._piece(self._pass.read(batch), batch.time_s(-1))

    def _piece(self, rows: npt.NDArray[np.void], last_s: float) -> Piece:
        held = self._pass
        piece = Piece(rows, held.messages, held.rtcp, held.events, last_s)
        held.messages, held.rtcp, held.events = [], [], []
        return piece
