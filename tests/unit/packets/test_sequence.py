"""Sequence numbers are counted exactly, whatever the network did."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voiplab.packets.sequence import follow


def counted(numbers):
    found = follow(np.array([number % 65536 for number in numbers], np.uint16))
    return found.expected, found.lost, found.duplicated, found.reordered, found.restarts


def test_a_whole_stream():
    assert counted(range(100, 200)) == (100, 0, 0, 0, 0)


def test_no_packet_and_one_packet():
    assert counted([]) == (0, 0, 0, 0, 0)
    assert counted([7]) == (1, 0, 0, 0, 0)


def test_three_times_around():
    assert counted(range(65000, 65000 + 3 * 65536)) == (3 * 65536, 0, 0, 0, 0)


def test_a_first_packet_that_comes_late_is_not_lost():
    assert counted([2, 1, 3]) == (3, 0, 0, 1, 0)


def test_a_restart_loses_nothing():
    assert counted([*range(10, 20), *range(40_000, 40_010)]) == (20, 0, 0, 0, 1)


def test_a_restart_backwards_loses_nothing():
    assert counted([*range(5000, 5010), *range(100, 110), *range(20_000, 20_010)]) == (
        30,
        0,
        0,
        0,
        2,
    )


def test_a_stray_packet_takes_no_part():
    found = follow(np.array([1, 2, 30_000, 3, 4], np.uint16))
    assert found[2:] == (4, 0, 0, 0, 0, 0)
    assert found.valid.tolist() == [True, True, False, True, True]


def test_a_gap_under_the_limit_is_loss():
    assert counted([1, 2, 3001, 3002]) == (3002, 2998, 0, 0, 0)


@given(
    start=st.integers(0, 65535),
    total=st.integers(2, 400),
    dropped=st.sets(st.integers(1, 398), max_size=60),
    repeated=st.sets(st.integers(0, 399), max_size=20),
    late=st.sets(st.integers(0, 398), max_size=20),
)
def test_the_counts_are_the_truth(start, total, dropped, repeated, late):
    kept = [n for n in range(total) if n not in dropped or n == total - 1]
    arrived = [n for n in kept for _ in range(2 if n in repeated else 1)]
    for at in sorted(late):
        if at + 1 < len(arrived):
            arrived[at], arrived[at + 1] = arrived[at + 1], arrived[at]
    largest, seen, reordered = -1, set(), 0
    for n in arrived:
        reordered += n < largest and n not in seen
        largest = max(largest, n)
        seen.add(n)
    found = follow(np.array([(start + n) % 65536 for n in arrived], np.uint16))
    assert found[2:7] == (total, total - len(kept), len(arrived) - len(kept), reordered, 0)
    offset = found.extended.min()
    assert (found.missing() - offset).tolist() == [n for n in range(total) if n not in seen]


def test_independent_losses_have_a_burst_ratio_near_one_and_bursts_a_larger_one():
    rng = np.random.default_rng(4)
    independent = follow(np.flatnonzero(rng.random(60_000) > 0.1).astype(np.uint16))
    assert independent.burst_ratio == pytest.approx(1, abs=0.03)
    in_pairs = follow(np.flatnonzero(np.repeat(rng.random(30_000) > 0.1, 2)).astype(np.uint16))
    assert in_pairs.burst_ratio == pytest.approx(2, abs=0.1)
    assert follow(np.arange(5, dtype=np.uint16)).burst_ratio == 1


@given(st.lists(st.integers(0, 65535), max_size=200))
def test_random_numbers_give_counts_that_agree_with_one_another(numbers):
    found = follow(np.array(numbers, np.uint16))
    distinct = len(np.unique(found.extended))
    assert found.lost == found.expected - distinct == len(found.missing())
    assert found.duplicated == len(found.extended) - distinct
    assert found.valid.sum() == len(found.extended)
