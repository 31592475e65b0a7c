"""Opus through Ogg: against opus-tools' reading of the file, and with losses."""

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from voiplab.packets import Capture
from voiplab.packets.ogg import ogg_opus
from voiplab.packets.opus import decode, duration
from voiplab.packets.payloads import payloads_of

PACKET = 960


@pytest.fixture(scope="module")
def packets(captures):
    stream = Capture.open(captures / "baresip-opus.pcap").stream(0)
    return payloads_of(stream.reader, stream.key).payload


def test_a_packet_says_how_long_it_lasts(packets):
    assert {duration(packet) for packet in packets} == {PACKET}


# RFC 6716, sections 3.1 and 3.2: mode, number of frames and their sizes, then what breaks them.
@pytest.mark.parametrize(
    ("packet", "samples"),
    [
        (bytes([0 << 3]) + bytes(9), 480),
        (bytes([3 << 3]) + bytes(9), 2880),
        (bytes([13 << 3]) + bytes(9), 960),
        (bytes([16 << 3]) + bytes(9), 120),
        (bytes([31 << 3]) + bytes(9), 960),
        (bytes([31 << 3 | 1]) + bytes(8), 1920),
        (bytes([31 << 3 | 1]) + bytes(9), 0),
        (bytes([31 << 3 | 2, 3]) + bytes(8), 1920),
        (bytes([31 << 3 | 2, 9]) + bytes(8), 0),
        (bytes([31 << 3 | 2, 252, 1]) + bytes(300), 1920),
        (bytes([31 << 3 | 3, 3]) + bytes(9), 2880),
        (bytes([31 << 3 | 3, 3]) + bytes(10), 0),
        (bytes([31 << 3 | 3, 0x40 | 3, 2]) + bytes(11), 2880),
        (bytes([31 << 3 | 3, 0x80 | 3, 1, 2]) + bytes(9), 2880),
        (bytes([31 << 3 | 3, 0x80 | 3, 5, 5]) + bytes(9), 0),
        (bytes([31 << 3 | 3, 0]), 0),
        (bytes([31 << 3 | 3, 0x40 | 1]), 0),
        (bytes([31 << 3 | 3, 0x40 | 1, 255]), 0),
        (bytes([31 << 3 | 3, 7]) + bytes(7), 0),
        (bytes([0]) + bytes(1275), 480),
        (bytes([0]) + bytes(1276), 0),
        (b"", 0),
    ],
)
def test_a_packet_that_breaks_the_rules_is_none(packet, samples):
    assert duration(packet) == samples


def test_the_file_is_one_that_ogg_readers_take(packets, tmp_path):
    path = tmp_path / "speech.opus"
    path.write_bytes(ogg_opus(packets * 5, [PACKET] * len(packets) * 5))
    info = soundfile.info(path)
    assert (info.format, info.subtype, info.samplerate) == ("OGG", "OPUS", 48000)
    assert info.frames == PACKET * len(packets) * 5


def test_long_packets_need_several_segments():
    packet = bytes([31 << 3]) + bytes(1000)
    samples, each = decode([packet] * 200)
    assert (len(samples), set(each)) == (200 * PACKET, {PACKET})


def test_only_the_lost_packet_and_what_follows_it_sound_different(packets):
    whole, _ = decode(packets)
    lossy, each = decode([*packets[:80], None, *packets[81:]])
    assert set(each) == {PACKET}
    unlike = np.abs(whole - lossy).reshape(-1, PACKET).max(axis=1)
    assert unlike[:80].max() == 0
    assert unlike[80] > 0.01
    assert unlike[90:].max() < 0.01


def test_a_loss_is_concealed_with_something_like_the_speech_before_it(packets):
    whole, _ = decode(packets)
    lossy, _ = decode([*packets[:80], None, *packets[81:]])
    there = slice(80 * PACKET, 81 * PACKET)
    again, _ = decode([*packets[:80], packets[79], *packets[81:]])
    assert np.abs(lossy[there] - again[there]).max() > 0.01
    assert 0.2 < np.linalg.norm(lossy[there]) / np.linalg.norm(whole[there]) < 2


def test_what_is_missing_at_the_beginning_has_no_length(packets):
    samples, each = decode([None, b"", *packets[:5]])
    assert each == [0, 0] + [PACKET] * 5
    assert np.array_equal(samples, decode(packets[:5])[0])
    assert decode([None])[1] == [0]


@settings(max_examples=50, deadline=None)
@given(st.lists(st.binary(max_size=60) | st.none(), max_size=20))
def test_any_bytes_give_as_many_samples_as_promised(payloads):
    samples, each = decode(payloads)
    assert len(samples) == sum(each)
    assert np.isfinite(samples).all()
