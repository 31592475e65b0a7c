"""A real stream, spoilt in known places (fixtures/captures/impair.py): nothing else is found."""

import numpy as np
import pytest

from voiplab.packets import Capture

DROPPED = [10, 11, 12, 13, 14, 40, 77, 100, 101]
REPEATED = 60
SWAPPED = (80, 81)
WRAPS_AT = 50


@pytest.fixture(scope="module")
def whole(captures):
    return Capture.open(captures / "baresip-g722.pcap")


@pytest.fixture(scope="module")
def spoilt(captures):
    return Capture.open(captures / "impaired-g722.pcap")


def test_the_counts_are_those_of_what_was_done(whole, spoilt):
    before, after = whole.streams.iloc[0], spoilt.streams.iloc[0]
    kinds = ["lost", "duplicated", "reordered", "restarts"]
    assert before[kinds].tolist() == [0, 0, 0, 0]
    assert after.packets == before.packets - len(DROPPED) + 1
    assert after[kinds].tolist() == [len(DROPPED), 1, 1, 0]
    assert after.loss_pct == pytest.approx(100 * len(DROPPED) / before.packets)
    # Nine packets in four bursts, against what independent losses would give.
    assert after.burst_ratio == pytest.approx(9 / 4 * (1 - len(DROPPED) / before.packets))


def test_the_other_direction_is_untouched(whole, spoilt):
    before, after = whole.streams.iloc[1], spoilt.streams.iloc[1]
    assert before.drop("capture").to_dict() == after.drop("capture").to_dict()


def test_the_lost_packets_are_the_dropped_ones(whole, spoilt):
    missing = spoilt.stream(0).sequence.missing() - (65536 - WRAPS_AT)
    assert missing.tolist() == DROPPED
    sent_s = whole.stream(0).rows["time_s"][DROPPED]
    assert spoilt.stream(0).lost_s == pytest.approx(sent_s, abs=0.006)


def test_the_timeline_adds_up(spoilt):
    for interval_s in (0.1, 1.0, 60.0):
        timeline = spoilt.timeline(0, interval_s)
        assert timeline.packets.sum() == spoilt.streams.packets[0]
        assert timeline.lost.sum() == len(DROPPED)
    assert spoilt.timeline(0, 1.0).lost.tolist() == [6, 2, 1, 0]
    with pytest.raises(ValueError, match="An interval lasts longer than 0 s"):
        spoilt.timeline(0, 0)


def test_each_gap_is_told_at_the_packet_after_it(spoilt):
    arrivals = spoilt.arrivals(0)
    assert arrivals.lost.sum() == len(DROPPED)
    after = arrivals[arrivals.lost > 0]
    sent = (after.sequence.astype(int) - (65536 - WRAPS_AT)) % 65536
    assert dict(zip(sent, after.lost, strict=True)) == {15: 5, 41: 1, 78: 1, 102: 2}
    assert set(arrivals.payload_bytes) == {160}
    assert np.isclose(arrivals.jitter_ms.max(), spoilt.streams.jitter_ms_max[0])
