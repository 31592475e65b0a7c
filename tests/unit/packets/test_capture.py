"""Captures read as telephony: calls, streams, and the parts that belong to one of them."""

import gzip
import subprocess
import sys

import pytest

from voiplab.errors import CaptureError
from voiplab.packets import Capture, pcap_bytes, read_packets, write_pcap


@pytest.fixture(scope="module")
def bridged(captures):
    """Two calls as Asterisk saw them: Anna's over TCP, and the one to Bert that it made of it."""
    return Capture.open(captures / "baresip-asterisk-tcp-udp.pcap")


def test_calls_are_told_with_their_times(bridged):
    to_asterisk, to_bert = bridged.calls
    assert (to_asterisk.caller, to_asterisk.callee) == ("anna", "bert")
    assert (to_bert.status, to_bert.reason) == (200, "Answering")
    assert to_asterisk.hung_up_by == to_bert.hung_up_by == "callee"
    messages = bridged.messages

    def at(summary, call_id):
        mine = messages[messages.call_id == call_id]
        return mine[mine.summary == summary].time_s.iloc[0]

    row = bridged.dialogs.iloc[0]
    ringing, invited = at("180 Ringing", row.call_id), at("INVITE (SDP)", row.call_id)
    assert row.pdd_ms == pytest.approx(1000 * (ringing - invited))
    answered = at("200 OK (SDP)", row.call_id)
    assert row.ring_s == pytest.approx(answered - ringing)
    assert row.talk_s == pytest.approx(at("BYE", row.call_id) - answered)
    assert 3 < row.talk_s < 5


def test_a_registration_is_no_call(bridged):
    assert "REGISTER" in set(bridged.messages.method)
    assert len(bridged.dialogs) == 2


def test_streams_carry_the_call_that_negotiated_them(bridged):
    by_call = bridged.streams.groupby("call_id").size()
    assert by_call.to_dict() == dict.fromkeys(bridged.dialogs.call_id, 2)


def test_one_call_is_cut_out_of_a_capture(bridged, tmp_path):
    call_id = bridged.dialogs.call_id[1]
    path = tmp_path / "call.pcap"
    write_pcap(path, bridged.call(call_id).packets())
    alone = Capture.open(path)
    assert alone.dialogs.call_id.tolist() == [call_id]
    assert set(alone.messages.method) == {"INVITE", "", "ACK", "BYE"}
    kept = bridged.streams[bridged.streams.call_id == call_id]
    columns = ["src", "dst", "ssrc", "codec", "packets", "lost", "jitter_ms_max"]
    assert alone.streams[columns].values.tolist() == kept[columns].values.tolist()
    whole = {packet.payload for packet in read_packets(path)}
    assert whole < {packet.payload for packet in bridged.packets()}


def test_a_call_over_tcp_is_cut_out_with_the_segments_that_carry_it(bridged, tmp_path):
    call_id = bridged.dialogs.call_id[0]
    path = tmp_path / "call.pcap"
    write_pcap(path, bridged.call(call_id).packets())
    alone = Capture.open(path)
    seen, cut = (
        [each.message for each in part.signalling if each.message.call_id == call_id]
        for part in (bridged, alone)
    )
    assert cut == seen


def test_all_calls_at_once_are_the_two_together(bridged):
    both = bridged.call(*bridged.dialogs.call_id)
    apart = [bridged.call(call_id) for call_id in bridged.dialogs.call_id]
    assert len(both.streams) == sum(len(each.streams) for each in apart)
    assert len(both.messages) == sum(len(each.messages) for each in apart)


def test_a_call_that_was_not_captured_is_named(bridged, captures):
    with pytest.raises(CaptureError) as refusal:
        bridged.call("nobody@nowhere")
    assert str(refusal.value) == (
        f"{captures / 'baresip-asterisk-tcp-udp.pcap'} holds no SIP message of the call "
        "'nobody@nowhere'. It holds 4 other Call-IDs: see the column call_id of `messages`."
    )


def test_what_a_host_received_is_what_was_sent_to_it(bridged):
    for address in {src.rpartition(":")[0] for src in bridged.streams.src}:
        part = bridged.received_by(address)
        assert {dst.rpartition(":")[0] for dst in part.streams.dst} == {address}
        assert {dst.rpartition(":")[0] for dst in part.messages.dst} == {address}
        assert {packet.dst for packet in part.packets()} == {address}


def test_times_count_from_the_first_frame_of_all(captures):
    names = "baresip-opus", "sipp-g711a-dtmf"
    parts = [Capture.open(captures / f"{name}.pcap") for name in names]
    merged = Capture.open(*(captures / f"{name}.pcap" for name in reversed(names)))
    assert merged.start_s == min(part.start_s for part in parts)
    assert len(merged.messages) == sum(len(part.messages) for part in parts)
    assert merged.messages.time_s.is_monotonic_increasing
    times = [packet.time_s for packet in merged.packets()]
    assert times == sorted(times)


def test_a_message_that_two_captures_saw_is_one_message(captures):
    path = captures / "baresip-opus.pcap"
    once, twice = Capture.open(path), Capture.open(path, gzip.compress(path.read_bytes()))
    assert twice.messages.equals(once.messages)
    assert twice.dialogs.equals(once.dialogs)
    assert len(twice.streams) == 2 * len(once.streams)


def invite(tag):
    head = b"INVITE sip:b SIP/2.0\r\nCall-ID: 1\r\nFrom: <sip:a@x>;tag=%s\r\n"
    return head % tag + b"CSeq: 1 INVITE\r\n\r\n"


def test_a_retransmission_in_one_capture_stays(build):
    frames = [(0, build.udp_frame(invite(b"one"))), (500_000, build.udp_frame(invite(b"one")))]
    capture = Capture.open(build.pcap(frames))
    assert capture.messages.time_s.tolist() == [0, 0.5]
    assert len(capture.dialogs) == 1


def test_two_calls_that_share_a_call_id_stay_two(build):
    frames = [(0, build.udp_frame(invite(b"one"))), (1, build.udp_frame(invite(b"two")))]
    assert len(Capture.open(build.pcap(frames)).dialogs) == 2


@pytest.mark.parametrize(
    ("responses", "status"),
    [([401, 200], 200), ([407, 486], 486), ([401], 401), ([180], None), ([180, 487], 487)],
)
def test_the_status_of_a_call_is_its_last_word_after_authentication(build, responses, status):
    head = b"Call-ID: 1\r\nFrom: <sip:a@x>;tag=1\r\nTo: <sip:b@x>"
    frames = []
    for number, code in enumerate(responses):
        cseq = b"CSeq: %d INVITE\r\n\r\n" % number
        invite = b"INVITE sip:b SIP/2.0\r\n" + head + b"\r\n" + cseq
        response = b"SIP/2.0 %d Word\r\n" % code + head + b";tag=2\r\n" + cseq
        frames += [build.udp_frame(invite), build.udp_frame(response)]
    capture = Capture.open(build.pcap(list(enumerate(frames))))
    assert capture.calls[0].status == status


def test_rtp_without_sip_is_found_and_other_datagrams_are_not(build):
    frames = [build.udp_frame(build.rtp(n, 160 * n)) for n in range(10)]
    chance = [build.udp_frame(b"\x80" + bytes([0, n, 9 * n, 7]) + bytes(20), dst="192.0.2.9:53")
              for n in range(10)]  # fmt: skip
    unknown = [build.udp_frame(build.rtp(n, payload_type=99), src="192.0.2.7:1") for n in range(3)]
    capture = Capture.open(build.pcap(list(enumerate(frames + chance + unknown))))
    assert capture.streams.codec.tolist()[0] == "PCMU"
    assert capture.streams.packets.tolist() == [10, 3]
    assert capture.streams.jitter_ms_max.isna().tolist() == [False, True]


def test_the_slow_path_measures_what_the_fast_one_does(build, captures):
    """In a VLAN no frame is read as plain Ethernet: the figures must stay the same."""
    path = captures / "impaired-g722.pcap"
    tagged = [
        (round(packet.time_s * 1e6), frame.data[:12] + b"\x81\0\0\5" + frame.data[12:])
        for packet in read_packets(path)
        for frame in packet.frames
    ]
    plain, vlan = Capture.open(path).streams, Capture.open(build.pcap(tagged)).streams
    assert plain.drop(columns="capture").equals(vlan.drop(columns="capture"))


def test_dtmf_belongs_to_its_stream_and_leaves_its_jitter_alone(build):
    spoken = [(20_000 * n, build.udp_frame(build.rtp(n, 160 * n))) for n in range(50)]
    sdp = b"v=0\r\nc=IN IP4 192.0.2.2\r\nm=audio 5000 RTP/AVP 0 96\r\n"
    sdp += b"a=rtpmap:96 telephone-event/8000"
    offer = b"INVITE sip:b SIP/2.0\r\nCall-ID: 1\r\nContent-Type: application/sdp\r\n\r\n" + sdp
    dialled = [
        (20_000 * n, build.udp_frame(build.rtp(n, 160 * 20, payload_type=96, payload=bytes(4))))
        for n in range(20, 30)
    ]
    frames = [(0, build.udp_frame(offer)), *spoken[:20], *dialled, *spoken[30:]]
    row = Capture.open(build.pcap(frames)).streams.iloc[0]
    assert (row.packets, row.lost, row.codec, row.call_id) == (50, 0, "PCMU", "1")
    assert row.jitter_ms_max == pytest.approx(0, abs=1e-3)


def test_a_port_used_by_one_call_after_another_belongs_to_each_in_its_time(build):
    def offer(call_id):
        sdp = b"v=0\r\nc=IN IP4 192.0.2.2\r\nm=audio 5000 RTP/AVP 0\r\n"
        head = b"INVITE sip:b SIP/2.0\r\nCall-ID: %s\r\nContent-Type: application/sdp\r\n\r\n"
        return build.udp_frame(head % call_id + sdp)

    media = [[build.udp_frame(build.rtp(n, ssrc=ssrc)) for n in range(4)] for ssrc in (1, 2)]
    frames = [offer(b"one"), *media[0], offer(b"two"), *media[1]]
    capture = Capture.open(build.pcap([(1000 * n, frame) for n, frame in enumerate(frames)]))
    assert capture.streams.call_id.tolist() == ["one", "two"]
    assert [len(list(capture.call(name).packets())) for name in ("one", "two")] == [5, 5]


def described(kind, address, port, lines, *, call_id=b"1"):
    sdp = b"v=0\r\nc=IN IP4 %s\r\nm=audio %d RTP/AVP 96\r\n" % (address, port) + lines
    return kind + b"\r\nCall-ID: %s\r\nc: application/sdp\r\n\r\n" % call_id + sdp


def test_a_payload_type_is_what_the_receiver_said_it_is(build):
    offer = described(b"INVITE sip:b SIP/2.0", b"192.0.2.1", 4000, b"a=rtpmap:96 opus/48000/2")
    answer = described(b"SIP/2.0 200 OK", b"192.0.2.2", 5000, b"a=rtpmap:96 AMR/8000")
    media = [build.udp_frame(build.rtp(n, payload_type=96)) for n in range(3)]
    frames = [build.udp_frame(offer), build.udp_frame(answer), *media]
    assert Capture.open(build.pcap(list(enumerate(frames)))).streams.codec.tolist() == ["AMR"]


def test_rtcp_belongs_to_its_call_and_is_no_stream(build):
    offer = described(b"INVITE sip:b SIP/2.0", b"192.0.2.2", 5000, b"a=rtcp:5007")
    reports = [
        build.udp_frame(bytes([0x80, kind, 0, number]) + bytes(40), dst="192.0.2.2:5007")
        for number, kind in enumerate([200, 200, 201, 202, 203, 204, 207])
    ]
    frames = [build.udp_frame(offer), *reports]
    capture = Capture.open(build.pcap(list(enumerate(frames))))
    assert len(capture.streams) == 0
    assert len(list(capture.call("1").packets())) == len(frames)


def test_a_clock_that_jumps_back_stops_nothing(build):
    times = [*range(1000, 1010), *range(10)]
    frames = [(20_000 * t, build.udp_frame(build.rtp(n, 160 * n))) for n, t in enumerate(times)]
    capture = Capture.open(build.pcap(frames))
    row = capture.streams.iloc[0]
    assert (row.packets, row.lost) == (20, 0)
    assert row.duration_s >= 0
    assert capture.timeline(0).packets.sum() == 20


def test_a_truncated_capture_says_so_and_gives_what_it_holds(captures):
    content = (captures / "baresip-opus.pcap").read_bytes()
    capture = Capture.open(content[:20_000])
    assert capture.truncated
    assert capture.problems == ("A capture of 20000 bytes ends in the middle of a packet.",)
    assert capture.streams.packets.sum() > 50
    assert not Capture.open(content).truncated


def test_an_empty_but_valid_capture_has_empty_tables():
    capture = Capture.open(pcap_bytes([]))
    assert [len(t) for t in (capture.messages, capture.dialogs, capture.streams)] == [0, 0, 0]
    assert "jitter_ms_mean" in capture.streams
    assert (list(capture.packets()), capture.truncated) == ([], False)


def test_a_stream_that_is_not_there_is_named():
    with pytest.raises(CaptureError, match="There is no stream 3: this capture has 0"):
        Capture.open(pcap_bytes([])).stream(3)


def test_a_stream_is_asked_for_by_row_or_number(bridged):
    assert bridged.timeline(bridged.streams.iloc[2]).equals(bridged.timeline(2))


def test_nothing_is_opened_without_a_file():
    with pytest.raises(CaptureError, match="There is no capture to open: give at least one file"):
        Capture.open()


def test_importing_the_package_loads_neither_numpy_nor_pandas():
    command = "import sys, voiplab.packets; print({'numpy', 'pandas'} & set(sys.modules))"
    ran = subprocess.check_output([sys.executable, "-c", command], text=True)
    assert ran.strip() == "set()"
