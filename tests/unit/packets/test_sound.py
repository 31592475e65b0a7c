"""Streams decoded to what their receivers heard."""

import gzip
import io
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from voiplab.errors import CaptureError
from voiplab.evidence import Evidence
from voiplab.packets import AdaptiveBuffer, Capture, FixedBuffer, pcap_bytes
from voiplab.packets.g711 import A_LAW, MU_LAW

CALL = Path(__file__).parents[2] / "fixtures" / "evidence" / "2001-2002"
SOUNDS = CALL.parents[1] / "sound"
TONE = 0x30  # a µ-law byte far from silence
PACKET = 160


def best_match(sound, part):
    """Return where a part lies in a sound, and how well it matches there."""
    size = len(sound) + len(part)
    spectrum = np.fft.rfft(sound, size) * np.conj(np.fft.rfft(part, size))
    at = int(np.argmax(np.fft.irfft(spectrum, size)[: len(sound)]))
    there = sound[at : at + len(part)]
    part = part[: len(there)]
    return at, float(there @ part / np.linalg.norm(there) / np.linalg.norm(part))


@pytest.fixture
def stream(build):
    """Give what makes a capture of packets: (sequence number, delay in ms), sent each 20 ms."""

    def make(packets, *, payload_type=0, payload=bytes([TONE]) * PACKET, timestamp=0):
        sent = [
            (
                round(1000 * (20 * number + delay_ms)),
                build.udp_frame(
                    build.rtp(
                        number & 0xFFFF,
                        timestamp + number * PACKET & 0xFFFFFFFF,
                        payload_type=payload_type,
                        payload=payload,
                    )
                ),
            )
            for number, delay_ms in packets
        ]
        return Capture.open(build.pcap(sorted(sent, key=lambda each: each[0])))

    return make


def silent_packets(sound):
    """Return which of the packets' places hold silence."""
    return np.flatnonzero((sound.samples.reshape(-1, PACKET) == 0).all(axis=1)).tolist()


class TestARealCall:
    @pytest.fixture
    def evidence(self):
        return Evidence.open(CALL)

    @pytest.mark.parametrize(("hears", "says"), [("2001", "2002"), ("2002", "2001")])
    def test_what_was_said_is_heard(self, evidence, hears, says):
        leg = next(leg for leg in evidence.record.legs if leg.user == hears)
        sound = evidence.capture_at(leg).received_by(leg.address).sound(0)
        said, rate_hz = soundfile.read(evidence.recording(says, "said"))
        at, likeness = best_match(sound.samples, said)
        assert sound.rate_hz == rate_hz
        assert likeness > 0.999
        assert at == 0
        heard, _ = soundfile.read(evidence.recording(hears))
        later, likeness = best_match(heard, sound.samples)
        assert likeness > 0.99999
        # The phone fills its own buffers before it begins: 20 to 160 ms (docker/phone/config).
        assert 0.02 <= later / rate_hz <= 0.16

    def test_it_begins_when_the_first_packet_is_played(self, evidence):
        leg = evidence.record.legs[0]
        capture = evidence.capture_at(leg).received_by(leg.address)
        sound = capture.sound(0, FixedBuffer(delay_ms=40))
        first_s = capture.start_s + capture.arrivals(0)["time_s"].iloc[0]
        assert sound.start_s == pytest.approx(first_s + 0.040, abs=1 / 8000)
        assert sound.playout["time_s"].iloc[0] == capture.arrivals(0)["time_s"].iloc[0]
        assert sound.duration_s == pytest.approx(0.020 * sound.played)


class TestLosses:
    def test_lost_packets_are_silence_in_their_places_and_nowhere_else(self, stream):
        gone = {3, 7, 8, 20}
        sound = stream([(n, 0) for n in range(30) if n not in gone]).sound(0)
        assert sound.duration_s == pytest.approx(0.6)
        assert silent_packets(sound) == sorted(gone)
        assert set(sound.samples) == {0, MU_LAW[TONE]}
        assert (sound.played, sound.lost, sound.late) == (26, 4, 0)
        lost = sound.playout[sound.playout["fate"] == "lost"]
        assert lost["sequence"].tolist() == sorted(gone)
        assert lost["time_s"].tolist() == pytest.approx([0.02 * n for n in sorted(gone)])
        assert lost["delay_ms"].isna().all()

    def test_late_packets_are_silence_too(self, stream):
        delays = {5: 59, 10: 61, 15: 100}
        capture = stream([(n, delays.get(n, 0)) for n in range(30)])
        sound = capture.sound(0, FixedBuffer(delay_ms=60))
        assert silent_packets(sound) == [10, 15]
        assert (sound.played, sound.lost, sound.late) == (28, 0, 2)
        assert silent_packets(capture.sound(0, FixedBuffer(delay_ms=101))) == []
        table = sound.playout.set_index("sequence")
        assert table.loc[5, "delay_ms"] == pytest.approx(59)
        assert table.loc[10, ["delay_ms", "fate"]].tolist() == pytest.approx([61, "late"])
        assert table["deadline_ms"].unique() == pytest.approx([60])

    def test_the_order_of_sending_is_restored_and_a_packet_is_played_once(self, stream):
        capture = stream([(0, 0), (1, 0), (2, 30), (3, 0), (3, 5), (4, 0)])
        sound = capture.sound(0)
        assert sound.playout["sequence"].tolist() == [0, 1, 2, 3, 3, 4]
        assert sound.playout["fate"].tolist() == ["played"] * 4 + ["duplicate", "played"]
        assert (sound.played, sound.duplicated, len(sound.samples)) == (5, 1, 5 * PACKET)

    def test_the_mean_wait_is_that_of_the_packets_that_were_played(self, stream):
        sound = stream([(0, 0), (1, 20), (2, 70)]).sound(0, FixedBuffer(delay_ms=60))
        assert sound.buffering_ms == pytest.approx((60 + 40) / 2)

    def test_numbers_and_timestamps_that_wrap_go_on(self, stream):
        sound = stream([(n, 0) for n in range(65530, 65545)], timestamp=-65536 * PACKET).sound(0)
        assert silent_packets(sound) == []
        assert sound.played == 15

    @settings(max_examples=25, deadline=None)
    @given(
        delays=st.lists(st.integers(0, 200), min_size=3, max_size=60),
        sizes=st.tuples(st.integers(0, 250), st.integers(0, 250)),
    )
    def test_a_larger_buffer_makes_no_more_packets_late(self, build, delays, sizes):
        frames = [
            (20_000 * n + 1000 * delay, build.udp_frame(build.rtp(n, n * PACKET)))
            for n, delay in enumerate(delays)
        ]
        capture = Capture.open(build.pcap(sorted(frames)))
        if not len(capture.media):
            return
        small, large = (capture.sound(0, FixedBuffer(delay_ms=each)).late for each in sorted(sizes))
        assert large <= small


class TestConcealment:
    def test_silence_is_what_g711_has_by_default(self, stream):
        capture = stream([(n, 0) for n in range(10) if n != 5])
        assert silent_packets(capture.sound(0)) == [5]
        assert silent_packets(capture.sound(0, concealment="silence")) == [5]

    def test_repeated_sound_fades_away_in_60_ms(self, stream):
        sound = stream([(n, 0) for n in range(20) if n not in range(5, 10)]).sound(
            0, concealment="repeat"
        )
        level = np.abs(sound.samples.reshape(-1, PACKET)).mean(axis=1) / abs(MU_LAW[TONE])
        assert level[4:11] == pytest.approx([1, 5 / 6, 3 / 6, 1 / 6, 0, 0, 1], abs=0.01)

    def test_the_next_packet_may_be_played_twice(self, build):
        frames = [
            (20_000 * n, build.udp_frame(build.rtp(n, n * PACKET, payload=bytes([n]) * PACKET)))
            for n in range(10)
            if n not in {3, 6, 7}
        ]
        sound = Capture.open(build.pcap(frames)).sound(0, concealment="next")
        heard = [MU_LAW.tolist().index(value) for value in sound.samples[::PACKET]]
        silence = MU_LAW.tolist().index(0)
        assert heard == [0, 1, 2, 4, 4, 5, silence, 8, 8, 9]

    def test_opus_conceals_by_itself_unless_silence_is_asked_for(self, captures):
        whole = Capture.open(captures / "baresip-opus.pcap")
        key = whole.stream(0).key
        number = int(whole.arrivals(0)["sequence"].iloc[80])
        lossy = Capture.open(
            pcap_bytes(
                packet
                for packet in whole.packets()
                if packet.source != key.src or packet.payload[2:4] != number.to_bytes(2)
            )
        )
        at = slice(80 * 960, 81 * 960)
        assert lossy.sound(0).lost == 1
        assert np.abs(lossy.sound(0).samples[at]).max() > 0.01
        silent = lossy.sound(0, concealment="silence")
        assert not silent.samples[at].any()
        assert len(silent.samples) == len(whole.sound(0).samples)
        assert np.array_equal(silent.samples[: at.start], whole.sound(0).samples[: at.start])


class TestSilence:
    def test_pauses_are_placed_by_timestamps(self, build):
        frames = [
            (20_000 * n, build.udp_frame(build.rtp(i, n * PACKET, payload=bytes([TONE]) * PACKET)))
            for i, n in enumerate([0, 1, 2, 50, 51])
        ]
        sound = Capture.open(build.pcap(frames)).sound(0)
        assert silent_packets(sound) == list(range(3, 50))
        assert sound.lost == 0

    def test_comfort_noise_and_keys_are_silence_and_said_to_be(self, build):
        kinds = [0, 0, 13, 0, 0]
        frames = [
            (20_000 * n, build.udp_frame(
                build.rtp(n, n * PACKET, payload_type=kind, payload=bytes([TONE]) * PACKET)
            ))
            for n, kind in enumerate(kinds)
        ]  # fmt: skip
        sound = Capture.open(build.pcap(frames)).sound(0)
        assert silent_packets(sound) == [2]
        assert sound.lost == 0
        assert sound.remarks == ("1 packet of CN/8000: no speech, silence there.",)

    def test_a_jump_of_the_timestamps_is_no_silence_but_is_told(self, build):
        frames = [
            (20_000 * n, build.udp_frame(
                build.rtp(n, n * PACKET + (n > 4) * 8000 * 7200, payload=bytes([TONE]) * PACKET)
            ))
            for n in range(10)
        ]  # fmt: skip
        sound = Capture.open(build.pcap(frames)).sound(0)
        assert sound.duration_s == pytest.approx(0.2, abs=0.001)
        assert (sound.played, sound.late) == (10, 0)
        assert "jumped once" in sound.remarks[0]
        assert sound.playout["delay_ms"].max() < 1

    def test_a_clock_that_is_set_back_makes_no_silence(self, build):
        hour = 3_600_000_000
        frames = [
            (hour + 20_000 * n - hour * (n > 4), build.udp_frame(
                build.rtp(n, n * PACKET, payload=bytes([TONE]) * PACKET)
            ))
            for n in range(10)
        ]  # fmt: skip
        sound = Capture.open(build.pcap(frames)).sound(0)
        assert sound.played == 10
        assert sound.duration_s == pytest.approx(0.2, abs=0.001)

    def test_after_a_pause_an_adaptive_buffer_goes_by_its_estimate(self, build):
        frames = [
            (20_000 * n, build.udp_frame(build.rtp(i, n * PACKET)))
            for i, n in enumerate([*range(60), *range(70, 75)])
        ]
        table = Capture.open(build.pcap(frames)).sound(0, AdaptiveBuffer()).playout
        assert table["deadline_ms"].iloc[59] == pytest.approx(60)
        assert table["deadline_ms"].iloc[60] == pytest.approx(20, abs=5)

    def test_a_sender_that_begins_anew_is_heard_at_once(self, build):
        numbers = [*range(100, 110), *range(40000, 40010)]
        frames = [
            (20_000 * i, build.udp_frame(
                build.rtp(n, n * PACKET, payload=bytes([TONE]) * PACKET)
            ))
            for i, n in enumerate(numbers)
        ]  # fmt: skip
        sound = Capture.open(build.pcap(frames)).sound(0)
        assert (sound.played, sound.lost) == (20, 0)
        assert sound.duration_s == pytest.approx(0.4, abs=0.001)

    def test_a_pause_of_a_day_is_cut_and_told(self, build):
        day = 24 * 3600 * 50
        frames = [
            (20_000 * n, build.udp_frame(
                build.rtp(i, n * PACKET & 0xFFFFFFFF, payload=bytes([TONE]) * PACKET)
            ))
            for i, n in enumerate([0, 1, 2, day, day + 1])
        ]  # fmt: skip
        sound = Capture.open(build.pcap(frames)).sound(0)
        assert sound.duration_s < 31
        assert "Pauses of more than 30 s were cut" in sound.remarks[-1]


class TestWhatCanNotBeDecoded:
    def test_an_unknown_payload_type_is_named(self, stream):
        capture = stream([(n, 0) for n in range(5)], payload_type=96)
        with pytest.raises(CaptureError, match=r"nothing in the capture tells .* type 96 is"):
            capture.sound(0)
        assert silent_packets(capture.sound(0, codec="pcmu")) == []

    def test_a_codec_without_a_decoder_is_named(self, stream):
        with pytest.raises(CaptureError, match=r"because it is G729/8000: there are decoders"):
            stream([(n, 0) for n in range(5)], payload_type=18).sound(0)
        with pytest.raises(CaptureError, match="no decoder for 'G729' here"):
            stream([(n, 0) for n in range(5)]).sound(0, codec="G729")

    def test_there_must_be_such_a_stream(self, stream):
        with pytest.raises(CaptureError, match="There is no stream 3"):
            stream([(n, 0) for n in range(5)]).sound(3)


class TestAsFile:
    def test_it_is_saved_as_wav(self, stream, tmp_path):
        sound = stream([(n, 0) for n in range(10)]).sound(0)
        sound.save(tmp_path / "heard.wav")
        samples, rate_hz = soundfile.read(tmp_path / "heard.wav", dtype="float32")
        assert (rate_hz, samples.tolist()) == (8000, sound.samples.tolist())
        assert soundfile.info(io.BytesIO(sound.wav)).subtype == "PCM_16"

    def test_a_notebook_shows_a_player_and_what_was_lost(self, stream):
        page = stream([(n, 0) for n in range(10) if n != 4]).sound(0)._repr_html_()
        assert "9 of 10 packets played, 1 lost" in page
        assert 'src="data:audio' in page

    def test_what_a_stranger_wrote_is_no_part_of_the_page(self, stream):
        sound = stream([(n, 0) for n in range(10)]).sound(0)
        object.__setattr__(sound, "remarks", ("<script>",))
        assert "<script>" not in sound._repr_html_()


class TestOtherDecoders:
    """What FFmpeg makes of the same packets: tests/fixtures/sound/README.md."""

    @pytest.mark.parametrize(
        ("row", "checksum"),
        [
            (0, "b7718468b356d02496da8adbfa0a3d16d1e4aaecd5e8a820e7f598ad5a82793d"),
            (1, "d32cf2ca9f1a7f5dbe27e8ab47d8e6d484aa4dc973e37afb60d7eb57b56b9bce"),
        ],
    )
    def test_g722_is_decoded_to_the_bit(self, captures, row, checksum):
        sound = Capture.open(captures / "baresip-g722.pcap").sound(row)
        linear = (sound.samples * 32768).astype("<i2")
        assert sha256(linear.tobytes()).hexdigest() == checksum

    def test_opus_sounds_as_from_a_decoder_written_by_others(self, captures):
        reference, rate_hz = soundfile.read(SOUNDS / "baresip-opus.ffmpeg.flac")
        sound = Capture.open(captures / "baresip-opus.pcap").sound(0)
        at, likeness = best_match(sound.samples, reference)
        assert sound.rate_hz == rate_hz
        assert likeness > 0.99
        # The two filter SILK's 16 kHz up to 48 kHz differently: by a few samples.
        assert at / rate_hz == pytest.approx(0.6, abs=5 / rate_hz)

    def test_lost_g722_is_silence_in_its_places(self, captures):
        whole = Capture.open(captures / "baresip-g722.pcap").sound(0)
        spoilt = Capture.open(captures / "impaired-g722.pcap").sound(0)
        assert (spoilt.lost, spoilt.duplicated) == (9, 1)
        packets = spoilt.samples.reshape(-1, 320)
        gone = np.flatnonzero(spoilt.playout.drop_duplicates("sequence")["fate"] == "lost")
        assert not packets[gone].any()
        at, likeness = best_match(whole.samples, spoilt.samples)
        assert likeness > 0.85  # nine packets of speech are missing
        assert at == 0


class TestEncrypted:
    @pytest.fixture
    def encrypted(self, build):
        """A call whose SDP asks for SRTP, with noise for media."""
        sdp = (
            b"v=0\r\nc=IN IP4 192.0.2.2\r\nm=audio 5000 RTP/SAVP 0\r\n"
            b"a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:key\r\n"
        )
        invite = (
            b"INVITE sip:a@b SIP/2.0\r\nVia: SIP/2.0/UDP h\r\nCall-ID: secret\r\nCSeq: 1 INVITE"
            b"\r\nFrom: <sip:a>;tag=1\r\nTo: <sip:b>\r\nContent-Type: application/sdp\r\n"
            b"Content-Length: %d\r\n\r\n%s" % (len(sdp), sdp)
        )
        noise = np.random.default_rng(1)
        frames = [(0, build.udp_frame(invite, "192.0.2.2:5060", "192.0.2.1:5060"))]
        frames += [
            (20_000 * n, build.udp_frame(build.rtp(n, n * PACKET, payload=noise.bytes(170))))
            for n in range(1, 51)
        ]
        return Capture.open(build.pcap(frames))

    def test_it_is_refused_with_the_reason(self, encrypted):
        with pytest.raises(CaptureError, match=r"because it is encrypted \(SRTP\)"):
            encrypted.sound(0)

    def test_an_eavesdropper_hears_noise(self, encrypted):
        sound = encrypted.sound(0, codec="PCMU")
        assert sound.duration_s == pytest.approx(1, abs=0.01)
        spectrum = np.abs(np.fft.rfft(sound.samples)) ** 2
        flatness = np.exp(np.log(spectrum[1:]).mean()) / spectrum[1:].mean()
        white = 0.56  # e to the power of minus Euler's constant
        assert flatness == pytest.approx(white, abs=0.05)


class TestWhereTheStreamIsFound:
    def test_over_ipv6_in_vlans_in_fragments_and_in_gzip(self, build):
        src, dst = "2001:db8::1:4000", "2001:db8::2:5000"
        payload = bytes([TONE]) * 1200
        datagrams = [build.rtp(n, n * 1200, payload=payload) for n in range(6)]

        def fragments(datagram):
            whole = build.udp(datagram, "192.0.2.1:4000", "192.0.2.2:5000")
            for at in (0, 800):
                flags = at // 8 | (0x2000 if at == 0 else 0)
                yield build.ethernet(
                    build.ipv4(
                        whole[at : at + 800 if at == 0 else None],
                        "192.0.2.1:4000",
                        "192.0.2.2:5000",
                        ip_flags=flags,
                    )
                )

        ways = {
            "plain": [[build.udp_frame(each)] for each in datagrams],
            "ipv6": [
                [build.ethernet(build.ipv6(build.udp(each, src, dst), src, dst), 0x86DD)]
                for each in datagrams
            ],
            "vlan": [
                [build.ethernet(b"\x00\x07\x08\x00" + build.udp_frame(each)[14:], ethertype=0x8100)]
                for each in datagrams
            ],
            "fragments": [list(fragments(each)) for each in datagrams],
        }
        heard = {}
        for name, packets in ways.items():
            frames = [
                (150_000 * n + i, frame)
                for n, each in enumerate(packets)
                for i, frame in enumerate(each)
            ]
            other = build.udp(build.rtp(0, 0, ssrc=8, payload=payload), src, dst)
            frames.insert(1, (50, build.ethernet(build.ipv6(other, src, dst), 0x86DD)))
            heard[name] = Capture.open(gzip.compress(build.pcap(frames))).sound(0)
        assert {name: sound.played for name, sound in heard.items()} == dict.fromkeys(ways, 6)
        for sound in heard.values():
            assert np.array_equal(sound.samples, heard["plain"].samples)

    def test_of_several_streams_and_captures_only_the_one_is_heard(self, build):
        def frames(ssrc, dst, byte):
            return [
                (20_000 * n, build.udp_frame(
                    build.rtp(n, n * PACKET, ssrc=ssrc, payload=bytes([byte]) * PACKET), dst=dst
                ))
                for n in range(5)
            ]  # fmt: skip

        one = frames(7, "192.0.2.2:5000", 1) + frames(7, "192.0.2.2:6000", 2)
        two = frames(7, "192.0.2.2:5000", 3) + frames(8, "192.0.2.2:5000", 4)
        capture = Capture.open(
            build.pcap(sorted(one)), build.pcap(sorted(two), nanoseconds=False, order=">")
        )
        heard = [set(capture.sound(row).samples.tolist()) for row in range(4)]
        assert len(capture.media) == 4
        assert sorted(map(sorted, heard)) == sorted([MU_LAW[byte]] for byte in (1, 2, 3, 4))
        assert [capture.sound(row).duplicated for row in range(4)] == [0] * 4

    def test_a_codec_that_changes_within_the_stream_is_followed(self, build):
        kinds = [0, 0, 0, 8, 8, 0]
        frames = [
            (20_000 * n, build.udp_frame(
                build.rtp(n, n * PACKET, payload_type=kind, payload=bytes([TONE]) * PACKET)
            ))
            for n, kind in enumerate(kinds)
        ]  # fmt: skip
        sound = Capture.open(build.pcap(frames)).sound(0)
        laws = {0: MU_LAW, 8: A_LAW}
        assert sound.samples[::PACKET].tolist() == [laws[kind][TONE] for kind in kinds]
        assert sound.remarks == ()

    def test_linear_samples_of_two_channels_become_one(self, build):
        payload = np.array([[1000, 3000]] * 441, ">i2").tobytes()
        frames = [
            (10_000 * n, build.udp_frame(build.rtp(n, n * 441, payload_type=10, payload=payload)))
            for n in range(4)
        ]
        sound = Capture.open(build.pcap(frames)).sound(0)
        assert (sound.rate_hz, len(sound.samples)) == (44100, 4 * 441)
        assert set(sound.samples.tolist()) == {2000 / 32768}


@settings(max_examples=100, deadline=None)
@given(
    packets=st.lists(
        st.tuples(
            st.floats(0, 2e9),
            st.integers(0, 5) | st.integers(0, 0xFFFF),
            st.integers(0, 2000) | st.integers(0, 0xFFFFFFFF),
            st.sampled_from([0, 8, 9, 10, 13, 96]),
            st.binary(max_size=40),
        ),
        max_size=8,
    ),
    codec=st.sampled_from([None, "PCMU", "G722", "opus", "L16"]),
)
def test_whatever_comes_there_is_a_sound_or_a_sentence(build, packets, codec):
    frames = [
        (int(at_s * 1e6), build.udp_frame(
            build.rtp(number, timestamp, payload_type=kind, payload=payload)
        ))
        for at_s, number, timestamp, kind, payload in packets
    ]  # fmt: skip
    capture = Capture.open(build.pcap(frames))
    for row in range(len(capture.media)):
        for buffer in (FixedBuffer(), AdaptiveBuffer()):
            try:
                sound = capture.sound(row, buffer, codec=codec, concealment="repeat")
            except CaptureError:
                continue
            assert np.isfinite(sound.samples).all()
            assert np.abs(sound.samples).max(initial=0) <= 1
            assert sound.duration_s <= 31 * len(packets)
            assert len(sound.playout) == sound.played + sound.late + sound.lost + sound.duplicated
            assert str(sound)


def test_the_captures_of_other_programs_are_heard(captures):
    heard = {}
    for name in ("sipp-g711a-dtmf", "baresip-asterisk-tcp-udp", "baresip-g722", "baresip-opus"):
        capture = Capture.open(captures / f"{name}.pcap")
        sound = capture.sound(0)
        heard[str(sound.codec)] = sound
        row = capture.streams.loc[0]
        assert (sound.played, sound.lost, sound.late) == (row["packets"], 0, 0)
        assert sound.duration_s == pytest.approx(row["duration_s"] + 0.02, abs=0.06)
        assert capture.sound(0, AdaptiveBuffer()).late <= 1
    assert sorted(heard) == ["G722/8000", "PCMA/8000", "PCMU/8000", "opus/48000/2"]
    assert [sound.rate_hz for _, sound in sorted(heard.items())] == [16000, 8000, 8000, 48000]
