"""From where on an eavesdropper understands, measured again: with noise, and with other speech."""

import numpy as np
import pytest

from voiplab.packets.g711 import A_LAW, MU_LAW, decode
from voiplab.quality import compare_speech
from voiplab.secrecy import overhear
from voiplab.secrecy.overheard import UNDERSTOOD_CORRELATION, UNDERSTOOD_ESTOI


@pytest.fixture(scope="module")
def said(saved):
    def spoken(user):
        samples, rate_hz = saved("plain").samples(user, "said")
        assert rate_hz == 8000
        return samples[: np.flatnonzero(np.abs(samples) > 1e-3)[-1]]

    return [spoken("2001"), spoken("2002")]


def figures(sent, heard):
    found = compare_speech(sent, heard, 8000)
    return found.estoi or 0.0, found.correlation or 0.0


def test_random_bytes_played_as_g711_are_far_from_understood(said):
    found = [
        figures(sent, decode(np.random.default_rng(seed).bytes(len(sent)), law))
        for sent in said
        for law in (MU_LAW, A_LAW)
        for seed in range(12)
    ]
    estoi, correlation = map(max, zip(*found, strict=True))
    assert estoi < 0.15
    assert correlation < 0.20


def test_other_speech_and_the_same_backwards_are_not_understood(said):
    found = []
    for sent, other in (said, said[::-1]):
        found.append(figures(sent, sent[::-1]))
        for shift in range(0, 8000, 1000):
            found += [figures(sent, np.roll(other, shift)[::way]) for way in (1, -1)]
    estoi, correlation = map(max, zip(*found, strict=True))
    assert estoi < 0.40
    assert correlation < 0.45


def test_the_thresholds_lie_between(saved):
    for each in overhear(saved("plain")):
        assert each.listening.estoi > 0.95
        assert each.listening.correlation > 0.95
    assert 0.40 < UNDERSTOOD_ESTOI < 0.95
    assert 0.45 < UNDERSTOOD_CORRELATION < 0.95
