"""Jitter is RFC 3550's, number for number."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voiplab.packets.jitter import jitter_ms


def as_written(arrival_s, timestamps, rate):
    """RFC 3550, appendix A.8, one packet at a time."""
    jitter, values, transit = 0.0, [], None
    for arrival, timestamp in zip(arrival_s, timestamps, strict=True):
        now = arrival - timestamp / rate
        if transit is not None:
            jitter += (abs(now - transit) - jitter) / 16
        transit = now
        values.append(jitter * 1000)
    return values


@given(st.lists(st.floats(0, 0.5), max_size=600))
def test_it_is_the_recommendations_recursion(delays):
    timestamps = [160 * n for n in range(len(delays))]
    arrival = [1000 + 0.02 * n + delay for n, delay in enumerate(delays)]
    assert jitter_ms(arrival, timestamps, 8000) == pytest.approx(
        as_written(arrival, timestamps, 8000), rel=1e-9, abs=1e-9
    )


def test_a_long_stream_loses_no_precision():
    rng = np.random.default_rng(1)
    arrival = 0.02 * np.arange(20_000) + rng.exponential(0.004, 20_000)
    timestamps = 160 * np.arange(20_000)
    measured = jitter_ms(arrival, timestamps, 8000)
    assert measured == pytest.approx(as_written(arrival, timestamps, 8000), rel=1e-9)


def test_timestamps_wrap():
    timestamps = [2**32 - 160, 0, 160]
    assert jitter_ms([0, 0.02, 0.04], timestamps, 8000) == pytest.approx([0, 0, 0], abs=1e-9)


@pytest.mark.parametrize("count", [0, 1])
def test_a_lone_packet_has_no_jitter(count):
    assert jitter_ms([5.0] * count, [9] * count, 8000).tolist() == [0.0] * count
