"""How far apart two recordings sound, by their spectra."""

import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.float64]

_FRAME_S = 0.032
_SPEECH_DB = 40  # under the loudest frame: as in STOI, what lies lower is a pause
_FLOOR_DB = 60  # under the strongest line: what lies lower isn't heard beside it
_NARROWBAND_HZ = (300, 3400)
_WIDEBAND_HZ = (100, 7000)
_WIDEBAND_FROM_HZ = 16_000


def log_spectral_distance_db(sent: Samples, heard: Samples, rate_hz: int) -> float:
    """Return the log-spectral distance: 0 for the same, some 10 dB for what is hard to follow.

    Of each frame of 32 ms (Hann window, half overlapping) in which the sent recording has speech,
    the root mean square over frequency of the difference of the two power spectra in dB; then
    the mean over the frames. Lines more than 60 dB under the sent recording's strongest count as
    60 dB under, so that silence doesn't count without end. Up to 8 kHz sampling the band is that
    of telephony, 300 to 3400 Hz; from 16 kHz on, that of wideband, 100 to 7000 Hz.

    It depends on loudness: bring both to the same level first.

    Source: A. H. Gray and J. D. Markel, IEEE Trans. ASSP 24(5), 380-391 (1976); L. Rabiner and
    B.-H. Juang, Fundamentals of Speech Recognition (1993), section 4.5.1.

    Args:
        sent: samples of the sent speech.
        heard: samples of what was heard, at the same time, just as long.
        rate_hz: samples per second of both.

    >>> noise = np.random.default_rng(1).normal(size=8000)
    >>> log_spectral_distance_db(noise, noise, 8000)
    0.0
    >>> round(log_spectral_distance_db(noise, 2 * noise, 8000), 2)
    6.02
    """
    size = round(_FRAME_S * rate_hz)
    reference, other = _power(sent, size), _power(heard, size)
    frequency = np.fft.rfftfreq(size, 1 / rate_hz)
    lowest, highest = _WIDEBAND_HZ if rate_hz >= _WIDEBAND_FROM_HZ else _NARROWBAND_HZ
    band = (frequency >= lowest) & (frequency <= highest)
    frame_power = reference.sum(axis=1)
    speech = frame_power > frame_power.max() * 10 ** (-_SPEECH_DB / 10)
    reference, other = reference[speech][:, band], other[speech][:, band]
    floor = reference.max() * 10 ** (-_FLOOR_DB / 10)
    difference_db = 10 * np.log10(np.maximum(reference, floor) / np.maximum(other, floor))
    return float(np.mean(np.sqrt(np.mean(difference_db**2, axis=1))))


def level_difference_db(sent: Samples, heard: Samples, rate_hz: int) -> float:
    """Return how much louder the heard recording is: the median over frames of speech, in dB.

    The median: a few lost packets don't change it.

    Args:
        sent: samples of the sent speech.
        heard: samples of what was heard, at the same time, just as long.
        rate_hz: samples per second of both.

    >>> noise = np.random.default_rng(1).normal(size=8000)
    >>> round(level_difference_db(noise, noise / 2, 8000), 2)
    -6.02
    """
    size = round(_FRAME_S * rate_hz)
    reference, other = _power(sent, size).sum(axis=1), _power(heard, size).sum(axis=1)
    speech = reference > reference.max() * 10 ** (-_SPEECH_DB / 10)
    both = speech & (other > 0)
    if not both.any():
        return 0.0
    return float(np.median(10 * np.log10(other[both] / reference[both])))


def _power(samples: Samples, size: int) -> npt.NDArray[np.float64]:
    """Return the power spectra of half-overlapping frames, a row a frame."""
    padded = np.pad(samples, (0, max(0, size - len(samples))))
    frames = np.lib.stride_tricks.sliding_window_view(padded, size)[:: size // 2]
    return np.abs(np.fft.rfft(frames * np.hanning(size), axis=1)) ** 2
