"""The ladder as a value and as text."""

import gzip

from voiplab.packets import Capture, Ladder, pcap_bytes
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
    assert all(line.count("│") >= 2 for line in lines[1:])
    assert sum("RTP PCMU" in line for line in lines) == 4


def test_the_text_of_a_small_call(captures):
    ladder = Ladder.of(Capture.open(captures / "baresip-opus.pcap"))
    drawn = [line[11:] for line in ladder.text().splitlines()[1:]]
    assert drawn == [
        "│────── INVITE (SDP) ─────▶│",
        "│◀───── 180 Ringing ───────│",
        "│◀─ 200 Answering (SDP) ───│",
        "│◀═════ 129 RTP opus ══════│",
        "│══════ 129 RTP opus ═════▶│",
        "│────────── ACK ──────────▶│",
        "│◀───────── BYE ───────────│",
        "│───────── 200 OK ────────▶│",
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
