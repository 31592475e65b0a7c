"""Streams measured as their packets come: the same figures however the packets are split."""

from dataclasses import asdict

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voiplab.packets.stream_statistics import RTP_ROW, StreamStatistics

CLOCKS_HZ = {0: 8000, 8: 8000, 111: 48_000}


def clock_rate_hz(_stream, payload_type):
    return CLOCKS_HZ.get(payload_type, 0)


def measured(*tables):
    statistics = StreamStatistics(clock_rate_hz)
    for rows in tables:
        statistics.update(rows)
    return [asdict(figures) for figures in statistics.figures()]


def same(one, other):
    """Sums of floating-point numbers differ in the last places when they begin elsewhere."""
    for mine, theirs in zip(one, other, strict=True):
        jitter = mine.pop("jitter_ms"), theirs.pop("jitter_ms")
        assert jitter[0].keys() == jitter[1].keys()
        for rate_hz in jitter[0]:
            assert jitter[0][rate_hz] == pytest.approx(jitter[1][rate_hz], rel=1e-9, nan_ok=True)
        spacing = mine.pop("interarrival_ms"), theirs.pop("interarrival_ms")
        assert np.array_equal(*spacing, equal_nan=True)
        assert mine == theirs


def table(numbers, *, times_s=None, payload_types=0, streams=0):
    rows = np.zeros(len(numbers), RTP_ROW)
    rows["sequence"] = np.array(numbers, np.int64) % 65536
    rows["time_s"] = 0.02 * np.arange(len(numbers)) if times_s is None else times_s
    rows["timestamp"] = np.array(numbers, np.int64) * 160 % 2**32
    rows["payload_type"] = payload_types
    rows["stream"] = streams
    return rows


# Mostly the next number; also losses, repeats, late ones, jumps, and the edges of what is allowed.
steps = st.one_of(
    st.just(1),
    st.sampled_from([0, 2, 5, -1, -2, -3, -98, -99, -100, -101, 2999, 3000, 3001, 20_000, 40_000]),
    st.integers(-32_768, 32_767),
)
packets = st.tuples(
    st.integers(0, 3),
    steps,
    st.floats(-0.5, 1),
    st.sampled_from([0, 0, 0, 8, 13, 96, 111]),
)


@st.composite
def tables(draw):
    """Packets of a few streams, one after the other."""
    drawn = draw(st.lists(packets, max_size=80))
    numbers, times_s = {}, {}
    rows = np.zeros(len(drawn), RTP_ROW)
    for row, (stream, step, wait_s, payload_type) in zip(rows, drawn, strict=True):
        numbers[stream] = (numbers.get(stream, 65_530) + step) % 65_536
        times_s[stream] = times_s.get(stream, 1.7e9) + wait_s
        row["stream"], row["sequence"] = stream, numbers[stream]
        row["time_s"], row["payload_type"] = times_s[stream], payload_type
        row["timestamp"] = numbers[stream] * 160
    return rows


@settings(max_examples=300, deadline=None)
@given(tables(), st.lists(st.integers(0, 80), max_size=12))
def test_how_packets_are_split_makes_no_difference(rows, cuts):
    same(measured(*np.split(rows, sorted(cuts))), measured(rows))


@settings(max_examples=100, deadline=None)
@given(tables())
def test_nor_does_asking_in_between(rows):
    statistics = StreamStatistics(clock_rate_hz)
    for row in range(len(rows)):
        statistics.update(rows[row : row + 1])
        list(statistics.figures())
    same([asdict(figures) for figures in statistics.figures()], measured(rows))


@settings(max_examples=100, deadline=None)
@given(tables())
def test_streams_do_not_touch_one_another(rows):
    together = measured(rows)
    for stream in np.unique(rows["stream"]).tolist():
        alone = rows[rows["stream"] == stream]
        alone["stream"] = 0
        same([together[stream]], measured(alone))


def counted_one_by_one(numbers):
    """RFC 3550, appendix A.1, with a set of all that came instead of a window."""
    highest, offset, came, confirming, strays = numbers[0], 0, {numbers[0]}, None, []
    valid, reordered, restarts = 1, 0, 0
    for number in numbers[1:]:
        ahead = (number - offset - highest) % 65_536
        if 3000 <= ahead <= 65_436:
            if number != confirming:
                confirming = (number + 1) % 65_536
                strays.append(number)
                continue
            restarts, valid = restarts + 1, valid + 1
            came.add(highest + 1)
            highest += 2
            offset = number - highest
            extended = highest
        else:
            extended = highest + (ahead if ahead < 3000 else ahead - 65_536)
        confirming = None
        valid += 1
        reordered += extended < highest and extended not in came
        highest = max(highest, extended)
        came.add(extended)
    expected = max(came) - min(came) + 1
    return {
        "expected": expected,
        "lost": expected - len(came),
        "duplicated": valid - len(came),
        "reordered": reordered,
        "restarts": restarts,
    }, "".join("." if n in came else "x" for n in range(min(came), max(came) + 1))


def bursts_one_by_one(fate):
    """RFC 3611, section 4.7.2: what lies between 16 received in a row, if it lost two or more."""
    bursts = [part.strip(".") for part in fate.replace("." * 16, "|").split("|")]
    return [burst for burst in bursts if burst.count("x") > 1]


@settings(max_examples=300, deadline=None)
@given(st.lists(steps, min_size=1, max_size=150), st.lists(st.integers(0, 150), max_size=5))
def test_the_counts_are_those_of_one_packet_at_a_time(changes, cuts):
    numbers = (65_500 + np.cumsum(changes)) % 65_536
    (figures,) = measured(*np.split(table(numbers), sorted(cuts)))
    counts, fate = counted_one_by_one(numbers.tolist())
    assert {name: figures[name] for name in counts} == counts
    runs = [len(run) for run in fate.replace(".", " ").split()]
    assert figures["loss_runs"] == len(runs)
    assert figures["loss_run_max"] == max(runs, default=0)
    bursts = bursts_one_by_one(fate)
    assert figures["bursts"] == len(bursts)
    assert figures["burst_packets"] == sum(map(len, bursts))
    assert figures["burst_lost"] == "".join(bursts).count("x")


def from_fate(fate):
    """Packets that came where there is a dot, 20 ms apart."""
    numbers = np.array([n for n, each in enumerate(fate) if each == "."])
    statistics = StreamStatistics(clock_rate_hz)
    statistics.update(table(numbers, times_s=0.02 * numbers))
    return next(statistics.figures())


def test_runs_of_loss_and_what_lies_between():
    figures = from_fate("...x..xxx....")
    assert (figures.loss_runs, figures.loss_run_mean, figures.loss_run_max) == (2, 2, 3)
    assert figures.loss_free_run_mean == 9 / 3
    assert figures.loss_pct == pytest.approx(100 * 4 / 13)
    assert figures.burst_ratio == pytest.approx(2 * (1 - 4 / 13))


def test_no_loss_is_one_run_that_is_free_of_it():
    figures = from_fate("." * 50)
    assert (figures.loss_runs, figures.loss_run_mean, figures.loss_free_run_mean) == (0, 0, 50)
    assert (figures.burst_ratio, figures.burst_density_pct, figures.burst_ms) == (1, 0, 0)
    assert (figures.gap_density_pct, figures.gap_ms) == (0, pytest.approx(49 * 20 * 50 / 49))


def test_bursts_are_those_of_extended_reports():
    # One loss alone, and a burst of 3 lost in 17 packets: 15 that come don't end it, 16 do.
    burst = "x" + "." * 14 + "xx"
    figures = from_fate("." * 20 + "x" + "." * 16 + burst + "." * 16)
    assert (figures.bursts, figures.burst_packets, figures.burst_lost) == (1, 17, 3)
    assert figures.burst_density_pct == pytest.approx(100 * 3 / 17)
    assert figures.burst_ms == pytest.approx(17 * 20)
    assert figures.gap_density_pct == pytest.approx(100 * 1 / 53)
    assert figures.gap_ms == pytest.approx(53 * 20 / 2)


@given(st.lists(st.floats(1e-6, 50), min_size=2, max_size=300))
def test_quantiles_of_the_spacing_are_within_half_a_percent(spacings_s):
    times_s = np.cumsum([0, *spacings_s])
    (figures,) = measured(table(np.arange(len(times_s)), times_s=times_s))
    exact = np.quantile(np.diff(times_s), (0.5, 0.95, 0.99), method="inverted_cdf")
    assert figures["interarrival_ms"] == pytest.approx(1000 * exact, rel=0.005)


def test_two_clocks_in_one_stream_are_measured_apart():
    slow, fast = table(range(50)), table(range(50, 100), payload_types=111)
    fast["timestamp"] = np.arange(50) * 960
    fast["time_s"] = slow["time_s"] + 0.01
    mixed = np.stack([slow, fast], axis=1).reshape(-1)
    mixed["sequence"] = np.arange(100)
    jitter = measured(mixed)[0]["jitter_ms"]
    assert jitter[8000] == pytest.approx((0, 0), abs=1e-6)
    assert jitter[48_000] == pytest.approx((0, 0), abs=1e-6)


def test_many_tiny_streams_are_told_apart():
    streams = 3000
    rows = table(np.tile([1, 2, 4], streams), streams=np.repeat(np.arange(streams), 3))
    shuffled = np.argsort(np.tile([0, 1, 2], streams), kind="stable")
    figures = measured(*np.array_split(rows[shuffled], 7))
    assert [each["lost"] for each in figures] == [1] * streams
    assert {each["packets"] for each in figures} == {3}


def test_what_is_remembered_does_not_grow_with_the_packets():
    def remembered(packets):
        statistics = StreamStatistics(clock_rate_hz)
        rng = np.random.default_rng(2)
        numbers = np.flatnonzero(rng.random(packets) > 0.1)
        for part in np.array_split(table(numbers, times_s=0.02 * numbers), packets // 1000):
            statistics.update(part)
        follower, spacing = statistics._follower, statistics._spacing
        return follower._recent.size, spacing._merged()[0].size, statistics._pending.size

    assert remembered(200_000)[0] <= 2 * 101
    assert remembered(200_000) <= tuple(1.2 * size + 10 for size in remembered(20_000))


def test_nothing_is_nothing():
    assert measured() == []
    assert measured(table([])) == []
