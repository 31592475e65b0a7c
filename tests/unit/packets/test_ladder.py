"""The ladder as a value and as text."""

import gzip

from voiplab.packets import Actor, Arrow, Band, Capture, Ladder, pcap_bytes
from voiplab.packets.packet import host


def test_a_call_through_asterisk_as_text(captures):
    capture = Capture.open(captures / "baresip-asterisk-tcp-udp.pcap")
    invites = capture.messages[capture.messages.method == "INVITE"]
    anna, asterisk, bert = (host(end) for end in [*invites.src, invites.dst.iloc[-1]])
    names = {anna: "Anna", asterisk: "Asterisk", bert: "Bert"}
    ladder = Ladder.of(capture.call(*capture.dialogs.call_id), names)
    assert [actor.name for actor in ladder.actors] == ["Anna", "Asterisk", "Bert"]
    assert [arrow.label for arrow in ladder.arrows] == capture.messages[
        capture.messages.call_id.isin(capture.dialogs.call_id)
    ].summary.tolist()
    assert [len(band.flows) for band in ladder.bands] == [2, 2]
    lines = ladder.text().splitlines()
    assert len({len(line) for line in lines[1:]}) == 1
    assert all(line.count("│") + line.count("║") >= 2 for line in lines[1:])
    assert sum("RTP PCMU" in line for line in lines) == 4


def test_the_text_of_a_small_call(captures):
    ladder = Ladder.of(Capture.open(captures / "baresip-opus.pcap"))
    drawn = [line[11:] for line in ladder.text().splitlines()[1:]]
    assert drawn == [
        "│────── INVITE (SDP) ─────▶│",
        "│◀───── 180 Ringing ───────│",
        "│◀──── RTCP APP: PING ─────│",
        "│◀─ 200 Answering (SDP) ───│",
        "│───── RTCP APP: PING ────▶│",
        "║◀═════ 129 RTP opus ══════║",
        "║══════ 129 RTP opus ═════▶║",
        "║────────── ACK ──────────▶║",
        "│◀───────── BYE ───────────│",
        "│───────── 200 OK ────────▶│",
        "│◀──── RTCP BYE: Adjo ─────│",
        "│───── RTCP BYE: Adjo ────▶│",
    ]


def test_messages_are_of_the_class_that_gives_them_their_colour(captures):
    ladder = Ladder.of(Capture.open(captures / "baresip-opus.pcap"))
    kinds = [arrow.kind for arrow in ladder.arrows]
    assert kinds == ["request", "provisional", "success", "request", "request", "success"]
    assert ladder.arrows[0].text.startswith("INVITE sip:bert@")


def test_a_stream_that_two_captures_saw_is_told_once(captures):
    path = captures / "baresip-opus.pcap"
    once, twice = Capture.open(path), Capture.open(path, gzip.compress(path.read_bytes()))
    assert Ladder.of(once).text() == Ladder.of(twice).text()


def test_a_long_ladder_is_drawn_as_far_as_asked_with_only_the_hosts_it_needs(captures):
    ladder = Ladder.of(Capture.open(captures / "baresip-asterisk-tcp-udp.pcap"))
    assert len(ladder.actors) == 3
    upper = ladder.first(2)
    assert [arrow.label for arrow in upper.arrows] == ["REGISTER", "200 OK"]
    assert len(upper.actors) == 2
    drawn = ladder.text(most=2).splitlines()
    assert drawn[:-1] == upper.text().splitlines()
    assert drawn[-1] == f"… and {len(ladder.rungs) - 2} more"
    assert ladder.first(len(ladder.rungs)) == ladder


def test_a_host_that_talks_to_itself_has_one_lifeline(captures):
    ladder = Ladder.of(Capture.open(captures / "sipp-ipv6-cooked.pcap"))
    assert [actor.name for actor in ladder.actors] == ["::1"]
    assert "↻ INVITE (SDP)" in ladder.text()


def test_a_capture_without_telephony_is_an_empty_ladder():
    assert Ladder.of(Capture.open(pcap_bytes([]))) == Ladder((), ())
    assert Ladder((), ()).text() == ""


SDP = b"v=0\r\nc=IN IP4 192.0.2.%d\r\nm=audio 4000 RTP/AVP 0\r\n"


def message(  # noqa: PLR0913 - what a message is made of
    build, time_s, first, *, cseq="1 INVITE", to_tag="", sender=1, body=b""
):
    head = [
        first, "Via: SIP/2.0/UDP 192.0.2.1", "From: <sip:anna@lab>;tag=a",
        f"To: <sip:bert@lab>{to_tag and ';tag=' + to_tag}", "Call-ID: 1@lab", f"CSeq: {cseq}",
        f"Content-Length: {len(body)}", "Content-Type: application/sdp", "", "",
    ]  # fmt: skip
    src, dst = f"192.0.2.{sender}:5060", f"192.0.2.{3 - sender}:5060"
    return round(time_s * 1e6), build.udp_frame("\r\n".join(head).encode() + body, src, dst)


def speech(build, first_s, last_s, sender=1, begin=0):
    src, dst = f"192.0.2.{sender}:4000", f"192.0.2.{3 - sender}:4000"
    count = round((last_s - first_s) / 0.02) + 1
    return [
        (
            round((first_s + 0.02 * n) * 1e6),
            build.udp_frame(build.rtp(begin + n, 160 * (begin + n), ssrc=sender), src, dst),
        )
        for n in range(count)
    ]


def report(build, time_s, sender=1, lost=3, *, goodbye=False):
    src, dst = f"192.0.2.{sender}:4001", f"192.0.2.{3 - sender}:4001"
    words = [sender, 3 - sender, lost, 0, 8, 0, 0]
    packet = b"\x81\xc9\x00\x07" + b"".join(word.to_bytes(4) for word in words)
    if goodbye:
        packet += b"\x81\xcb\x00\x01" + sender.to_bytes(4)
    return round(time_s * 1e6), build.udp_frame(packet, src, dst)


def opening(build):
    return [
        message(build, 0.0, "INVITE sip:bert@lab SIP/2.0", body=SDP % 1),
        message(build, 0.1, "SIP/2.0 200 OK", to_tag="b", sender=2, body=SDP % 2),
        message(build, 0.2, "ACK sip:bert@lab SIP/2.0", cseq="1 ACK", to_tag="b"),
    ]


def ladder_of(build, *frames):
    return Ladder.of(Capture.open(build.pcap(sorted(frames))))


def labels(ladder):
    return [rung.label for rung in ladder.rungs if not isinstance(rung, Band)]


def test_a_message_that_comes_again_is_marked_as_retransmitted(build):
    first = message(build, 0.0, "INVITE sip:bert@lab SIP/2.0")
    ladder = ladder_of(build, first, (500_000, first[1]))
    assert [arrow.retransmitted for arrow in ladder.arrows] == [False, True]
    assert labels(ladder) == ["INVITE", "INVITE, retransmitted"]
    assert "╌ INVITE, retransmitted ╌" in ladder.text()


def test_a_message_of_another_transaction_is_no_retransmission(build):
    ladder = ladder_of(
        build,
        message(build, 0.0, "INVITE sip:bert@lab SIP/2.0"),
        message(build, 1.0, "INVITE sip:bert@lab SIP/2.0", cseq="2 INVITE"),
    )
    assert not any(arrow.retransmitted for arrow in ladder.arrows)


def test_reports_in_a_row_are_told_once_a_direction(build):
    reports = [report(build, 1 + n, sender, lost=n) for n in range(5) for sender in (1, 2)]
    bye = message(build, 7.0, "BYE sip:bert@lab SIP/2.0", cseq="2 BYE", to_tag="b")
    last = report(build, 7.5, lost=9)
    leave = report(build, 7.6, lost=9, goodbye=True)
    ladder = ladder_of(build, *opening(build), *reports, bye, last, leave, *speech(build, 0.3, 6.0))
    assert labels(ladder)[3:] == [
        "5 × RTCP RR: 4 lost",
        "5 × RTCP RR: 4 lost, jitter 1.0 ms",
        "BYE",
        "RTCP RR: 9 lost",
        "RTCP RR, BYE: 9 lost",
    ]
    folded = next(rung for rung in ladder.rungs if getattr(rung, "kind", "") == "rtcp")
    assert len(folded.text.splitlines()) == 5
    assert [arrow.label for arrow in ladder.arrows] == [
        "INVITE (SDP)",
        "200 OK (SDP)",
        "ACK",
        "BYE",
    ]


def test_hundreds_of_reports_do_not_drown_the_ladder(build):
    reports = [report(build, 1 + 5 * n) for n in range(300)]
    ladder = ladder_of(build, *opening(build), *reports)
    (folded,) = [rung for rung in ladder.rungs if rung.kind == "rtcp"]
    assert folded.label.startswith("300 × RTCP RR")
    assert folded.text.startswith("The last 50 of 300:\n")


def test_keys_are_told_one_by_one_and_not_as_media(captures):
    ladder = Ladder.of(Capture.open(captures / "sipp-g711a-dtmf.pcap"))
    keys = [rung for rung in ladder.rungs if getattr(rung, "kind", "") == "dtmf"]
    assert [key.label for key in keys] == ["key 1, 280 ms", "key 1, 280 ms"]
    assert [flow.codec for flow in ladder.bands[0].flows] == ["PCMA", "PCMA"]


def test_a_key_in_an_info_is_told_by_its_message(build):
    info = message(
        build, 1.0, "INFO sip:bert@lab SIP/2.0", cseq="2 INFO", to_tag="b",
        body=b"Signal=5\r\nDuration=160\r\n",
    )  # fmt: skip
    relayed = info[1].replace(b"application/sdp\r\n", b"application/dtmf-relay\r\n")
    relay = build.udp_frame(relayed[42:], "192.0.2.1:5060", "192.0.2.2:5060")
    ladder = ladder_of(build, *opening(build), (info[0], relay))
    assert labels(ladder)[-1] == "INFO: key 5, 160 ms"


def test_a_call_on_hold_has_a_band_before_and_one_after(build):
    def held(first_s, last_s, begin):
        return speech(build, first_s, last_s, 1, begin) + speech(build, first_s, last_s, 2, begin)

    hold = message(
        build, 2.0, "INVITE sip:bert@lab SIP/2.0", cseq="2 INVITE", to_tag="b", body=SDP % 1
    )
    resume = message(
        build, 7.9, "INVITE sip:bert@lab SIP/2.0", cseq="3 INVITE", to_tag="b", body=SDP % 1
    )
    ladder = ladder_of(build, *opening(build), *held(0.5, 2.0, 0), hold, resume, *held(8, 9, 76))
    assert [(round(band.time_s, 2), round(band.end_s, 2)) for band in ladder.bands] == [
        (0.5, 2.0),
        (8.0, 9.0),
    ]
    assert [[flow.packets for flow in band.flows] for band in ladder.bands] == [[76, 76], [51, 51]]
    kinds = ["band" if isinstance(rung, Band) else rung.label for rung in ladder.rungs]
    assert kinds[3:] == ["band", "INVITE (SDP)", "INVITE (SDP)", "band"]


def test_silence_of_one_side_does_not_part_a_band(build):
    hold = message(
        build, 3.0, "INVITE sip:bert@lab SIP/2.0", cseq="2 INVITE", to_tag="b", body=SDP % 1
    )
    quiet = speech(build, 0.5, 1.0, 1) + speech(build, 8.0, 9.0, 1, 26)
    ladder = ladder_of(build, *opening(build), hold, *quiet, *speech(build, 0.5, 9.0, 2))
    (band,) = ladder.bands
    assert sorted(flow.packets for flow in band.flows) == [77, 426]


def test_addresses_of_one_name_are_one_actor(captures):
    capture = Capture.open(captures / "baresip-asterisk-tcp-udp.pcap")
    names = {"172.20.0.3": "lab", "172.20.0.4": "lab"}
    ladder = Ladder.of(capture, names)
    assert [actor.name for actor in ladder.actors] == ["lab", "172.20.0.5"]
    assert "↻ REGISTER" in ladder.text()


def test_nothing_from_the_network_steers_the_terminal(build):
    frame = message(build, 0.0, "SIP/2.0 486 Busy\x1b[2J\xff", to_tag="b")
    raw = frame[1].replace("\xff".encode(), b"\xff")
    sick = build.udp_frame(raw[42:], "192.0.2.1:5060", "192.0.2.2:5060")
    ladder = ladder_of(build, message(build, 0.0, "INVITE sip:bert@lab SIP/2.0"), (1, sick))
    assert ladder.arrows[1].label == "486 Busy�[2J�"
    assert "\x1b" not in ladder.text() + ladder.html()
    ladder.text().encode()


def test_four_hosts_and_long_labels_stay_within_a_wide_terminal():
    actors = tuple(Actor(f"192.0.2.{n}", f"192.0.2.{n}") for n in range(4))
    said = "503 Service Unavailable because of a reason that goes on and on"
    arrows = tuple(Arrow(0.1 * n, n % 3, n % 3 + 1, said, "failure", said) for n in range(40))
    lines = Ladder(actors, arrows).text().splitlines()
    assert len(lines) == 41
    assert max(map(len, lines)) <= 180
    assert "on…" in lines[1] or "…" in lines[1]


def test_a_drawing_ends_before_there_is_no_more_room_for_actors():
    actors = tuple(Actor(f"192.0.2.{n}", f"192.0.2.{n}") for n in range(30))
    arrows = tuple(Arrow(0.1 * n, n, n + 1, "OPTIONS", "request", "OPTIONS") for n in range(29))
    ladder = Ladder(actors, arrows)
    assert ladder.text().splitlines()[-1] == "… and 22 more"
    assert "… and 22 more" in ladder.html()
    assert ladder.first(29) == ladder


def test_many_streams_between_two_hosts_are_told_together(build):
    def stream(ssrc):
        ends = f"192.0.2.1:{4000 + 2 * ssrc}", f"192.0.2.2:{4000 + 2 * ssrc}"
        return [
            (20_000 * n, build.udp_frame(build.rtp(n, 160 * n, ssrc=ssrc), *ends)) for n in range(5)
        ]

    few = ladder_of(build, *(frame for ssrc in range(1, 7) for frame in stream(ssrc)))
    assert [flow.label for flow in few.bands[0].flows] == ["5 RTP PCMU"] * 6
    many = ladder_of(build, *(frame for ssrc in range(1, 41) for frame in stream(ssrc)))
    assert [flow.label for flow in many.bands[0].flows] == ["200 RTP PCMU in 40 streams"]


def test_each_line_of_the_text_is_of_a_class(captures):
    ladder = Ladder.of(Capture.open(captures / "sipp-g711a-dtmf.pcap"))
    kinds = [kind for _, kind in ladder.lines()]
    assert kinds == [
        "", "request", "provisional", "success", "request", "media", "media", "dtmf", "dtmf",
        "request", "success",
    ]  # fmt: skip
    assert ladder.lines(3)[-1] == (f"… and {len(ladder.rungs) - 3} more", "")


def test_what_is_encrypted_is_told_as_such(captures):
    ladder = Ladder.of(Capture.open(captures / "baresip-dtls-srtp.pcap"))
    assert [flow.label for flow in ladder.bands[0].flows] == ["83 SRTP opus", "82 SRTP opus"]
    reports = [rung.label for rung in ladder.rungs if getattr(rung, "kind", "") == "rtcp"]
    assert reports == ["2 × SRTCP APP", "2 × SRTCP APP", "SRTCP BYE", "SRTCP BYE"]
