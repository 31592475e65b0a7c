"""Jitter buffers, given times and no clock."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voiplab.errors import CaptureError
from voiplab.packets import AdaptiveBuffer, FixedBuffer

PACKET_S = 0.020


def late(buffer, delays_ms, talkspurts=()):
    """Say of packets sent each 20 ms and so long under way which are late."""
    sent = [number * PACKET_S for number in range(len(delays_ms))]
    arrival = [at + delay / 1000 for at, delay in zip(sent, delays_ms, strict=True)]
    order = sorted(range(len(sent)), key=arrival.__getitem__)
    offsets = buffer.offsets_s(
        [arrival[number] for number in order],
        [sent[number] for number in order],
        [number == 0 or number in talkspurts for number in order],
    )
    return sorted(
        number
        for number, offset in zip(order, offsets, strict=True)
        if arrival[number] > sent[number] + offset + 1e-9
    )


def waits_ms(buffer, delays_ms, talkspurts=()):
    sent = [number * PACKET_S for number in range(len(delays_ms))]
    arrival = [at + delay / 1000 for at, delay in zip(sent, delays_ms, strict=True)]
    begins = [number == 0 or number in talkspurts for number in range(len(sent))]
    offsets = buffer.offsets_s(arrival, sent, begins)
    return [1000 * offset - delay for offset, delay in zip(offsets, delays_ms, strict=True)]


@pytest.mark.parametrize("buffer", [FixedBuffer(), AdaptiveBuffer()])
def test_nothing_comes_of_nothing(buffer):
    assert buffer.offsets_s([], [], []) == []


class TestFixed:
    def test_a_packet_as_slow_as_the_buffer_allows_is_played_and_a_slower_one_is_late(self):
        delays = [5.0] * 30
        delays[10] += 59.9
        delays[20] += 60.1
        assert late(FixedBuffer(delay_ms=60), delays) == [20]

    def test_without_a_buffer_only_those_as_fast_as_the_first_are_in_time(self):
        assert late(FixedBuffer(delay_ms=0), [1, 5, 0, 2, 1]) == [1, 3]

    def test_one_packet_that_was_sent_early_changes_nothing(self):
        delays = [30.0] * 1000
        delays[100] = 0.0
        assert set(waits_ms(FixedBuffer(delay_ms=40), delays)) == {40, 70}

    def test_a_talkspurt_goes_by_the_fastest_of_the_last_ten_seconds(self):
        delays = [30.0] * 1200
        delays[100] = 10.0
        waits = waits_ms(FixedBuffer(delay_ms=40), delays, talkspurts={200, 700})
        assert [waits[0], waits[199], waits[200], waits[700]] == pytest.approx([40, 40, 20, 40])

    @given(
        delays=st.lists(st.floats(0, 400), min_size=1, max_size=120),
        sizes=st.tuples(st.floats(0, 300), st.floats(0, 300)),
        talkspurts=st.sets(st.integers(0, 119)),
    )
    def test_what_is_in_time_for_a_small_buffer_is_so_for_a_larger_one(
        self, delays, sizes, talkspurts
    ):
        small, large = sorted(sizes)
        lost = set(late(FixedBuffer(delay_ms=large), delays, talkspurts))
        assert lost <= set(late(FixedBuffer(delay_ms=small), delays, talkspurts))

    @pytest.mark.parametrize("ppm", [-200, 200])
    def test_clocks_that_drift_for_an_hour_make_nothing_late(self, ppm):
        delays = [number * PACKET_S * ppm / 1000 for number in range(180_000)]
        assert abs(delays[-1]) > 700
        assert late(FixedBuffer(delay_ms=20), delays) == []
        waits = waits_ms(FixedBuffer(delay_ms=20), delays)
        assert min(waits) > 5
        assert max(waits) < 35

    def test_a_way_that_becomes_longer_is_followed_after_ten_seconds(self):
        delays = [0.0] * 100 + [100.0] * 1000
        lost = late(FixedBuffer(delay_ms=60), delays)
        assert lost == list(range(100, 100 + len(lost)))
        assert len(lost) * PACKET_S == pytest.approx(10, abs=0.2)

    def test_a_time_to_wait_can_not_be_negative(self):
        with pytest.raises(CaptureError, match="can't wait for -1 ms"):
            FixedBuffer(delay_ms=-1)


class TestAdaptive:
    def test_a_calm_network_makes_it_wait_no_longer_than_it_must(self):
        waits = waits_ms(AdaptiveBuffer(least_ms=20), [5.0] * 1000)
        assert waits[0] == pytest.approx(60)
        assert waits[-1] == pytest.approx(20, abs=10)

    def test_it_follows_a_step_of_the_delay(self):
        delays = [0.0] * 500 + [150.0] * 500
        lost = late(AdaptiveBuffer(), delays)
        assert lost == list(range(500, 500 + len(lost)))
        assert len(lost) == 1
        assert len(lost) < len(late(FixedBuffer(), delays))

    def test_it_comes_back_when_the_delay_does(self):
        waits = waits_ms(AdaptiveBuffer(), [0.0] * 500 + [150.0] * 500 + [0.0] * 1000)
        assert waits[-1] < 40

    def test_it_waits_longer_where_there_is_jitter(self):
        jitter = [0.0, 30.0, 10.0, 45.0, 5.0] * 200
        assert waits_ms(AdaptiveBuffer(), jitter)[-5] > waits_ms(AdaptiveBuffer(), [0.0] * 1000)[-5]
        assert not [number for number in late(AdaptiveBuffer(), jitter) if number > 50]

    def test_a_talkspurt_begins_with_the_estimate_of_its_moment(self):
        delays = [0.0] * 500
        in_one = waits_ms(AdaptiveBuffer(), delays)
        in_two = waits_ms(AdaptiveBuffer(), delays, talkspurts={60})
        assert in_one[59] == in_two[59]
        assert in_two[60] < in_one[60]

    @given(delays=st.lists(st.floats(0, 2000), min_size=1, max_size=200))
    def test_it_keeps_within_its_limits(self, delays):
        buffer = AdaptiveBuffer(least_ms=20, most_ms=100)
        sent = [number * PACKET_S for number in range(len(delays))]
        arrival = [at + delay / 1000 for at, delay in zip(sent, delays, strict=True)]
        offsets = buffer.offsets_s(arrival, sent, [True] * len(sent))
        for offset in offsets:
            assert 1000 * offset <= max(delays) + 100 + 1e-6
            assert 1000 * offset >= min(delays) + 20 - 1e-6

    @pytest.mark.parametrize("ppm", [-200, 200])
    def test_clocks_that_drift_for_an_hour_make_nothing_late(self, ppm):
        delays = [number * PACKET_S * ppm / 1000 for number in range(180_000)]
        assert late(AdaptiveBuffer(), delays) == []

    @pytest.mark.parametrize(("least", "most", "start"), [(-1, 9, 5), (9, 5, 9), (5, 9, 10)])
    def test_limits_that_make_no_sense_are_refused(self, least, most, start):
        with pytest.raises(CaptureError, match="least_ms <= start_ms <= most_ms"):
            AdaptiveBuffer(least_ms=least, most_ms=most, start_ms=start)
