"""What a network did to each packet, written down as it happens: the ground truth."""

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, TextIO

from voiplab.impairment.datagram import Datagram
from voiplab.impairment.path import Direction

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = (
    "time_s", "direction", "src", "dst", "protocol", "ssrc", "sequence", "bytes", "fate",
    "delay_ms", "copies",
)  # fmt: skip
MOST_BYTES = 64 * 1024 * 1024  # some 600,000 packets: a call of more than an hour and a half


@dataclass(frozen=True, slots=True)
class TruthRow:
    """What became of one packet.

    Attributes:
        time_s: when it came, in seconds since the epoch.
        direction: ``incoming`` to the phone, or ``outgoing``.
        datagram: the packet.
        fate: ``delivered``, ``lost``, ``overflow``, or ``refused`` by the kernel.
        delay_ms: from its coming until it went on, in ms; None when it did not.
        copies: how often it went on.
    """

    time_s: float
    direction: Direction
    datagram: Datagram
    fate: str
    delay_ms: float | None = None
    copies: int = 0

    def line(self) -> str:
        """Return it as a line of CSV, in the order of COLUMNS."""
        of = self.datagram
        ssrc, sequence = ("" if value is None else value for value in (of.ssrc, of.sequence))
        delay = "" if self.delay_ms is None else f"{self.delay_ms:.3f}"
        return (
            f"{self.time_s:.6f},{self.direction},{of.src},{of.dst},{of.protocol},{ssrc},"
            f"{sequence},{of.length_bytes},{self.fate},{delay},{self.copies}\n"
        )


class TruthLog:
    """A growing table of what became of each packet; a line is in the file once it is written.

    Args:
        file: where to write: unbuffered, or buffered by the line.
        most_bytes: where to stop.
    """

    def __init__(self, file: TextIO, most_bytes: int = MOST_BYTES) -> None:
        self._file = file
        self._room = most_bytes
        self.left_out = 0
        self._write(",".join(COLUMNS) + "\n")

    def add(self, row: TruthRow) -> None:
        """Write a row down; without room for it, only count it in :attr:`left_out`."""
        line = row.line()
        if self.left_out or len(line) > self._room:
            self.left_out += 1
        else:
            self._write(line)

    def _write(self, line: str) -> None:
        self._room -= len(line)
        self._file.write(line)


def truth_between(csv: bytes, start_s: float, end_s: float) -> bytes:
    r"""Return the part of a ground truth whose packets came within a span of time.

    Args:
        csv: what a :class:`TruthLog` wrote.
        start_s: in seconds since the epoch.
        end_s: likewise.

    >>> truth_between(b"time_s,direction\n1.5,incoming\n9.0,incoming\n", 0, 2)
    b'time_s,direction\n1.5,incoming\n'
    """
    header, *lines = csv.splitlines(keepends=True)
    within = (line for line in lines if start_s <= float(line.partition(b",")[0]) <= end_s)
    return header + b"".join(within)


def truth_frame(text: str) -> "pd.DataFrame":
    """Return a ground truth as a data frame: a row a packet, in the order of their coming.

    Columns: time_s (seconds since the epoch), direction, src, dst (address:port), protocol,
    ssrc, sequence (of RTP), bytes (of the Ethernet frame), fate, delay_ms, copies.

    Args:
        text: what a :class:`TruthLog` wrote; a last line that is not whole is left out.
    """
    import pandas as pd  # noqa: PLC0415 - heavy, and not there where packets are impaired

    whole = text[: text.rfind("\n") + 1] or ",".join(COLUMNS) + "\n"
    table = pd.read_csv(
        io.StringIO(whole),
        dtype={
            "time_s": "float64", "direction": "str", "src": "str", "dst": "str",
            "protocol": "str", "ssrc": "Int64", "sequence": "Int64", "bytes": "int64",
            "fate": "str", "delay_ms": "float64", "copies": "int64",
        },
    )  # fmt: skip
    return table.sort_values("time_s", kind="stable", ignore_index=True)
