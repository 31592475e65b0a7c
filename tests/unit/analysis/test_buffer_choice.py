"""Which packets a jitter buffer loses is known beforehand here: every tenth comes 50 ms late."""

import struct

import matplotlib.pyplot as plt
import pytest

from voiplab.analysis import try_buffers
from voiplab.packets import Capture, Frame, Packet, pcap_bytes
from voiplab.plots import describe_buffer_choice, plot_buffer_choice

PACKETS = 500
ETHERNET_IPV4_UDP = bytes(12) + b"\x08\x00" + bytes.fromhex(
    "4500 00c8 0000 0000 4011 0000 c0000201 c0000202 0fa0 1388 00b4 0000"
)  # fmt: skip


def rtp_packet(number, late_s):
    header = struct.pack(">BBHII", 0x80, 0, number, 160 * number, 7)
    frame = Frame(1000 + 0.02 * number + late_s, 1, ETHERNET_IPV4_UDP + header + b"\xd5" * 160)
    return Packet(frame.time_s, "", 0, "", 0, "udp", b"", frames=(frame,))


@pytest.fixture(scope="module")
def capture():
    packets = [rtp_packet(n, 0.05 if n % 10 == 5 else 0.0) for n in range(PACKETS)]
    kept = [packet for n, packet in enumerate(packets) if n % 100 != 50]
    return Capture.open(pcap_bytes(sorted(kept, key=lambda packet: packet.time_s)))


def test_what_comes_too_late_counts_as_lost(capture):
    table = try_buffers(capture, 0, [20, 60], network_ms=30)
    assert table.lost_pct.tolist() == pytest.approx([1.0, 1.0])
    assert table.late_pct.tolist() == pytest.approx([10.0, 0.0])
    assert table.delay_ms.tolist() == pytest.approx([90, 130], abs=0.01)
    assert table.mos.is_monotonic_increasing


def test_a_buffer_that_waits_in_vain_only_delays(capture):
    table = try_buffers(capture, 0, [60, 300])
    assert table.late_pct.tolist() == [0, 0]
    assert table.mos[1] < table.mos[0] - 0.2


def test_the_best_is_marked_and_told(capture):
    table = try_buffers(capture, 0, [20, 60, 300])
    ax = plot_buffer_choice(table)
    texts = [text.get_text() for text in ax.texts]
    assert "best: 60 ms" in texts
    assert texts[:3] == ["10.0 %", "0", "0"]
    assert ax.get_label().endswith("Best: 60 ms.")
    plt.close(ax.figure)


def test_what_can_not_be_rated_is_said(capture):
    unrated = try_buffers(capture, 0, [20]).assign(mos=float("nan"))
    assert describe_buffer_choice(unrated) == "No buffer could be rated."
