"""Streams second by second: against the figures of the whole, in pieces of any size."""

import math
import random

import numpy as np
import pytest

from voiplab.packets.seconds import Second, StreamSeconds, added_up
from voiplab.packets.stream_statistics import RTP_ROW

START_S = 1_700_000_000.0


def measured(rows, sizes=None):
    seconds = StreamSeconds(lambda _stream, _payload_type: 8000)
    at = 0
    for size in sizes or [len(rows)]:
        seconds.update(rows[at : at + size])
        at += size
    return seconds


def stream(numbers, times_s, which=0):
    rows = np.zeros(len(numbers), RTP_ROW)
    rows["sequence"] = np.array(numbers) & 0xFFFF
    rows["timestamp"] = (np.array(numbers) * 160) & 0xFFFFFFFF
    rows["time_s"] = START_S + np.array(times_s)
    rows["stream"] = which
    return rows


def rough(seed, which=0, count=2000):
    """A stream with losses, an outage, duplicates, packets out of order, and a wrap."""
    luck = random.Random(seed)  # noqa: S311 - a seed is wanted
    first = luck.randrange(65536)
    sent = []
    for number in range(first, first + count):
        time_s = (number - first) * 0.02
        if luck.random() < 0.05 or 14.3 < time_s < 17.9:
            continue
        late_s = (0.3 if luck.random() < 0.1 else 0.01) * luck.random()
        sent += [(time_s + late_s, number)] * (2 if luck.random() < 0.02 else 1)
    sent.sort()
    return stream([number for _, number in sent], [time_s for time_s, _ in sent], which)


def test_losses_stand_in_the_second_in_which_the_packets_were_due():
    kept = [n for n in range(250) if not 60 <= n < 63 and not 110 <= n < 210]
    found = measured(stream(kept, [n * 0.02 for n in kept])).of(0)
    assert [each.time_s - int(START_S) for each in found] == [0, 1, 2, 3, 4]
    assert [each.lost for each in found] == [0, 3, 40, 50, 10]
    assert [each.packets for each in found] == [50, 47, 10, 0, 40]
    assert found[3].loss_pct == 100
    assert math.isnan(found[3].jitter_ms)


def test_a_packet_that_comes_late_is_not_lost_in_its_second():
    in_time = measured(stream([1, 2, 4, 5], [0, 0.02, 0.06, 0.08]))
    assert in_time.of(0)[0].lost == 1
    in_time.update(stream([3], [1.1]))
    assert [(each.packets, each.lost) for each in in_time.of(0)] == [(4, 0), (1, 0)]


def test_what_was_sent_before_the_first_that_came_counts():
    found = measured(stream([10, 11, 8], [0, 0.02, 0.04]))
    assert next(found.figures()).lost == 1
    assert sum(each.lost for each in found.of(0)) == 1


@pytest.mark.parametrize("seed", range(8))
def test_seconds_add_up_to_the_figures_of_the_stream(seed):
    rows = np.concatenate([rough(seed), rough(seed + 100, 1)])
    rows = rows[np.argsort(rows["time_s"], kind="stable")]
    found = measured(rows)
    for number, figures in enumerate(found.figures()):
        assert figures.lost > 50
        assert figures.reordered > 10
        assert sum(each.lost for each in found.of(number)) == figures.lost
        assert sum(each.packets for each in found.of(number)) == figures.packets
        assert min(each.lost for each in found.of(number)) >= 0
        timed = [each for each in found.of(number) if each.packets]
        mean_ms = sum(each.jitter_ms * each.packets for each in timed) / (figures.packets - 1)
        assert mean_ms == pytest.approx(figures.jitter_ms[8000][0])


@pytest.mark.parametrize("seed", range(8))
def test_pieces_of_any_size_measure_the_same(seed):
    rows = np.concatenate([rough(seed), rough(seed + 100, 1)])
    rows = rows[np.argsort(rows["time_s"], kind="stable")]
    luck, sizes = random.Random(seed), []  # noqa: S311 - a seed is wanted
    while sum(sizes) < len(rows):
        sizes.append(luck.choice((1, 2, 7, 50, 300)))
    whole, pieces = measured(rows), measured(rows, sizes)
    for number in (0, 1):
        assert [_rounded(each) for each in whole.of(number)] == [
            _rounded(each) for each in pieces.of(number)
        ]


def _rounded(second):
    values = second.time_s, second.packets, second.lost, round(second.jitter_ms, 9), second.last_s
    return repr(values)


def test_a_sender_that_starts_anew_has_lost_nothing():
    numbers = [*range(100, 150), *range(40000, 40050)]
    found = measured(stream(numbers, [0.02 * at for at in range(100)]))
    assert [(each.packets, each.lost) for each in found.of(0)] == [(50, 0), (50, 0)]


def test_only_what_changed_is_told():
    rows = stream(range(150), [0.02 * at for at in range(150)])
    found = measured(rows, [120])
    start = int(START_S)
    assert found.changed() == {0: {start, start + 1, start + 2}}
    found.update(rows[120:])
    assert found.changed() == {0: {start + 2}}
    assert found.changed() == {}


def test_streams_of_one_second_are_added_up():
    both = added_up(3, [Second(3, 30, 2, 1.0, 3.0, 3.6), Second(3, 10, 0, 5.0, 3.7, 3.9)])
    assert both == Second(3, 40, 2, 2.0, 3.0, 3.9)
    assert added_up(4, []).packets == 0
    assert math.isnan(added_up(4, []).loss_pct)
