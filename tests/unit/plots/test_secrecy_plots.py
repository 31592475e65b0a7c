"""Figures of what is overheard: their text says what can be seen."""

import os

import matplotlib.pyplot as plt
import numpy as np
import pytest

from voiplab.plots import plot_byte_frequencies, plot_spectrogram

NOISE = np.random.default_rng(1).uniform(-1, 1, 16_000)


@pytest.fixture(autouse=True)
def _closed():
    yield
    plt.close("all")


def test_noise_fills_the_picture_and_a_tone_does_not():
    tone = np.sin(2 * np.pi * 440 * np.arange(16_000) / 8000)
    label = plot_spectrogram({"tone": (tone, 8000), "noise": (NOISE, 8000)}).get_label()
    assert "tone: 2.0 s, half of its energy below 440 Hz" in label
    noise = label.partition("noise: ")[2]
    assert int(noise.partition("in ")[2].partition(" %")[0]) > 90


def test_each_sound_has_its_row_and_its_name():
    axes = plot_spectrogram({"one": (NOISE, 8000), "two": (NOISE[:4000], 8000)})
    assert [text.get_text() for text in axes.texts] == ["one", "two"]
    first, second = axes.images
    assert first.get_extent()[2] > second.get_extent()[3]
    assert first.get_extent()[1] == pytest.approx(2)
    assert second.get_extent()[1] == pytest.approx(0.5)
    assert axes.get_ylabel() == "frequency (kHz)"


@pytest.mark.parametrize("samples", [np.zeros(0), np.zeros(100), np.zeros(8000)])
def test_silence_is_drawn_as_such(samples):
    assert "no sound" in plot_spectrogram({"silence": (samples, 8000)}).get_label()


def test_random_bytes_lie_in_the_band_and_speech_does_not():
    axes = plot_byte_frequencies(
        {"speech": bytes([255, 127, 254]) * 4000, "random": os.urandom(12_000)}
    )
    speech, random = axes.get_lines()
    assert np.nanmax(speech.get_ydata()) > 80
    assert 0.4 < np.nanmin(random.get_ydata()) < np.nanmax(random.get_ydata()) < 2
    assert "speech: the most frequent value 85.3 times" in axes.get_label()
    names = [text.get_text() for text in axes.get_legend().get_texts()]
    assert names == ["where random bytes are", "speech", "random"]


def test_no_bytes_are_drawn_as_none():
    assert plot_byte_frequencies({"none": b""}).get_label() == "none: no bytes."
    assert plot_byte_frequencies({}).get_label() == "No bytes."


def test_what_a_recording_cannot_hold_is_drawn_white():
    noise = np.random.default_rng(1).normal(size=16000)
    axes = plot_spectrogram({"8 kHz": (noise[:8000], 8000)}, highest_hz=8000)
    picture = axes.images[0].get_array()
    half = len(picture) // 2
    assert np.mean(picture[:half] > 0) > 0.9
    assert np.mean(picture[half + 1 :] > 0) == 0
    whole = plot_spectrogram({"16 kHz": (noise, 16000)}, highest_hz=8000).images[0].get_array()
    assert np.mean(whole[len(whole) // 2 :] > 0) > 0.9
