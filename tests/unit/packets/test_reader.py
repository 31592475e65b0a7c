"""Captures of every format give the same packets; those that are none say so."""

import gzip

import pytest

from voiplab.errors import CaptureError
from voiplab.packets import CaptureReader, pcap_bytes, read_packets, write_pcap

DATAGRAM = b"hello, packet"
TIME_US = 1_700_000_000_250_000


def only(content):
    (packet,) = read_packets(content)
    return packet


@pytest.mark.parametrize("order", ["<", ">"])
def test_a_classic_capture_of_either_byte_order_is_read(build, order):
    packet = only(build.pcap([(TIME_US, build.udp_frame(DATAGRAM))], order=order))
    assert packet.time_s == TIME_US / 1e6
    assert (packet.source, packet.destination) == ("192.0.2.1:4000", "192.0.2.2:5000")
    assert (packet.transport, packet.payload) == ("udp", DATAGRAM)


def test_nanoseconds_are_not_taken_for_microseconds(build):
    content = build.pcap([(TIME_US * 1000, build.udp_frame(DATAGRAM))], nanoseconds=True)
    assert only(content).time_s == TIME_US / 1e6


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("resolution", [6, 9])
def test_the_newer_format_is_read(build, order, resolution):
    ticks = TIME_US * 10 ** (resolution - 6)
    frames = [(0, ticks, build.udp_frame(DATAGRAM))]
    packet = only(build.pcapng(frames, order=order, resolution=resolution))
    assert (packet.time_s, packet.payload) == (TIME_US / 1e6, DATAGRAM)


def test_each_interface_of_the_newer_format_has_its_own_link_type(build):
    ends = "192.0.2.1:1", "192.0.2.2:2"
    bare = build.ipv4(build.udp(b"bare", *ends), *ends)
    frames = [(0, 1, build.udp_frame(b"framed")), (1, 2, bare), (0, 3, build.udp_frame(b"last"))]
    packets = read_packets(build.pcapng(frames, links=(1, 101)))
    assert [packet.payload for packet in packets] == [b"framed", b"bare", b"last"]


def test_compressed_captures_are_read_also_in_several_members(build):
    content = build.pcap([(0, build.udp_frame(b"one")), (1, build.udp_frame(b"two"))])
    compressed = gzip.compress(content[:50]) + gzip.compress(content[50:])
    assert [packet.payload for packet in read_packets(compressed)] == [b"one", b"two"]
    assert not CaptureReader(compressed).truncated


def link_layers(build):
    ends = "192.0.2.1:4000", "192.0.2.2:5000"
    ip = build.ipv4(build.udp(DATAGRAM, *ends), *ends)
    return {
        "raw IP": (101, ip),
        "BSD loopback": (0, b"\2\0\0\0" + ip),
        "Linux cooked, version 1": (113, bytes(14) + b"\x08\x00" + ip),
        "Linux cooked, version 2": (276, b"\x08\x00" + bytes(18) + ip),
        "VLAN": (1, build.ethernet(b"\0\5\x08\x00" + ip, 0x8100)),
        "VLAN in VLAN": (1, build.ethernet(b"\0\5\x81\x00\0\6\x08\x00" + ip, 0x88A8)),
    }


@pytest.mark.parametrize(
    "layer",
    ["raw IP", "BSD loopback", "Linux cooked, version 1", "Linux cooked, version 2", "VLAN",
     "VLAN in VLAN"],
)  # fmt: skip
def test_every_link_layer_leads_to_the_datagram(build, layer):
    link, frame = link_layers(build)[layer]
    packet = only(build.pcap([(0, frame)], link=link))
    assert (packet.source, packet.payload) == ("192.0.2.1:4000", DATAGRAM)


def test_ip_version_6_is_read_past_its_extension_headers(build):
    datagram = build.udp(DATAGRAM, "x:4000", "x:5000")
    routed = b"\x11\0" + bytes(6) + datagram
    frame = build.ethernet(build.ipv6(routed, "2001:db8::1", "2001:db8::2", protocol=0), 0x86DD)
    packet = only(build.pcap([(0, frame)]))
    assert (packet.source, packet.payload) == ("[2001:db8::1]:4000", DATAGRAM)


def test_fragments_are_put_together_in_whatever_order_they_come(build):
    ends = "192.0.2.1:4000", "192.0.2.2:5000"
    datagram = build.udp(bytes(range(200)), *ends)
    parts = [
        build.ethernet(build.ipv4(datagram[128:], *ends, ip_flags=16)),
        build.ethernet(build.ipv4(datagram[:64], *ends, ip_flags=0x2000)),
        build.ethernet(build.ipv4(datagram[64:128], *ends, ip_flags=0x2000 | 8)),
    ]
    packet = only(build.pcap(list(enumerate(parts))))
    assert packet.payload == bytes(range(200))
    assert [frame.data for frame in packet.frames] == parts


def test_ethernet_padding_is_not_payload(build):
    assert only(build.pcap([(0, build.udp_frame(b"hi") + bytes(20))])).payload == b"hi"


def test_what_follows_a_datagram_in_its_ip_packet_is_not_payload(build):
    ends = "192.0.2.1:1", "192.0.2.2:2"
    frame = build.ethernet(build.ipv4(build.udp(b"hi", *ends) + b"rest", *ends))
    assert only(build.pcap([(0, frame)])).payload == b"hi"


def test_ethernet_padding_is_not_part_of_a_segment(build):
    ends = "192.0.2.1:1", "192.0.2.2:2"
    frame = build.ethernet(build.ipv4(build.tcp(b"hi", *ends, 7), *ends, protocol=6)) + bytes(4)
    packet = only(build.pcap([(0, frame)]))
    assert (packet.transport, packet.sequence, packet.payload) == ("tcp", 7, b"hi")


@pytest.mark.parametrize("kept", [60, 90])
def test_a_capture_cut_in_a_packet_gives_what_it_holds_and_says_so(build, tmp_path, kept):
    path = tmp_path / "cut.pcap"
    frame = build.udp_frame(b"one")
    path.write_bytes(build.pcap([(0, frame), (1, frame)])[: 24 + 16 + len(frame) + kept - 50])
    reader = CaptureReader(path)
    assert [packet.payload for packet in reader] == [b"one"]
    assert reader.truncated
    assert reader.problem == f"{path} ends in the middle of a packet."


def test_a_cut_in_compressed_data_is_told(build):
    content = build.pcap([(n, build.udp_frame(b"%d" % n)) for n in range(5000)])
    reader = CaptureReader(gzip.compress(content)[:-3000])
    packets = list(reader)
    assert 0 < len(packets) < 5000
    assert packets[0].payload == b"0"
    assert reader.truncated


def test_a_cut_in_the_check_sum_of_compressed_data_is_told(build):
    content = gzip.compress(build.pcap([(0, build.udp_frame(b"all"))]))[:-4]
    reader = CaptureReader(content)
    assert [packet.payload for packet in reader] == [b"all"]
    assert reader.problem == (
        f"A capture of {len(content)} bytes ends in the middle of its compressed data."
    )


def test_a_cut_in_the_newer_format_is_told(build):
    content = build.pcapng([(0, n, build.udp_frame(b"x")) for n in range(3)])
    reader = CaptureReader(content[:-7])
    assert (
        reader.problem == f"A capture of {len(content) - 7} bytes ends in the middle of a packet."
    )
    assert len(list(reader)) == 2


def test_a_damaged_length_stops_the_reading_there(build):
    frame = build.udp_frame(b"good")
    content = build.pcap([(0, frame)]) + b"\xff" * 100
    reader = CaptureReader(content)
    assert [packet.payload for packet in reader] == [b"good"]
    assert "is damaged: a frame of 4294967295 bytes is announced" in reader.problem


def test_records_of_equal_and_of_changing_length_are_all_found(build):
    sizes = [5] * 40 + [6, 5, 6, 5] + [0, 7] * 3 + [9] * 100 + [1]
    frames = [(n, build.udp_frame(bytes(size))) for n, size in enumerate(sizes)]
    assert [len(packet.payload) for packet in read_packets(build.pcap(frames))] == sizes


def test_empty_frames_are_counted_as_records(build):
    frames = [(n, b"") for n in range(40)] + [(41, build.udp_frame(b"after"))]
    batches = list(CaptureReader(build.pcap(frames)).batches())
    assert [[len(data) for _, data in batch.frames()].count(0) for batch in batches] == [40]
    assert only(build.pcap(frames)).payload == b"after"


def test_an_empty_file_is_refused(tmp_path):
    path = tmp_path / "empty.pcap"
    path.touch()
    with pytest.raises(CaptureError) as refusal:
        read_packets(path)
    assert str(refusal.value) == (
        f"{path} is empty: no capture was written to it. "
        "Start the capture before the call, and stop it before reading."
    )


def test_what_is_no_capture_is_refused(tmp_path):
    path = tmp_path / "notes.txt"
    path.write_text("Dear diary")
    with pytest.raises(CaptureError) as refusal:
        read_packets(path)
    assert str(refusal.value) == (
        f"{path} is not a capture: it begins with the bytes 44 65 61 72. "
        "Give a file that tcpdump or Wireshark wrote (pcap, pcapng, or either in gzip)."
    )


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(CaptureError) as refusal:
        read_packets(tmp_path / "none.pcap")
    assert str(refusal.value) == (
        f"{tmp_path / 'none.pcap'} can't be read: No such file or directory. "
        "Check its name and its permissions."
    )


@pytest.mark.parametrize("name", ["sipp-g711a-dtmf", "sipp-ipv6-cooked", "impaired-g722"])
def test_what_is_written_is_byte_for_byte_what_was_read(captures, tmp_path, name):
    written = tmp_path / "copy.pcap"
    write_pcap(written, read_packets(captures / f"{name}.pcap"))
    assert written.read_bytes() == (captures / f"{name}.pcap").read_bytes()


def test_frames_of_two_link_types_are_not_mixed_in_one_file(captures):
    names = "sipp-g711a-dtmf", "sipp-ipv6-cooked"
    packets = [p for name in names for p in read_packets(captures / f"{name}.pcap")]
    with pytest.raises(CaptureError, match="link types 1 and 276 can't share one pcap file"):
        pcap_bytes(packets)


def test_a_folder_that_is_not_there_can_not_be_written_to(tmp_path):
    with pytest.raises(CaptureError, match="can't be written: No such file or directory"):
        write_pcap(tmp_path / "no" / "folder.pcap", [])
