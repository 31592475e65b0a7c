"""Reading captures."""

import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from os import PathLike
from pathlib import Path
from typing import BinaryIO

from voiplab.errors import CaptureError
from voiplab.packets import pcap, pcapng
from voiplab.packets.batch import Batch, Cut
from voiplab.packets.network import Network
from voiplab.packets.packet import Frame, Packet

Source = str | PathLike[str] | bytes | BinaryIO

_GZIP = b"\x1f\x8b"


class CaptureReader:
    """Reads one capture, from its beginning, as often as it is asked to.

    Reads pcap and pcapng, also compressed with gzip, and never the whole of it at once.

    Args:
        source: a file's path, its content, or a file open for reading bytes.

    Raises:
        CaptureError: when there is no such file, it is empty, or not a capture.

    Attributes:
        name: what the capture is called in messages.
    """

    def __init__(self, source: Source) -> None:
        self._path: Path | None = None
        self._content = b""
        if isinstance(source, bytes):
            self.name, self._content = f"A capture of {len(source)} bytes", source
        elif isinstance(source, (str, PathLike)):
            self._path = Path(source)
            self.name = str(source)
        else:
            self.name = str(getattr(source, "name", "The open file"))
            self._content = source.read()
        self._cut = Cut()
        self._finished = False
        with self._open() as file:
            beginning = file.read(4)
        if not beginning:
            raise CaptureError(
                f"{self.name} is empty: no capture was written to it. "
                "Start the capture before the call, and stop it before reading."
            )
        if pcap.is_pcap(beginning):
            self._format = pcap.batches
        elif pcapng.is_pcapng(beginning):
            self._format = pcapng.batches
        else:
            raise CaptureError(
                f"{self.name} is not a capture: it begins with the bytes {beginning.hex(' ')}. "
                "Give a file that tcpdump or Wireshark wrote (pcap, pcapng, or either in gzip)."
            )

    @property
    def truncated(self) -> bool:
        """Whether the capture ends before its time; what it holds until there is good."""
        return bool(self.problem)

    @property
    def problem(self) -> str:
        """Why the capture counts as truncated, as a sentence; "" when it is whole."""
        if not self._finished:
            for _ in self.batches():
                pass
        return f"{self.name} {self._cut.reason}." if self._cut.reason else ""

    def batches(self) -> Iterator[Batch]:
        """Read the capture's frames, many at a time."""
        cut = Cut()
        with self._open(cut) as file:
            yield from self._format(file, cut)
        self._cut, self._finished = cut, True

    def frames(self) -> Iterator[Frame]:
        """Read the capture's frames, one by one."""
        for batch in self.batches():
            for time_s, data in batch.frames():
                yield Frame(time_s, batch.link, data)

    def __iter__(self) -> Iterator[Packet]:
        """Read the capture's UDP and TCP packets, in its order."""
        network = Network()
        for frame in self.frames():
            packet = network.packet(frame)
            if packet is not None:
                yield packet

    @contextmanager
    def _open(self, cut: Cut | None = None) -> Iterator[BinaryIO]:
        try:
            raw = self._path.open("rb") if self._path else io.BytesIO(self._content)
        except OSError as error:
            raise CaptureError(
                f"{self.name} can't be read: {error.strerror}. Check its name and its permissions."
            ) from error
        with raw:
            compressed = raw.read(2) == _GZIP
            raw.seek(0)
            if not compressed:
                yield raw
                return
            gunzip = _Gunzip(raw)
            with io.BufferedReader(gunzip) as file:
                yield file
            if gunzip.damaged and cut is not None:
                cut.reason = cut.reason or "ends in the middle of its compressed data"


class _Gunzip(io.RawIOBase):
    """The content of a gzip file (RFC 1952), as far as it goes, without an error at its end."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._inflate = zlib.decompressobj(wbits=31)
        self._ready = b""
        self.damaged = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "memoryview[int]") -> int:  # type: ignore[override]
        while not self._ready and self._advance():
            pass
        count = min(len(buffer), len(self._ready))
        buffer[:count] = self._ready[:count]
        self._ready = self._ready[count:]
        return count

    def _advance(self) -> bool:
        """Make more bytes ready, and say whether there may be more to come."""
        compressed = self._inflate.unused_data or self._file.read(1 << 16)
        if self._inflate.eof and compressed:
            self._inflate = zlib.decompressobj(wbits=31)
        if not compressed:
            self.damaged = self.damaged or not self._inflate.eof
            return False
        try:
            self._ready = self._inflate.decompress(compressed)
        except zlib.error:
            self.damaged = True
            return False
        return True


def read_packets(source: Source) -> Iterator[Packet]:
    """Read the UDP and TCP packets of a capture, in its order, never all at once.

    A capture that ends too early gives the packets that it holds; `CaptureReader.truncated`
    tells.

    Args:
        source: a file's path, its content, or a file open for reading bytes.

    Returns:
        The packets.

    Raises:
        CaptureError: when there is no such file, it is empty, or not a capture.

    >>> from voiplab.packets import pcap_bytes, read_packets
    >>> list(read_packets(pcap_bytes([])))
    []
    """
    return iter(CaptureReader(source))
