"""Keys pressed, as RFC 4733 packets and SIP INFO tell them."""

import gzip
import struct
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voiplab.errors import CaptureError
from voiplab.packets import Capture
from voiplab.packets.dtmf import TelephoneEvent, may_be_event

events = st.builds(
    TelephoneEvent,
    st.integers(0, 255), st.booleans(), st.integers(0, 63), st.integers(0, 65535),
)  # fmt: skip


@given(events)
def test_an_event_survives_being_written_and_read(event):
    assert TelephoneEvent.parse(bytes(event)) == event


@given(st.binary(max_size=8))
def test_random_bytes_are_an_event_or_one_sentence(data):
    with suppress(CaptureError):
        assert TelephoneEvent.parse(data).digit
    may_be_event(data)


def test_what_is_too_short_is_refused_in_one_sentence():
    with pytest.raises(CaptureError) as refusal:
        TelephoneEvent.parse(b"\1\2")
    assert str(refusal.value) == "A telephone event has 4 bytes; this one has 2."


def test_keys_have_their_names():
    assert "".join(TelephoneEvent(number).digit for number in range(16)) == "0123456789*#ABCD"


def offer(payload_type=101, rate=8000):
    return (
        b"INVITE sip:b@192.0.2.2 SIP/2.0\r\nCall-ID: 1\r\nc: application/sdp\r\n\r\n"
        b"v=0\r\nc=IN IP4 192.0.2.2\r\nm=audio 5000 RTP/AVP 0 %d\r\n"
        b"a=rtpmap:%d telephone-event/%d\r\n"
    ) % (payload_type, payload_type, rate)


def press(event, timestamp, durations, *, payload_type=101, ends=3):
    """The datagrams of a key; its end is said three times (RFC 4733, section 2.5.1.4)."""
    said = [(duration, 0) for duration in durations] + [(durations[-1], 0x80)] * ends
    return [
        struct.pack(">BBHII", 0x80, payload_type, number, timestamp, 7)
        + struct.pack(">BBH", event, end | 7, duration)
        for number, (duration, end) in enumerate(said)
    ]


def capture(build, *presses, sdp=None):
    datagrams = [datagram for each in presses for datagram in each]
    frames = [(0, build.udp_frame(sdp or offer(), "192.0.2.1:5060", "192.0.2.2:5060"))]
    frames += [(50_000 * (n + 1), build.udp_frame(data)) for n, data in enumerate(datagrams)]
    return Capture.open(build.pcap(frames))


def test_updates_and_retransmissions_are_one_key(build):
    table = capture(build, press(5, 1000, [160, 400, 800]), press(5, 9000, [400])).dtmf
    assert table.digit.tolist() == ["5", "5"]
    assert table.duration_ms.tolist() == [100, 50]
    assert table.packets.tolist() == [6, 4]
    assert table.time_s.tolist() == pytest.approx([0.05, 0.35])
    first = table.iloc[0]
    assert (first.src, first.dst) == ("192.0.2.1:4000", "192.0.2.2:5000")
    assert (first.volume_dbm0, first.ended, first.call_id) == (-7, True, "1")
    assert first.way == "RFC 4733"


def test_a_key_whose_end_never_came_is_told_as_such(build):
    row = capture(build, press(11, 1000, [160, 320], ends=0)).dtmf.iloc[0]
    assert (row.digit, row.ended, row.packets, row.duration_ms) == ("#", False, 2, 40)


def test_an_update_that_comes_late_shortens_nothing(build):
    datagrams = press(1, 1000, [160, 800])
    row = capture(build, [*datagrams[1:], datagrams[0]]).dtmf.iloc[0]
    assert (row.packets, row.duration_ms) == (5, 100)


def test_a_key_held_for_longer_than_the_field_can_say_is_one_key(build):
    segments = press(1, 1000, [40_000, 65_535], ends=0), press(1, 66_535, [8_000, 14_465])
    row = capture(build, *segments).dtmf.iloc[0]
    assert (row.packets, row.duration_ms, row.ended) == (7, 10_000, True)


def test_the_clock_and_the_payload_type_are_those_of_the_session_description(build):
    keys = press(0, 1000, [4800], payload_type=110), press(1, 9000, [4800], payload_type=101)
    table = capture(build, *keys, sdp=offer(110, 48_000)).dtmf
    assert table[["digit", "duration_ms"]].values.tolist() == [["0", 100]]


def test_what_no_session_description_calls_a_key_is_none(build):
    sdp = offer().replace(b"telephone-event", b"something-else")
    assert len(capture(build, press(5, 1000, [160]), sdp=sdp).dtmf) == 0


def test_the_same_timestamp_long_after_is_another_key(build):
    frames = [(0, build.udp_frame(offer(), "192.0.2.1:5060", "192.0.2.2:5060"))]
    frames += [(t, build.udp_frame(press(5, 0, [160])[0])) for t in (1_000_000, 9_000_000)]
    assert len(Capture.open(build.pcap(frames)).dtmf) == 2


def test_a_vlan_changes_nothing(build):
    plain = [(0, offer())] + [(n + 1, data) for n, data in enumerate(press(5, 0, [160, 320]))]
    frames = [(time, build.udp_frame(data)) for time, data in plain]
    tagged = [(time, f[:12] + b"\x81\0\0\5" + f[12:]) for time, f in frames]
    both = [Capture.open(build.pcap(each)).dtmf for each in (frames, tagged)]
    assert both[0].equals(both[1])
    assert both[0].packets.tolist() == [5]


def info(body, kind=b"application/dtmf-relay", number=2):
    head = (
        b"INFO sip:b@192.0.2.2 SIP/2.0\r\nCall-ID: 1\r\nFrom: <sip:a@x>;tag=1\r\nCSeq: %d INFO\r\n"
    )
    return head % number + b"Content-Type: %s\r\n\r\n" % kind + body


def pressed_by_info(build, *messages):
    frames = [(n, build.udp_frame(message)) for n, message in enumerate(messages)]
    return Capture.open(build.pcap(frames)).dtmf


@pytest.mark.parametrize(
    ("body", "kind", "digit", "duration_ms"),
    [
        (b"Signal=5\r\nDuration=160\r\n", b"application/dtmf-relay", "5", 160),
        (b"Signal= *\r\nDuration= 250", b"Application/DTMF-Relay; x=y", "*", 250),
        (b"signal=d", b"application/dtmf-relay", "D", None),
        (b"Signal=11\r\nDuration=x", b"application/dtmf-relay", "#", None),
        (b"Signal=16", b"application/dtmf-relay", "flash", None),
        (b" # \r\n", b"application/dtmf", "#", None),
    ],
)
def test_a_key_in_a_sip_info_is_read(build, body, kind, digit, duration_ms):
    (row,) = pressed_by_info(build, info(body, kind)).fillna(-1).itertuples()
    assert (row.digit, row.duration_ms) == (digit, duration_ms or -1)
    assert (row.packets, row.ended, row.call_id, row.way) == (1, True, "1", "SIP INFO")


@pytest.mark.parametrize("body", [b"", b"Duration=5", b"Signal=", b"Signal=99", b"Signal=\xff"])
def test_an_info_that_names_no_key_has_none(build, body):
    assert len(pressed_by_info(build, info(body))) == 0
    assert len(pressed_by_info(build, info(body, b"text/plain"))) == 0


def test_an_info_sent_again_is_the_same_key(build):
    messages = info(b"Signal=5"), info(b"Signal=5"), info(b"Signal=5", number=3)
    assert pressed_by_info(build, *messages).packets.tolist() == [2, 1]


def test_sipp_presses_a_key(captures):
    """As tshark's fields rtpevent.* say: event 1, 10 dB, 2240 units of 1/8000 s, each way."""
    table = Capture.open(captures / "sipp-g711a-dtmf.pcap").dtmf
    assert table.digit.tolist() == ["1", "1"]
    assert table.packets.tolist() == [10, 10]
    assert table.duration_ms.tolist() == [280, 280]
    assert table.volume_dbm0.tolist() == [-10, -10]
    assert table.ended.all()
    assert table.time_s.tolist() == pytest.approx([2.715881, 2.715951])


def test_keys_belong_to_a_call_and_a_receiver(captures):
    capture = Capture.open(captures / "sipp-g711a-dtmf.pcap")
    assert len(capture.call(capture.calls[0].call_id).dtmf) == 2
    assert capture.received_by("172.20.0.2").dtmf.dst.tolist() == ["172.20.0.2:6000"]


def test_a_key_that_two_captures_saw_is_one_key(captures):
    path = captures / "sipp-g711a-dtmf.pcap"
    once, twice = Capture.open(path), Capture.open(path, gzip.compress(path.read_bytes()))
    assert twice.dtmf.equals(once.dtmf)
