import matplotlib.pyplot as plt
import numpy as np
import pytest

from voiplab.plots import (
    describe_companding,
    describe_samples,
    describe_waveform,
    plot_companding,
    plot_samples,
    plot_waveform,
)


@pytest.fixture(autouse=True)
def figures_go():
    yield
    plt.close("all")


def click(at_s, length_s=1.0, rate_hz=8000):
    samples = np.zeros(int(length_s * rate_hz))
    samples[int(at_s * rate_hz)] = 0.5
    return samples, rate_hz


def test_a_click_stands_at_its_time_in_its_own_row():
    ax = plot_waveform({"said": click(0.25), "heard": click(0.75, rate_hz=16000)})
    rows = [collection.get_paths()[0].vertices for collection in ax.collections]
    for row, (vertices, at_s) in enumerate(zip(rows, (0.25, 0.75), strict=True)):
        peak = vertices[vertices[:, 1].argmax()]
        assert peak[0] == pytest.approx(at_s, abs=0.001)
        assert peak[1] == pytest.approx(0.44 - row)
    assert [label.get_text() for label in ax.get_yticklabels()] == ["said", "heard"]


def test_the_text_says_when_there_is_sound():
    words = describe_waveform({"said": click(0.25, 2.0), "nothing": (np.zeros(10), 10)})
    assert words == "said: 2.0 s, sound from 0.2 s to 0.3 s. nothing: 1.0 s, no sound."
    assert describe_waveform({}) == "No sound."
    assert plot_waveform({}).get_label() == "No sound."


def test_no_sample_is_too_short_to_be_seen():
    """A click of one sample in minutes of silence is drawn."""
    ax = plot_waveform({"long": click(100, 200)})
    assert ax.collections[0].get_paths()[0].vertices[:, 1].max() == pytest.approx(0.44)


def test_samples_are_drawn_at_their_time_and_packets_are_told_apart():
    samples = np.linspace(-0.5, 0.5, 320)
    ax = plot_samples(samples, 8000)
    dots = ax.lines[1]
    assert dots.get_xdata()[[0, 1, -1]] == pytest.approx([0, 0.125, 39.875])
    assert dots.get_ydata() == pytest.approx(samples)
    assert [text.get_text() for text in ax.texts] == [
        "packet 1: 160 samples",
        "packet 2: 160 samples",
    ]
    assert ax.get_label() == (
        "320 samples in 40 ms, one each 0.125 ms, from -0.500 to 0.500 of full scale."
    )
    assert describe_samples(np.empty(0), 8000) == "No sample."


def test_the_error_of_even_steps_is_that_of_half_a_step():
    """Samples spread evenly between two steps are off by a quarter of a step in the median."""
    loud = np.linspace(0.25, 0.5, 20_000)
    words = describe_companding(loud)
    assert words.endswith(f"with 8 even bits, by {100 / 128 / 4 / 0.375:.1f} %.")
    assert describe_companding(np.zeros(9)) == "No sample is loud enough to tell."


def test_g711_keeps_its_error_where_even_steps_do_not():
    speech = np.geomspace(1 / 2000, 1, 50_000)
    by_law, by_even = (line.get_ydata() for line in plot_companding(speech).lines)
    assert by_law.max() / by_law.min() < 12
    assert by_even.max() / by_even.min() > 300
    assert 1 < np.median(by_law) < 2  # ITU-T G.711: some 38 dB below the signal
