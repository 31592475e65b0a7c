"""G.711 against the Recommendation's tables and against libsndfile."""

import io

import numpy as np
import pytest
import soundfile

from voiplab.packets.g711 import A_LAW, MU_LAW, decode

EVERY_BYTE = bytes(range(256))


@pytest.mark.parametrize(("law", "subtype"), [(MU_LAW, "ULAW"), (A_LAW, "ALAW")])
def test_every_byte_is_decoded_as_libsndfile_does(law, subtype):
    reference, _ = soundfile.read(
        io.BytesIO(EVERY_BYTE), samplerate=8000, channels=1, format="RAW", subtype=subtype
    )
    assert np.array_equal(decode(EVERY_BYTE, law), reference.astype(np.float32))


# ITU-T G.711 (11/1988): table 2a, columns 6 to 8: character signals and decoder output values.
@pytest.mark.parametrize(
    ("signal", "value"),
    [
        (0b10000000, 8031),
        (0b10001111, 4191),
        (0b10011111, 2079),
        (0b10101111, 1023),
        (0b10111111, 495),
        (0b11001111, 231),
        (0b11011111, 99),
        (0b11101111, 33),
        (0b11111110, 2),
        (0b11111111, 0),
    ],
)
def test_mu_law_gives_the_published_values(signal, value):
    assert MU_LAW[signal] * 8192 == value
    assert MU_LAW[signal & 0x7F] * 8192 == -value


# Table 1a: the character signals there are before the inversion of the even bits.
@pytest.mark.parametrize(
    ("signal", "value"),
    [
        (0b11111111, 4032),
        (0b11110000, 2112),
        (0b11100000, 1056),
        (0b11010000, 528),
        (0b11000000, 264),
        (0b10110000, 132),
        (0b10100000, 66),
        (0b10000000, 1),
    ],
)
def test_a_law_gives_the_published_values(signal, value):
    assert A_LAW[signal ^ 0x55] * 4096 == value
    assert A_LAW[signal ^ 0x55 ^ 0x80] * 4096 == -value


def test_louder_codes_are_louder_samples():
    assert (np.diff(MU_LAW[128:]) < 0).all()
    assert (np.diff(A_LAW[np.arange(128, 256) ^ 0x55]) > 0).all()
