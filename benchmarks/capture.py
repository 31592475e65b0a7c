"""A large capture read as streams: against tshark, and against itself at other sizes."""

import gzip
import json
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from figure import Figure, ratio, spread
from rtp_traffic import PORTS, write_pcap, write_pcapng

PACKETS, STREAMS = 1_000_000, 200
PAIRS = 5
SIZES = (10_000, 100_000, 1_000_000, 10_000_000)
RUNS = 3

_OURS = "import sys; from voiplab.packets import Capture; Capture.open(sys.argv[1]).streams"
_COUNTED = """
import sys; from voiplab.packets import Capture
streams = Capture.open(sys.argv[1]).streams
counted = zip(streams.ssrc, streams.packets, streams.lost - streams["duplicated"])
for row in counted: print(*row)
"""
# What is loaded once is loaded before the clock starts. The peak is that of this process alone;
# getrusage would tell its parent's where that is larger.
_SCALED = """
import json, re, sys, time; from voiplab.packets import Capture, pcap_bytes
Capture.open(pcap_bytes([])).streams
started = time.perf_counter()
Capture.open(sys.argv[1]).streams
took_s = time.perf_counter() - started
peak_kib = int(re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1])
print(json.dumps([took_s, peak_kib / 1024]))
"""
_ROW = re.compile(r"0x([0-9A-F]{8})\s+\S+\s+(\d+)\s+(-?\d+) \(")


def measure() -> list[Figure]:
    """Make the captures, read them with both, and compare pair by pair."""
    tshark = shutil.which("tshark")
    if tshark is None:
        raise SystemExit("There is no tshark to compare with: apt install tshark, or make bench.")
    with _folder() as folder:
        return [*_against_tshark(tshark, folder), *_against_itself(folder)]


def _against_tshark(tshark: str, folder: Path) -> Iterator[Figure]:
    capture = folder / "million.pcap"
    write_pcap(capture, PACKETS, STREAMS)
    ours, theirs = _counted(capture), _counted_by(tshark, capture)
    if ours != theirs or len(ours) != STREAMS:
        differ = {ssrc: (count, theirs.get(ssrc)) for ssrc, count in ours.items()}
        differ = {ssrc: each for ssrc, each in differ.items() if each[0] != each[1]}
        raise SystemExit(f"tshark counts {len(theirs)} streams, not {len(ours)}; differ: {differ}")
    yield _pairs(tshark, capture, "a million RTP packets: streams / tshark", bound=0.2)

    capture = folder / "million.pcapng"
    write_pcapng(capture, PACKETS, STREAMS)
    yield _pairs(tshark, capture, "the same in pcapng / tshark", bound=None)

    compressed = folder / "million.pcapng.gz"
    with capture.open("rb") as whole, gzip.open(compressed, "wb", compresslevel=1) as file:
        shutil.copyfileobj(whole, file, 1 << 20)
    yield _pairs(tshark, compressed, "the same in gzip / tshark", bound=None)


def _pairs(tshark: str, capture: Path, name: str, bound: float | None) -> Figure:
    ours, reference = [], []
    for _ in range(PAIRS):
        ours.append(_wall_s([sys.executable, "-c", _OURS, str(capture)]))
        reference.append(_wall_s(_tshark(tshark, capture)))
    times = f"ours {spread(ours, 's')}, tshark {spread(reference, 's')}"
    faster = f"{1 / ratio(ours, reference):.2g} times as fast"
    return Figure(
        name, ratio(ours, reference), bound, "×",
        f"{PAIRS} pairs of whole processes, {STREAMS} streams: {times}: {faster}",
    )  # fmt: skip


def _against_itself(folder: Path) -> Iterator[Figure]:
    """Measure time per packet and peak memory, the sizes in turn."""
    times: dict[int, list[float]] = {size: [] for size in SIZES}
    peaks: dict[int, list[float]] = {size: [] for size in SIZES}
    captures = {size: folder / f"{size}.pcap" for size in SIZES}
    for size, capture in captures.items():
        write_pcap(capture, size, STREAMS)
    for _ in range(RUNS):
        for size, capture in captures.items():
            took_s, peak_mib = json.loads(_output([sys.executable, "-c", _SCALED, str(capture)]))
            times[size].append(took_s / size * 1e6)
            peaks[size].append(peak_mib)
    for size in SIZES:
        yield Figure(
            f"time a packet, of {size:,}", median(times[size]), None, "µs",
            f"{RUNS} processes, without their start-up: {spread(times[size], 'µs')}",
        )  # fmt: skip
    *_, large, largest = SIZES
    yield Figure(
        f"time a packet, of {largest:,} / of {large:,}",
        ratio(times[largest], times[large]), 1.3, "×", f"{RUNS} pairs of processes",
    )  # fmt: skip
    yield Figure(
        f"peak memory, {largest:,} / {large:,} packets",
        ratio(peaks[largest], peaks[large]), 1.2, "×",
        f"{spread(peaks[largest], 'MiB')} against {spread(peaks[large], 'MiB')}",
    )  # fmt: skip


def _tshark(tshark: str, capture: Path) -> list[str]:
    ports = f"udp.port=={PORTS.start}-{PORTS.stop - 1},rtp"
    return [tshark, "-q", "-z", "rtp,streams", "-r", str(capture), "-d", ports]


def _counted(capture: Path) -> dict[int, tuple[int, int]]:
    """Return packets and lost of each stream, by SSRC."""
    rows = _output([sys.executable, "-c", _COUNTED, str(capture)]).splitlines()
    return {ssrc: (packets, lost) for ssrc, packets, lost in (map(int, r.split()) for r in rows)}


def _counted_by(tshark: str, capture: Path) -> dict[int, tuple[int, int]]:
    """Return what tshark counts; its losses are RFC 3550's, less what came twice."""
    rows = _ROW.findall(_output(_tshark(tshark, capture)))
    return {int(ssrc, 16): (int(packets), int(lost)) for ssrc, packets, lost in rows}


def _wall_s(command: list[str]) -> float:
    started = time.perf_counter()
    _output(command)
    return time.perf_counter() - started


def _output(command: list[str]) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


@contextmanager
def _folder() -> Iterator[Path]:
    """Give a folder that is gone afterwards, also when the benchmark is told to end."""
    previous = signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        with tempfile.TemporaryDirectory(prefix="voiplab-bench-") as folder:
            yield Path(folder)
    finally:
        signal.signal(signal.SIGTERM, previous)
