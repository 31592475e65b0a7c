"""The modems' sounds are those of their Recommendations, and hold what was put into them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voiplab.modem import V21, V27TER

RATE_HZ = 8000


def strongest_hz(sound, count=1):
    """The frequencies of the strongest lines in the middle of a sound."""
    middle = sound[len(sound) // 4 : 3 * len(sound) // 4]
    power = np.abs(np.fft.rfft(middle * np.hanning(len(middle))))
    lines = []
    for _ in range(count):
        peak = int(power.argmax())
        lines.append(peak * RATE_HZ / len(middle))
        power[max(0, peak - 10) : peak + 11] = 0
    return sorted(lines)


@pytest.mark.parametrize(("bit", "tone_hz"), [(1, 1650), (0, 1850)])
def test_channel_2_of_v21_has_a_tone_for_each_bit(bit, tone_hz):
    assert strongest_hz(V21.modulate(np.full(600, bit, np.uint8))) == [
        pytest.approx(tone_hz, abs=2)
    ]


def test_v27ter_does_not_turn_its_carrier_for_001():
    sound = V27TER.modulate(np.tile(np.array([0, 0, 1], np.uint8), 800))
    assert strongest_hz(sound) == [pytest.approx(1800, abs=4)]


def test_v27ter_turns_its_carrier_by_half_a_circle_for_111():
    # A carrier that is turned over 1,600 times a second is a pair of tones 800 Hz beside it.
    sound = V27TER.modulate(np.ones(2400, np.uint8))
    assert strongest_hz(sound, 2) == [pytest.approx(1000, abs=4), pytest.approx(2600, abs=4)]


@pytest.mark.parametrize(
    ("bits", "eighths"),
    [
        ("001", 0),
        ("000", 1),
        ("010", 2),
        ("011", 3),
        ("111", 4),
        ("110", 5),
        ("100", 6),
        ("101", 7),
    ],
)
def test_v27ter_turns_as_its_table_says(bits, eighths):
    three = np.array([int(each) for each in bits], np.uint8)
    sound = V27TER.modulate(np.tile(three, 800))
    # Turned by so much each time, the carrier lies beside itself; the filter keeps the nearest.
    turned = eighths if eighths <= 4 else eighths - 8
    expected_hz = 1800 + 1600 * turned / 8
    assert any(line == pytest.approx(expected_hz, abs=4) for line in strongest_hz(sound, 2))


@pytest.mark.parametrize("modem", [V21, V27TER], ids=lambda modem: modem.name)
def test_a_modem_stays_within_a_telephones_band(modem):
    bits = np.random.default_rng(1).integers(0, 2, 3000, np.uint8)
    power = np.abs(np.fft.rfft(modem.modulate(bits))) ** 2
    frequency = np.fft.rfftfreq(2 * (len(power) - 1), 1 / RATE_HZ)
    inside = (frequency > 300) & (frequency < 3400)
    assert power[inside].sum() / power.sum() > 0.99


@pytest.mark.parametrize("modem", [V21, V27TER], ids=lambda modem: modem.name)
def test_a_second_of_sound_carries_as_many_bits_as_the_modem_says(modem):
    sound = modem.modulate(np.zeros(3 * modem.bits_per_s, np.uint8))
    assert len(sound) / RATE_HZ == pytest.approx(3, abs=0.01)


@given(bits=st.lists(st.integers(0, 1), min_size=1, max_size=40))
@settings(max_examples=50, deadline=None)
def test_what_is_put_in_comes_out(bits):
    whole = np.repeat(np.array(bits, np.uint8), 3)
    for modem in (V21, V27TER):
        assert modem.demodulate(modem.modulate(whole), len(whole)).tolist() == whole.tolist()


def test_a_sound_that_ends_too_early_gives_bits_all_the_same():
    bits = np.ones(300, np.uint8)
    assert len(V21.demodulate(V21.modulate(bits)[:2000], 300)) == 300
    assert len(V27TER.demodulate(V27TER.modulate(bits)[:200], 300)) == 300


@pytest.mark.parametrize("modem", [V21, V27TER], ids=lambda modem: modem.name)
def test_noise_alone_is_guessing(modem):
    sent = np.random.default_rng(1).integers(0, 2, 6000, np.uint8)
    noise = np.random.default_rng(2).normal(size=len(modem.modulate(sent)))
    wrong = np.mean(modem.demodulate(noise, len(sent)) != sent)
    assert 0.45 < wrong < 0.55
