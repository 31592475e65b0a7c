"""A frame taken apart, against the header sizes of the standards and the packet's own parser."""

import pytest

from voiplab.errors import CaptureError
from voiplab.packets import Anatomy, Capture, RtpPacket, read_packets


@pytest.fixture(scope="module")
def evidence(captures):
    return captures.parent / "evidence" / "2001-2002"


def first_rtp(path):
    return next(
        p for p in Capture.open(path).packets() if p.transport == "udp" and len(p.payload) == 172
    )


def test_layers_are_those_of_the_standards_and_cover_the_frame(evidence):
    packet = first_rtp(evidence / "2001.pcap")
    anatomy = Anatomy.of(packet)
    assert [(layer.name, layer.size_bytes) for layer in anatomy.layers] == [
        ("Ethernet", 14), ("IPv4", 20), ("UDP", 8), ("RTP", 12), ("speech", 160),
    ]  # fmt: skip
    assert [layer.start for layer in anatomy.layers[1:]] == [
        layer.end for layer in anatomy.layers[:-1]
    ]
    assert anatomy.layers[-1].end == len(anatomy.frame) == 214


def test_fields_say_what_the_packet_says(evidence):
    packet = first_rtp(evidence / "2001.pcap")
    rtp = RtpPacket.parse(packet.payload)
    said = {
        (layer.name, field.name): field.value
        for layer in Anatomy.of(packet).layers
        for field in layer.fields
    }
    assert said["IPv4", "from"] == packet.src
    assert said["UDP", "to port"] == str(packet.dst_port)
    assert said["RTP", "sequence number"] == str(rtp.sequence_number)
    assert said["RTP", "SSRC"] == f"0x{rtp.ssrc:08x}"
    assert said["RTP", "payload type"] == "0"
    assert "RTP          12 bytes   payload type 0, " in Anatomy.of(packet).text()


def test_every_byte_is_shown_once_in_the_colour_of_its_layer(evidence):
    anatomy = Anatomy.of(first_rtp(evidence / "2001.pcap"))
    shown = anatomy._repr_html_()
    assert shown.count("<span") == len(anatomy.frame)
    assert f" {anatomy.frame[54]:02x} " in shown
    assert shown.count("background: #BFDCEE") == 14 + 1  # Ethernet's bytes, and its row


@pytest.mark.parametrize("name", ["sipp-ipv6-cooked", "baresip-opus", "baresip-g722"])
def test_other_links_and_codecs_are_covered_too(captures, name):
    packets = [p for p in read_packets(captures / f"{name}.pcap") if p.transport == "udp"]
    for packet in packets:
        layers = Anatomy.of(packet).layers
        assert sum(layer.size_bytes for layer in layers) == len(packet.frames[0].data)
    assert len(packets) > 10


def test_ipv6_and_padding_are_told(build):
    payload = build.rtp(1, payload=bytes(20))
    frame = build.ethernet(build.ipv6(build.udp(payload, ":4000", ":5000"), "::1", "::2"), 0x86DD)
    (packet,) = read_packets(build.pcap([(0, frame + bytes(4))]))
    names = [(layer.name, layer.size_bytes) for layer in Anatomy.of(packet).layers]
    assert names == [
        ("Ethernet", 14), ("IPv6", 40), ("UDP", 8), ("RTP", 12), ("speech", 20), ("padding", 4),
    ]  # fmt: skip


def test_tcp_is_refused(build):
    segment = build.ethernet(build.ipv4(build.tcp(b"x", "192.0.2.1:1", "192.0.2.2:2", 1),
                                        "192.0.2.1:1", "192.0.2.2:2", protocol=6))  # fmt: skip
    (packet,) = read_packets(build.pcap([(0, segment)]))
    with pytest.raises(CaptureError, match="this one is TCP in 1 frames"):
        Anatomy.of(packet)
