"""The same captures, read by this project and by tshark: a table, and the largest differences."""

import re
import subprocess
from pathlib import Path

from figure import Figure

from voiplab.packets import Capture

CAPTURES = Path(__file__).parents[1] / "tests" / "fixtures" / "captures"
STREAM = re.compile(
    r"^\s*[\d.]+\s+[\d.]+\s+(?P<key>\S+\s+\d+\s+\S+\s+\d+\s+0x[0-9A-F]{8})\s+\S+\s+"
    r"(?P<packets>\d+)\s+(?P<lost>-?\d+) \(\S+%\)\s+(?:-?[\d.]+\s+){4}(?P<jitter_ms>[\d.]+)",
    re.MULTILINE,
)
MESSAGES = re.compile(r"Number of SIP messages: (\d+)")
ROW = "{:<28} {:>8} {:>13} {:>9} {:>15} {:>9}"
# Without SDP, as in a capture of media alone, tshark has to be told what RTP is.
ALL_PORTS = ["-d", "udp.port==1024-65535,rtp"]


def measure() -> list[Figure]:
    """Read each committed capture with both, print a row each, and return what differs most."""
    print(ROW.format("ours/tshark:", "streams", "packets", "lost", "jitter differs", "SIP"))
    counts, jitter = 0, 0.0
    for path in sorted(CAPTURES.glob("*.pcap*")):
        differing, off = _compare(path)
        counts, jitter = counts + differing, max(jitter, off)
    return [
        Figure("counts that differ from tshark's", counts, 0, "", "streams, packets, lost, SIP"),
        Figure("jitter against tshark's", 100 * jitter, 1, "%", "the mean of each stream"),
    ]


def _compare(path: Path) -> tuple[int, float]:
    capture = Capture.open(path)
    told = _tshark(path, [] if len(capture.messages) else ALL_PORTS)
    theirs = {" ".join(match["key"].split()): match for match in STREAM.finditer(told)}
    ours = {_key(row.src, row.dst, row.ssrc): row for row in capture.streams.itertuples()}
    # tshark measures no jitter of keys, nor where it knows no clock rate: it tells 0 there.
    off = [
        abs(ours[key].jitter_ms_mean / float(match["jitter_ms"]) - 1)
        for key, match in theirs.items()
        if key in ours
        and float(match["jitter_ms"]) > 0
        and ours[key].jitter_ms_mean > 0
        and ours[key].codec != "telephone-event"
    ]
    streams = capture.streams
    pairs = [
        (len(ours), len(theirs)),
        (int(streams["packets"].sum()), sum(int(match["packets"]) for match in theirs.values())),
        (
            # tshark counts packets that came twice against those that were lost, as RFC 3550 does.
            int((streams["lost"] - streams["duplicated"]).sum()),
            sum(int(match["lost"]) for match in theirs.values()),
        ),
        (len(capture.messages), int(found[1]) if (found := MESSAGES.search(told)) else 0),
    ]
    packets, lost, differs = (f"{a}/{b}" for a, b in pairs[1:])
    jitter = f"{100 * max(off):.3f} %" if off else "–"
    print(ROW.format(path.name, "{}/{}".format(*pairs[0]), packets, lost, jitter, differs))
    return sum(a != b for a, b in pairs), max(off, default=0.0)


def _key(src: str, dst: str, ssrc: int) -> str:
    """Return what tells a stream from others, as tshark writes it."""
    ends = (" ".join(end.replace("[", "").replace("]", "").rsplit(":", 1)) for end in (src, dst))
    return f"{' '.join(ends)} 0x{ssrc:08X}"


def _tshark(path: Path, options: list[str]) -> str:
    command = ["tshark", *options, "-q", "-z", "rtp,streams", "-z", "sip,stat", "-r", str(path)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout
