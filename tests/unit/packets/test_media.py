"""Media is put to the call that agreed upon it: across NAT, and as the call goes on."""

import pytest

from voiplab.packets import Capture, Codec
from voiplab.packets.media import MediaPlan
from voiplab.packets.packet import Packet
from voiplab.packets.signalling import sip_messages

# Anna is at 10.0.0.5, which the network shows as 203.0.113.1; Bert's server is 192.0.2.2.
ANNA, BERT = "203.0.113.1:5060", "192.0.2.2:5060"


def address(end):
    name, _, port = end.rpartition(":")
    return name, int(port)


def invite(sdp, time_s=0.0, *, src=ANNA, dst=BERT, number=1):
    head = (
        b"INVITE sip:b@x SIP/2.0\r\nCall-ID: 1\r\nFrom: <sip:a@x>;tag=anna\r\nTo: <sip:b@x>%s\r\n"
        b"CSeq: %d INVITE\r\nc: application/sdp\r\n\r\n"
    )
    tag = b";tag=bert" if number > 1 else b""
    return Packet(time_s, *address(src), *address(dst), "udp", head % (tag, number) + sdp)


def answer(sdp, time_s=0.0, *, src=BERT, dst=ANNA, number=1):
    head = (
        b"SIP/2.0 200 OK\r\nCall-ID: 1\r\nFrom: <sip:a@x>;tag=anna\r\nTo: <sip:b@x>;tag=bert\r\n"
        b"CSeq: %d INVITE\r\nc: application/sdp\r\n\r\n"
    )
    return Packet(time_s, *address(src), *address(dst), "udp", head % number + sdp)


def audio(place, payload_type, codec, *, profile=b"RTP/AVP", more=b""):
    name, _, port = place.partition(b":")
    return (
        b"v=0\r\nc=IN IP4 %s\r\nm=audio %s %s %d\r\na=rtpmap:%d %s\r\n"
        % (name, port or b"4000", profile, payload_type, payload_type, codec)
    ) + more


def plan(*packets):
    return MediaPlan(sip_messages(packets))


def names(codecs):
    return {payload_type: codec.name for payload_type, codec in codecs.items()}


OFFER = invite(audio(b"10.0.0.5", 96, b"opus/48000/2"))
ANSWER = answer(audio(b"192.0.2.2:5000", 97, b"opus/48000/2"), 1.0)


def test_a_port_that_a_nat_keeps_is_known_at_the_address_the_message_came_from():
    agreed = plan(OFFER)
    assert agreed.call_id("198.51.100.9:9", "203.0.113.1:4000", 2) == "1"
    assert agreed.call_id("198.51.100.9:9", "203.0.113.1:4001", 2) == "1"
    assert agreed.call_id("198.51.100.9:9", "203.0.113.1:4002", 2) == ""


def test_media_sent_back_to_a_translated_port_follows_the_word_of_the_other_side():
    agreed = plan(OFFER, ANSWER)
    assert names(agreed.codecs("192.0.2.2:5000", "203.0.113.1:61234", 2)) == {
        96: "opus", 97: "opus"
    }  # fmt: skip
    to_anna = agreed.claims("192.0.2.2:5000", "203.0.113.1:61234", 2)
    assert [claim.party for claim in to_anna] == ["anna", "bert"]
    to_bert = agreed.claims("203.0.113.1:61234", "192.0.2.2:5000", 2)
    assert [claim.party for claim in to_bert] == ["bert", "anna"]


def test_the_word_of_the_receiver_counts_before_that_of_the_sender():
    agreed = plan(
        invite(audio(b"10.0.0.5", 96, b"opus/48000/2")),
        answer(audio(b"192.0.2.2:5000", 96, b"AMR/8000")),
    )
    assert agreed.codecs("192.0.2.2:5000", "203.0.113.1:61234", 2)[96].name == "opus"
    assert agreed.codecs("203.0.113.1:61234", "192.0.2.2:5000", 2)[96].name == "AMR"


def test_what_was_said_outright_counts_before_what_is_guessed():
    other = audio(b"203.0.113.1", 96, b"AMR/8000")
    outright = Packet(
        5.0, "203.0.113.1", 5060, "192.0.2.2", 5060, "udp",
        b"INVITE sip:b@x SIP/2.0\r\nCall-ID: 2\r\nc: application/sdp\r\n\r\n" + other,
    )  # fmt: skip
    assert plan(outright, OFFER).call_id("192.0.2.7:7", "203.0.113.1:4000", 0) == "2"


def test_candidates_are_places_too():
    line = b"a=candidate:1 1 UDP 2130706431 198.51.100.4 7000 typ host\r\na=candidate:x\r\n"
    agreed = plan(invite(audio(b"10.0.0.5", 96, b"opus/48000/2", more=line)))
    assert agreed.call_id("192.0.2.2:1", "198.51.100.4:7000", 1) == "1"


def test_a_refused_section_claims_nothing():
    agreed = plan(invite(audio(b"10.0.0.5:0", 96, b"opus/48000/2")))
    assert agreed.call_id("192.0.2.2:1", "203.0.113.1:0", 1) == ""


def test_sections_are_not_mixed_up():
    video = b"m=video 6000 RTP/AVP 96\r\na=rtpmap:96 VP8/90000\r\n"
    answered = b"m=video 7000 RTP/AVP 99\r\na=rtpmap:99 VP8/90000\r\n"
    agreed = plan(
        invite(audio(b"10.0.0.5", 96, b"opus/48000/2", more=video)),
        answer(audio(b"192.0.2.2:5000", 97, b"opus/48000/2", more=answered)),
    )
    assert names(agreed.codecs("203.0.113.1:1", "192.0.2.2:7000", 1)) == {96: "VP8", 99: "VP8"}


REOFFER = invite(audio(b"10.0.0.5", 98, b"AMR/8000"), 10.0, number=2)
REANSWER = answer(audio(b"192.0.2.2:5000", 98, b"AMR/8000"), 11.0, number=2)


@pytest.mark.parametrize("messages", [(OFFER, ANSWER, REOFFER, REANSWER),
                                      (REANSWER, REOFFER, ANSWER, OFFER)])  # fmt: skip
def test_numbers_that_a_reinvite_adds_are_known_along_with_the_first(messages):
    agreed = plan(*messages)
    for time_s in (5, 15):
        codecs = agreed.codecs("203.0.113.1:61234", "192.0.2.2:5000", time_s)
        assert names(codecs) == {96: "opus", 97: "opus", 98: "AMR"}


def test_a_number_that_changes_its_meaning_has_the_one_in_force():
    agreed = plan(OFFER, ANSWER, answer(audio(b"192.0.2.2:5000", 97, b"AMR/8000"), 11.0))
    ends = "203.0.113.1:61234", "192.0.2.2:5000"
    meanings = [agreed.codecs(*ends, time_s)[97] for time_s in (0.5, 5, 11, 15)]
    opus, amr = Codec("opus", 48000, 2), Codec("AMR", 8000)
    assert meanings == [opus, opus, amr, amr]


def test_media_is_encrypted_when_the_profile_says_so_or_both_have_keys():
    keys = b"a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:secret\r\n"
    ends = "203.0.113.1:61234", "192.0.2.2:5000"

    def encrypted(offered, answered, profile=b"RTP/AVP"):
        agreed = plan(
            invite(audio(b"10.0.0.5", 96, b"x/8000", more=offered, profile=profile)),
            answer(audio(b"192.0.2.2:5000", 96, b"x/8000", more=answered, profile=profile)),
        )
        return agreed.encrypted(*ends, 1)

    assert encrypted(b"", b"", b"RTP/SAVP")
    assert encrypted(keys, keys)
    assert encrypted(keys, b"a=fingerprint:sha-256 00:11\r\n")
    assert not encrypted(keys, b"")
    assert not encrypted(b"", b"")
    assert not plan(OFFER).encrypted("192.0.2.9:9", "192.0.2.8:8", 1)


def test_a_call_behind_a_nat_is_told_whole(build):
    """Both directions, with the codec that only the session description names."""
    there, back = ("203.0.113.1:61234", "192.0.2.2:5000"), ("192.0.2.2:5000", "203.0.113.1:61234")
    frames = [
        (0, build.udp_frame(OFFER.payload, ANNA, BERT)),
        (1, build.udp_frame(ANSWER.payload, BERT, ANNA)),
    ]
    for n in range(5):
        to_bert = build.rtp(n, 960 * n, payload_type=97, ssrc=1)
        to_anna = build.rtp(n, 960 * n, payload_type=96, ssrc=2)
        frames += [(20_000 * n + 10, build.udp_frame(to_bert, *there)),
                   (20_000 * n + 11, build.udp_frame(to_anna, *back))]  # fmt: skip
    capture = Capture.open(build.pcap(frames))
    assert capture.streams.codec.tolist() == ["opus", "opus"]
    assert capture.streams.call_id.tolist() == ["1", "1"]
    assert len(list(capture.call("1").packets())) == 12


def test_a_codec_that_a_reinvite_brings_is_known(build):
    frames = [
        (0, build.udp_frame(OFFER.payload, ANNA, BERT)),
        (1, build.udp_frame(ANSWER.payload, BERT, ANNA)),
        (10, build.udp_frame(REANSWER.payload, BERT, ANNA)),
    ]
    frames += [
        (20_000 * (n + 1), build.udp_frame(
            build.rtp(n, 160 * n, payload_type=98), "203.0.113.1:4000", "192.0.2.2:5000"
        ))
        for n in range(5)
    ]  # fmt: skip
    assert Capture.open(build.pcap(frames)).streams.codec.tolist() == ["AMR"]
