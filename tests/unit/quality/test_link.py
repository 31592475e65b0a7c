"""Bandwidth against published tables, and against what a real capture holds."""

import struct
from pathlib import Path

import pytest

from voiplab.errors import QualityError
from voiplab.quality import CODECS, LINKS, bandwidth, find_codec

CAPTURES = Path(__file__).parents[2] / "fixtures" / "captures"


@pytest.mark.parametrize(
    ("codec", "ptime_ms", "link", "kbit_per_s"),
    [
        # Cisco, "Voice Over IP - Per Call Bandwidth Consumption" (document 7934), its table.
        ("PCMU", 20, "ethernet", 87.2),
        ("g729", 20, "ethernet", 31.2),
        ("g726-32", 20, "ethernet", 55.2),
        ("g726-24", 20, "ethernet", 47.2),
        ("g722", 20, "ethernet", 87.2),
        ("ilbc-20", 20, "ethernet", 38.4),
        ("ilbc", 30, "ethernet", 28.8),
        # Avaya IP Telephony Implementation Guide, on PPP (7 octets).
        ("g729", 20, "ppp", 26.8),
        ("g726-32", 20, "ppp", 50.8),
        # The same without any link: its "IP bandwidth".
        ("PCMA", 20, "ip", 80),
        ("PCMA", 30, "ip", 74.7),
        ("g729", 20, "ip", 24),
        # 238 octets on the wire, 50 times a second.
        ("PCMU", 20, "ethernet-wire", 95.2),
    ],
)
def test_published_bandwidths(codec: str, ptime_ms: float, link: str, kbit_per_s: float) -> None:
    assert bandwidth(codec, ptime_ms=ptime_ms, link=link).kbit_per_s == pytest.approx(
        kbit_per_s, abs=0.05
    )


@pytest.mark.parametrize(
    ("name", "codec", "src_port", "dst_port", "packets"),
    # Ports and packets as tshark tells them (the files beside the captures).
    [
        ("baresip-g722.pcap", "g722", 15706, 5698, 168),
        ("baresip-asterisk-tcp-udp.pcap", "PCMU", 8358, 1816, 180),
    ],
)
def test_a_capture_shows_as_much(
    name: str, codec: str, src_port: int, dst_port: int, packets: int
) -> None:
    frames = list(ethernet_frames(CAPTURES / name, src_port, dst_port))
    assert len(frames) == packets
    check_sequence = 4  # no capture holds it
    octets = [length + check_sequence for _, length in frames]
    span_s = frames[-1][0] - frames[0][0]
    measured_kbit_per_s = sum(octets[:-1]) * 8 / span_s / 1000
    expected = bandwidth(codec, ptime_ms=20, link="ethernet")
    assert set(octets) == {expected.octets}
    assert measured_kbit_per_s == pytest.approx(expected.kbit_per_s, rel=0.005)


def ethernet_frames(pcap: Path, src_port: int, dst_port: int):
    """Yield time and length of the frames between two UDP ports, read by hand."""
    data, at = pcap.read_bytes(), 24
    while at < len(data):
        seconds, micros, captured, length = struct.unpack_from("<IIII", data, at)
        frame = data[at + 16 : at + 16 + captured]
        at += 16 + captured
        is_udp = frame[12:14] == b"\x08\x00" and frame[23] == 17
        if is_udp and struct.unpack_from(">HH", frame, 34) == (src_port, dst_port):
            yield seconds + micros / 1e6, length


def test_layers_add_up_from_the_speech_outwards() -> None:
    call = bandwidth("PCMU", link="ethernet-wire", srtp_tag_bits=80, ipv6=True, vlan=True)
    assert [(layer.name, layer.octets) for layer in call.layers] == [
        ("speech", 160),
        ("RTP", 12),
        ("SRTP tag", 10),
        ("UDP", 8),
        ("IPv6", 40),
        ("VLAN tag", 4),
        ("Ethernet", 18),
        ("preamble and gap", 20),
    ]
    assert call.octets == 272
    assert call.packets_per_s == 50
    assert call.kbit_per_s == pytest.approx(108.8)
    assert call.overhead == pytest.approx(112 / 272)
    assert call.kbit_per_s_at("speech") == 64
    assert call.kbit_per_s_at("IPv6") == 92
    table = call.frame()
    assert list(table.octets) == [layer.octets for layer in call.layers]
    assert table.kbit_per_s.sum() == pytest.approx(call.kbit_per_s)
    assert table.total_kbit_per_s.iloc[-1] == pytest.approx(call.kbit_per_s)
    assert "108.8" in call._repr_html_()


@pytest.mark.parametrize(("bits", "octets"), [(0, 0), (32, 4), (80, 10)])
def test_srtp_adds_its_tag(bits: int, octets: int) -> None:
    plain = bandwidth("PCMU").octets
    assert bandwidth("PCMU", srtp_tag_bits=bits).octets == plain + octets


@pytest.mark.parametrize(
    ("codec", "link", "cells"),
    # By hand: PCMU 200 + 2 + 8 = 210 and 200 + 2 + 6 + 14 + 10 + 8 = 240 octets, in cells of 48.
    [("PCMU", "adsl-pppoa", 5), ("PCMU", "adsl-pppoe", 5), ("g729", "adsl-pppoa", 2)],
)
def test_adsl_comes_in_whole_cells(codec: str, link: str, cells: int) -> None:
    assert bandwidth(codec, link=link).octets == 53 * cells


def test_a_short_frame_is_padded() -> None:
    call = bandwidth("amr-4.75", ptime_ms=20)  # 13 octets of speech: 53 in IP, enough
    assert "padding" not in [layer.name for layer in call.layers]
    short = bandwidth("opus", ptime_ms=2.5, bit_rate_kbps=8)
    assert ("padding", 3) in [(layer.name, layer.octets) for layer in short.layers]
    assert short.octets == 64


@pytest.mark.parametrize(
    ("codec", "ptime_ms", "octets"),
    # RFC 3551 section 4.5, RFC 4867 section 4.3.5 (AMR 12.2: 4 + 6 + 244 bits), RFC 3952.
    [
        ("gsm", 20, 33),
        ("gsm-efr", 20, 31),
        ("g729", 30, 30),
        ("amr-12.2", 20, 32),
        ("amr-wb-12.65", 20, 33),
        ("ilbc-20", 40, 76),
        ("g722", 10, 80),
    ],
)
def test_payloads(codec: str, ptime_ms: float, octets: int) -> None:
    assert bandwidth(codec, ptime_ms=ptime_ms).layers[0].octets == octets


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"codec": "g729", "ptime_ms": 25}, "Packets of 25 ms can't be: this codec's frames last"),
        ({"codec": "g729", "ptime_ms": 0}, "Packets of 0 ms can't be"),
        ({"codec": "opus"}, "This codec has no bit rate of its own; None was given"),
        ({"codec": "opus", "bit_rate_kbps": -1}, "no bit rate of its own; -1 was given"),
        ({"codec": "PCMU", "bit_rate_kbps": 32}, "This codec's bit rate is 64 kbit/s and can't"),
        ({"codec": "speex"}, "The bit rate of the codec 'speex' isn't known here."),
        ({"codec": "amr-wb"}, "The bit rate of the codec 'amr-wb' isn't known here."),
        ({"codec": "PCMU", "link": "token-ring"}, "There is no link 'token-ring' here"),
        ({"codec": "PCMU", "srtp_tag_bits": 64}, "have 80 or 32 bits"),
        ({"codec": "PCMU", "link": "ppp", "vlan": True}, "carries no VLAN tag"),
    ],
    ids=str,
)
def test_what_cannot_be_is_refused(asked: dict[str, object], sentence: str) -> None:
    codec = asked.pop("codec")
    with pytest.raises(QualityError) as refusal:
        bandwidth(codec, **asked)
    assert sentence in str(refusal.value)


def test_an_unknown_layer_is_refused() -> None:
    with pytest.raises(QualityError, match="no layer 'IPX' here; there are speech, RTP"):
        bandwidth("PCMU").kbit_per_s_at("IPX")


def test_every_figure_names_its_source() -> None:
    for link in LINKS:
        call = bandwidth("PCMU", link=link)
        assert all(layer.source for layer in call.layers)
    assert all(codec.framing is None or codec.framing.source for codec in CODECS)


def test_frames_of_opus_follow_the_bit_rate() -> None:
    opus = find_codec("opus")
    assert opus is not None
    assert opus.framing is not None
    assert opus.framing.payload_octets(20, 24) == 60
    assert opus.framing.payload_octets(20, 25.1) == 63
