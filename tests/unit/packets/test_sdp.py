"""Session descriptions give what RTP needs of them."""

from hypothesis import given
from hypothesis import strategies as st

from voiplab.packets import Codec, SessionDescription

OFFER = b"""v=0\r
o=- 1 1 IN IP4 192.0.2.9\r
s=-\r
c=IN IP4 192.0.2.1\r
t=0 0\r
a=sendonly\r
m=audio 4000 RTP/SAVP 0 96 101 9\r
a=rtpmap:96 opus/48000/2\r
a=rtpmap:101 telephone-event/8000\r
a=recvonly\r
a=rtcp:4010 IN IP4 192.0.2.1\r
m=video 0 RTP/AVP 97\r
m=audio 5000/2 RTP/AVP 8\r
c=IN IP6 2001:db8::5\r
a=rtcp-mux\r
"""


def test_each_media_has_its_place_its_codecs_and_its_direction():
    described = SessionDescription.parse(OFFER)
    voice, video, second = described.media
    assert (voice.address, voice.port, voice.rtcp_port) == ("192.0.2.1", 4000, 4010)
    assert (voice.direction, voice.encrypted) == ("recvonly", True)
    assert voice.payload_types == (0, 96, 101, 9)
    assert voice.codecs == {
        0: Codec("PCMU", 8000),
        9: Codec("G722", 8000),
        96: Codec("opus", 48000, 2),
        101: Codec("telephone-event", 8000),
    }
    assert (video.kind, video.port, video.codecs) == ("video", 0, {})
    assert (second.address, second.port, second.rtcp_port) == ("2001:db8::5", 5000, 5000)
    assert (second.direction, second.encrypted) == ("sendonly", False)


def test_lines_that_make_no_sense_are_passed_over():
    described = SessionDescription.parse(
        b"m=audio\nm=audio x RTP/AVP 0\nm=audio 99999 RTP/AVP 0\n\xff\xfe\n"
        b"m=audio 7 RTP/AVP 0 x 300\n"
        b"a=rtpmap:x y\na=rtpmap:98\na=rtpmap:98 x/0\na=rtcp:99999999999999\n"
    )
    (media,) = described.media
    assert (media.port, media.payload_types, media.rtcp_port) == (7, (0,), 8)
    assert media.codecs == {0: Codec("PCMU", 8000)}


@given(st.data())
def test_damaged_descriptions_never_stop_the_reading(data):
    damaged = bytearray(OFFER)
    for _ in range(data.draw(st.integers(1, 20))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    for media in SessionDescription.parse(bytes(damaged)).media:
        assert 0 <= media.port <= 65535
        assert 0 <= media.rtcp_port <= 65535


@given(st.binary(max_size=300))
def test_random_bytes_never_stop_the_reading(data):
    assert SessionDescription.parse(b"m=audio 1 RTP/AVP 0\n" + data).media


KEYED = b"""v=0\r
c=IN IP4 192.0.2.1\r
a=fingerprint:sha-256 AA:BB\r
a=setup:actpass\r
m=audio 4000 UDP/TLS/RTP/SAVPF 111 101\r
a=rtpmap:111 opus/48000/2\r
a=fmtp:111 minptime=10; useinbandfec=1\r
a=fmtp:101 0-16\r
a=fmtp:999 x\r
a=fmtp:\r
a=ptime:20\r
a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz|2^20|1:4\r
a=crypto:2 AES_CM_128_HMAC_SHA1_32 inline:secret\r
a=crypto:3\r
a=candidate:1 1 UDP 2130706431 198.51.100.4 7000 typ host\r
a=candidate:2 2 UDP 1 198.51.100.4 99999 typ host\r
a=candidate:3\r
m=audio 5000 RTP/AVP 0\r
a=setup:passive\r
a=ptime:2.5\r
m=audio 6000 RTP/AVP 0\r
a=ptime:\xc2\xb2\r
"""


def test_keys_and_what_codecs_are_asked_are_told():
    first, second, third = SessionDescription.parse(KEYED).media
    assert first.fmtp == {111: "minptime=10; useinbandfec=1", 101: "0-16"}
    assert first.crypto_suites == ("AES_CM_128_HMAC_SHA1_80", "AES_CM_128_HMAC_SHA1_32")
    assert first.candidates == (("198.51.100.4", 7000),)
    assert [each.fingerprint for each in (first, second)] == ["sha-256 AA:BB"] * 2
    assert [each.setup for each in (first, second)] == ["actpass", "passive"]
    assert [each.ptime_ms for each in (first, second, third)] == [20, 2.5, None]
    assert (first.encrypted, second.encrypted, second.has_keys) == (True, False, True)


def test_no_key_is_kept():
    assert "inline" not in repr(SessionDescription.parse(KEYED))
