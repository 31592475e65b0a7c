"""What each port sent to another: RTP and what shares its ports, in clear and encrypted."""

import pytest

from voiplab.packets import Capture
from voiplab.packets.rtcp import ReceiverReport

HELLO = bytes([22, 254, 253]) + bytes(20)
STUN = b"\0\1\0\0\x21\x12\xa4\x42" + bytes(12)
BACK = "192.0.2.2:5000", "192.0.2.1:4000"


def sdp(profile=b"RTP/AVP"):
    return (
        b"INVITE sip:b@192.0.2.2 SIP/2.0\r\nCall-ID: 1\r\nc: application/sdp\r\n\r\n"
        b"v=0\r\nc=IN IP4 192.0.2.2\r\nm=audio 5000 %s 0\r\n"
    ) % profile


def capture(build, *payloads):
    """Payloads, or pairs of one and what goes with build.udp_frame."""
    frames = []
    for number, each in enumerate(payloads):
        payload, *ends = each if isinstance(each, tuple) else (each,)
        frames.append((20_000 * number, build.udp_frame(payload, *ends)))
    return Capture.open(build.pcap(frames))


def counts(capture):
    table = capture.protocols
    return {
        (row.src, row.dst, row.protocol): (row.packets, row.bytes) for row in table.itertuples()
    }


def media(build):
    return [build.rtp(n, 160 * n) for n in range(3)]


def test_datagrams_are_counted_by_port_and_protocol(build):
    report = bytes(ReceiverReport(7))
    found = capture(build, sdp(), *media(build), report, report, (STUN, *BACK), b"\r\n\r\n")
    ends = "192.0.2.1:4000", "192.0.2.2:5000"
    assert counts(found) == {
        (*ends, "sip"): (1, len(sdp())),
        (*ends, "rtp"): (3, 3 * 172),
        (*ends, "rtcp"): (2, 16),
        (*BACK, "stun"): (1, 20),
        (*ends, "other"): (1, 4),
    }
    assert set(found.protocols.transport) == {"udp"}
    assert found.protocols.packets.sum() == 8
    assert found.streams.encrypted.tolist() == [False]


def test_a_session_description_makes_media_secure(build):
    found = capture(build, sdp(b"RTP/SAVP"), *media(build), bytes(ReceiverReport(7)))
    assert found.streams.encrypted.tolist() == [True]
    assert set(found.protocols.protocol) == {"sip", "srtp", "srtcp"}


@pytest.mark.parametrize("way", [(), BACK])
def test_a_dtls_handshake_makes_media_secure_without_a_word_of_sip(build, way):
    found = capture(build, (HELLO, *way), *media(build), bytes(ReceiverReport(7)))
    assert found.streams.encrypted.tolist() == [True]
    assert set(found.protocols.protocol) == {"dtls", "srtp", "srtcp"}
    assert found.rtcp.text.tolist() == ["encrypted"]


def test_a_handshake_on_other_ports_does_not(build):
    found = capture(build, (HELLO, "192.0.2.1:4000", "192.0.2.2:5002"), *media(build))
    assert found.streams.encrypted.tolist() == [False]


def test_what_only_looks_like_rtp_is_something_else(build):
    chance = [bytes([0x80, 99, 9 * n, 7]) + bytes(20) for n in range(3)]
    assert counts(capture(build, *chance)) == {
        ("192.0.2.1:4000", "192.0.2.2:5000", "other"): (3, 72)
    }


def test_sip_over_tcp_is_told_from_other_tcp(build):
    def segment(payload, dst, sequence):
        ends = "192.0.2.1:4000", dst
        header = build.tcp(payload, *ends, sequence)
        return build.ethernet(build.ipv4(header, *ends, protocol=6))

    message = b"OPTIONS sip:b SIP/2.0\r\nCall-ID: 1\r\nl: 0\r\n\r\n"
    frames = [
        segment(message[:20], "192.0.2.2:5060", 100),
        segment(message[20:], "192.0.2.2:5060", 120),
        segment(b"", "192.0.2.2:5060", 120 + len(message)),
        segment(b"GET / HTTP/1.1\r\n\r\n", "192.0.2.2:80", 7),
    ]
    found = Capture.open(build.pcap(list(enumerate(frames))))
    assert counts(found) == {
        ("192.0.2.1:4000", "192.0.2.2:5060", "sip"): (2, len(message)),
        ("192.0.2.1:4000", "192.0.2.2:80", "other"): (1, 18),
    }
    assert set(found.protocols.transport) == {"tcp"}


def test_a_call_and_a_receiver_have_their_own(build):
    elsewhere = [(each, "192.0.2.8:1", "192.0.2.9:1") for each in media(build)]
    found = capture(build, sdp(), *media(build), *elsewhere, (STUN, *BACK))
    assert set(found.call("1").protocols.dst) == {"192.0.2.2:5000", "192.0.2.1:4000"}
    assert set(found.received_by("192.0.2.1").protocols.protocol) == {"stun"}
    assert len(found.protocols) == 4


def test_every_packet_of_a_real_capture_is_counted_once(captures):
    for name in ("baresip-opus", "sipp-g711a-dtmf"):
        found = Capture.open(captures / f"{name}.pcap")
        assert found.protocols.packets.sum() == len(list(found.packets()))
        assert found.protocols.bytes.sum() == sum(len(each.payload) for each in found.packets())


@pytest.mark.parametrize(
    ("name", "protocols"),
    [
        ("baresip-dtls-srtp.pcap", {"sip", "dtls", "srtp", "srtcp"}),
        ("baresip-sdes-srtp.pcap", {"sip", "srtp", "srtcp"}),
        ("aiortc-webrtc.pcapng", {"stun", "dtls", "srtp", "srtcp"}),
        ("baresip-rtcp.pcap", {"sip", "rtp", "rtcp"}),
        ("gstreamer-rtcp.pcapng", {"rtp", "rtcp"}),
    ],
)
def test_real_programs_speak_these(captures, name, protocols):
    found = Capture.open(captures / name)
    assert set(found.protocols.protocol) == protocols
    assert set(found.streams.encrypted) == {"srtp" in protocols}
    assert (set(found.rtcp.text.dropna()) == {"encrypted"}) == ("srtcp" in protocols)


def test_tshark_sees_as_many_packets_of_webrtc(captures):
    """tshark -q -z io,phs: 4 of STUN, 5 of DTLS, 15 of SRTCP, 393 others, which are SRTP."""
    found = Capture.open(captures / "aiortc-webrtc.pcapng").protocols
    counts = found.groupby("protocol").packets.sum().to_dict()
    assert counts == {"stun": 4, "dtls": 5, "srtcp": 15, "srtp": 393}
