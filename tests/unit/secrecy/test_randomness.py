"""Statistics of bytes: random ones pass as often as they should, speech never does."""

import os
from math import log
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import kstest

from voiplab.packets import Capture
from voiplab.secrecy import Randomness, eavesdrop, overhear
from voiplab.secrecy.randomness import FALSE_ALARM, LEAST_BYTES

SAMPLES = 600
CAPTURES = Path(__file__).parents[2] / "fixtures" / "captures"


@pytest.fixture(scope="module")
def truly_random():
    """Bytes of the operating system's generator, of several lengths."""
    return [Randomness(os.urandom((1280, 4000, 20_000)[turn % 3])) for turn in range(SAMPLES)]


def test_random_bytes_pass(truly_random):
    """A false alarm in one of these runs: once in 1,700 runs."""
    assert all(each.passed for each in truly_random)


def test_p_values_of_random_bytes_are_spread_evenly(truly_random):
    """If they were not, the rate of false alarms would not be what is said.

    Kolmogorov and Smirnov's test fails for a good generator once in 1,000,000 runs each.
    """
    for name in ("chi_square_p", "serial_correlation_p", "ones_p"):
        values = [getattr(each, name) for each in truly_random]
        assert kstest(values, "uniform").pvalue > 1e-6, name


def test_entropy_falls_short_of_8_bits_as_theory_says(truly_random):
    """G. A. Miller (1955): by 255 / (2 n ln 2), on average."""
    for length in (4000, 20_000):
        found = [8 - each.entropy_bits for each in truly_random if len(each.data) == length]
        assert np.mean(found) == pytest.approx(255 / (2 * length * log(2)), rel=0.05)


def test_speech_and_silence_fail(saved):
    for each in overhear(saved("plain")):
        assert not each.randomness.passed
        assert each.randomness.p == 0
        assert each.randomness.entropy_bits < 7.5
        assert each.randomness.compression_ratio < 0.9
    assert not Randomness(bytes([0xFF]) * 8000).passed


@pytest.mark.parametrize("name", ["baresip-opus", "baresip-rtcp", "baresip-g722"])
def test_other_codecs_in_clear_fail_too(name):
    """Even Opus, which leaves little that could be compressed any further."""
    capture = Capture.open(CAPTURES / f"{name}.pcap")
    for row in range(len(capture.media)):
        assert not eavesdrop(capture, row).randomness.passed


@pytest.mark.parametrize("name", ["sdes", "dtls"])
def test_srtp_passes(saved, name):
    for each in overhear(saved(name)):
        assert each.randomness.passed
        assert each.randomness.entropy_bits > 7.98
        assert each.randomness.compression_ratio > 1


@pytest.mark.parametrize(
    ("data", "test"),
    [
        (bytes(range(256)) * 20, "chi_square_p"),  # too even
        (bytes(each // 20 for each in range(5120)), "serial_correlation_p"),
        (bytes(each | 1 for each in os.urandom(5120)), "ones_p"),
    ],
)
def test_each_test_finds_what_it_is_for(data, test):
    assert getattr(Randomness(data), test) < FALSE_ALARM / 3
    assert not Randomness(data).passed


def test_serial_correlation_agrees_with_numpy():
    data = os.urandom(3000)
    values = np.frombuffer(data, np.uint8).astype(float)
    expected = np.corrcoef(values, np.roll(values, -1))[0, 1]
    assert Randomness(data).serial_correlation == pytest.approx(expected, abs=1e-9)


def test_too_few_bytes_prove_nothing():
    assert not Randomness(os.urandom(LEAST_BYTES - 1)).passed
    assert not Randomness(b"").passed
    assert Randomness(b"").entropy_bits == 0
    assert "not random" in repr(Randomness(b"abc"))
