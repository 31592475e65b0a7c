"""RTP headers, and telling RTP from what shares its ports."""

import struct
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voiplab.errors import CaptureError
from voiplab.packets import RtpPacket, protocol_of

number32 = st.integers(0, 2**32 - 1)
packets = st.builds(
    RtpPacket,
    payload_type=st.integers(0, 127),
    sequence_number=st.integers(0, 65535),
    timestamp=number32,
    ssrc=number32,
    payload=st.binary(max_size=100),
    marker=st.booleans(),
    csrc=st.lists(number32, max_size=15).map(tuple),
    padding=st.integers(0, 255),
)
extended = st.builds(
    lambda packet, profile, words: RtpPacket(
        packet.payload_type, packet.sequence_number, packet.timestamp, packet.ssrc, packet.payload,
        csrc=packet.csrc, extension_profile=profile, extension=b"".join(words),
    ),
    packets, st.integers(0, 65535), st.lists(st.binary(min_size=4, max_size=4), max_size=20),
)  # fmt: skip


@given(packets | extended)
def test_a_packet_survives_being_written_and_read(packet):
    assert RtpPacket.parse(bytes(packet)) == packet


def test_a_header_is_read_field_by_field():
    data = struct.pack(">BBHIII", 0x91, 0x80 | 111, 513, 160, 0xDEADBEEF, 42)
    data += struct.pack(">HHI", 0xBEDE, 1, 7) + b"opus"
    assert RtpPacket.parse(data) == RtpPacket(
        payload_type=111,
        sequence_number=513,
        timestamp=160,
        ssrc=0xDEADBEEF,
        payload=b"opus",
        marker=True,
        csrc=(42,),
        extension_profile=0xBEDE,
        extension=b"\0\0\0\7",
    )


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (bytes(5), "An RTP packet has at least 12 bytes; this one has 5."),
        (bytes(12), "An RTP packet is of version 2; this one says 0."),
        (b"\x90" + bytes(12), "The RTP packet ends within its header extension."),
        (b"\x8f" + bytes(12), "The RTP packet has 13 bytes; its header and padding claim 72."),
        (b"\xa0" + bytes(11), "The RTP packet has 12 bytes; its header and padding claim 12."),
        (
            b"\xa0" + bytes(11) + b"\7",
            "The RTP packet has 13 bytes; its header and padding claim 19.",
        ),
    ],
)
def test_what_is_no_packet_is_refused_in_one_sentence(data, sentence):
    with pytest.raises(CaptureError) as refusal:
        RtpPacket.parse(data)
    assert str(refusal.value) == sentence


@given(st.binary(max_size=60))
def test_random_bytes_are_a_packet_or_one_sentence(data):
    with suppress(CaptureError):
        assert len(bytes(RtpPacket.parse(data))) == len(data)
    assert protocol_of(data) in {"rtp", "rtcp", "stun", "dtls", "other"}


@pytest.mark.parametrize(
    ("first", "second", "length", "protocol"),
    [
        (0x80, 0, 12, "rtp"),
        (0x80, 0, 11, "other"),
        (0xBF, 127, 12, "rtp"),
        (0x80, 191, 12, "rtp"),
        (0x80, 192, 8, "rtcp"),
        (0x81, 200, 8, "rtcp"),
        (0x80, 223, 8, "rtcp"),
        (0x80, 224, 12, "rtp"),
        (22, 254, 13, "dtls"),
        (0xC0, 0, 12, "other"),
        (64, 0, 12, "other"),
    ],
)
def test_the_first_two_bytes_tell(first, second, length, protocol):
    assert protocol_of(bytes([first, second]) + bytes(length - 2)) == protocol


def test_stun_is_known_by_its_cookie():
    assert protocol_of(b"\0\1\0\0\x21\x12\xa4\x42" + bytes(12)) == "stun"
    assert protocol_of(b"\0\1\0\0" + bytes(16)) == "other"
