"""What a codec and losses leave of a sound, and of the bits in it."""

import numpy as np
import pytest
import soundfile

from voiplab.errors import QualityError
from voiplab.modem import V21, V27TER, Line, Transmission, random_frames, receive, relay, transmit
from voiplab.packets import g711

RATE_HZ = 8000


@pytest.fixture
def noise():
    return np.random.default_rng(1).uniform(-0.5, 0.5, 8000)


def test_g711_is_what_the_decoder_of_captures_makes_of_the_same_bytes(noise, tmp_path):
    path = tmp_path / "noise.raw"
    soundfile.write(path, noise, RATE_HZ, format="RAW", subtype="ULAW")
    expected = g711.decode(path.read_bytes(), g711.MU_LAW)
    assert np.abs(Line(codec="PCMU").carry(noise) - expected).max() < 1e-3


@pytest.mark.parametrize("codec", ["linear", "PCMU", "PCMA", "G726-32", "GSM", "opus"])
def test_a_line_gives_back_as_much_sound_at_the_same_time(codec):
    time = np.arange(RATE_HZ) / RATE_HZ
    tone = 0.4 * np.sin(2 * np.pi * 700 * time) * (1 + np.sin(2 * np.pi * 3 * time)) / 2
    heard = Line(codec=codec).carry(tone)
    assert len(heard) == len(tone)
    assert np.corrcoef(tone, heard)[0, 1] > 0.9


def test_as_many_packets_are_lost_as_was_asked(noise):
    long = np.tile(noise, 60)
    heard = Line(codec="linear", loss_pct=10, concealment="silence").carry(long)
    silent = np.abs(heard.reshape(-1, 160)).max(axis=1) == 0
    assert 0.08 < silent.mean() < 0.12


def test_the_same_seed_loses_the_same(noise):
    first, second = (Line(loss_pct=20, seed=3).carry(noise) for _ in range(2))
    other = Line(loss_pct=20, seed=4).carry(noise)
    assert np.array_equal(first, second)
    assert not np.array_equal(first, other)


def test_a_lost_packet_is_filled_as_was_asked(noise):
    asked = {
        kind: Line(codec="linear", loss_pct=10, concealment=kind, seed=2).carry(noise)
        for kind in ("silence", "repeat", "next")
    }
    lost = int((np.abs(asked["silence"].reshape(-1, 160)).max(axis=1) == 0).argmax())
    begin, end = 160 * lost, 160 * (lost + 1)
    assert np.array_equal(asked["next"][begin:end], asked["next"][end : end + 160])
    before = asked["repeat"][begin - 160 : begin]
    assert np.corrcoef(asked["repeat"][begin:end], before)[0, 1] > 0.9


@pytest.mark.parametrize(
    ("options", "says"), [({"codec": "G729"}, "no codec"), ({"loss_pct": 101}, "between 0 and 100")]
)
def test_a_line_that_cannot_be_is_refused(options, says):
    with pytest.raises(QualityError, match=says):
        Line(**options)


@pytest.mark.parametrize("modem", [V21, V27TER], ids=lambda modem: modem.name)
@pytest.mark.parametrize("codec", ["PCMU", "PCMA", "G726-32"])
def test_the_codecs_of_the_telephone_network_carry_both_modems(modem, codec):
    assert transmit(modem, Line(codec=codec), frames=20).wrong == 0


@pytest.mark.parametrize("codec", ["GSM", "opus"])
def test_codecs_made_for_voices_leave_nothing_of_a_page(codec):
    page = transmit(V27TER, Line(codec=codec), frames=10)
    control = transmit(V21, Line(codec=codec), frames=10)
    assert page.intact == 0
    assert page.wrong_pct > 20
    assert control.wrong_pct < 5


def test_a_lost_packet_costs_about_half_of_its_bits():
    # 96 bits in 20 ms, of which guessing gets half: 24 of 4800 a second, of each per cent lost.
    lossy = transmit(V27TER, Line(loss_pct=2), frames=100)
    assert lossy.wrong_pct == pytest.approx(1.0, rel=0.4)


def test_frames_come_whole_as_seldom_as_all_their_packets_do():
    # A frame of V.27ter lasts 437 ms: 22 packets, most often touching one more.
    lossy = transmit(V27TER, Line(loss_pct=2), frames=300)
    assert lossy.intact_pct == pytest.approx(100 * 0.98**22.8, abs=8)


@pytest.mark.parametrize(("loss_pct", "redundancy"), [(10, 0), (10, 1), (20, 1)])
def test_a_relay_loses_what_is_lost_each_time(loss_pct, redundancy):
    got = relay(V27TER, loss_pct=loss_pct, redundancy=redundancy, frames=2000)
    assert got.wrong_pct == pytest.approx(100 * (loss_pct / 100) ** (redundancy + 1), rel=0.15)


def test_a_relay_that_cannot_be_is_refused():
    with pytest.raises(QualityError, match="loses 0 to 100"):
        relay(V21, redundancy=-1)


def test_nothing_to_send_is_refused():
    with pytest.raises(QualityError, match="At least one frame"):
        transmit(V21, Line(), frames=0)


def test_bits_and_frames_are_counted():
    sent = np.zeros(32, np.uint8)
    got = sent.copy()
    got[[0, 1, 17]] = 1
    found = Transmission.of(sent, got, frame_octets=1)
    assert (found.wrong, found.frames, found.intact) == (3, 4, 2)
    assert found.as_dict() == {"frames": 4, "intact_pct": 50.0, "wrong_pct": 9.375, "slip_ms": 0.0}


@pytest.mark.parametrize("modem", [V21, V27TER], ids=lambda modem: modem.name)
def test_a_slip_spoils_the_frame_in_which_it_falls_and_no_other(modem):
    sent = random_frames(modem, 10, seed=1)
    sound = modem.modulate(sent)
    middle = int(4.3 * modem.frame_samples)
    heard = np.concatenate([np.zeros(700), sound[:middle], sound[middle + 160 :]])
    got = receive(modem, sent, heard)
    assert (got.intact, got.slip_ms) == (9, 20.0)


def test_too_short_a_recording_is_refused():
    with pytest.raises(QualityError, match="record the whole transmission"):
        receive(V21, random_frames(V21, 1, seed=1), np.zeros(800))


def test_what_was_cut_off_was_not_received():
    sent = random_frames(V27TER, 4, seed=1)
    heard = V27TER.modulate(sent)[: 2 * V27TER.frame_samples + 60]
    assert receive(V27TER, sent, heard).intact == 2
