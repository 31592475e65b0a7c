"""What receivers reported, and what was keyed in, in a few words each."""

import pandas as pd

from voiplab.analysis.dialling import diallings
from voiplab.analysis.reception import receptions
from voiplab.packets import Capture
from voiplab.packets.dtmf import PressedKey


def row(**changes):
    return {
        "time_s": 0.0, "src": "192.0.2.1:4001", "dst": "192.0.2.2:4001", "kind": "RR", "ssrc": 1,
        "about_ssrc": 2, "fraction_lost_pct": 0.0, "cumulative_lost": 0, "jitter_ms": 1.0,
        "rtt_ms": None,
    } | changes  # fmt: skip


def test_reports_of_one_receiver_about_one_source_are_summed_up():
    frame = pd.DataFrame(
        [
            row(cumulative_lost=2, fraction_lost_pct=4.0, rtt_ms=10.0),
            row(kind="SDES", about_ssrc=None, cumulative_lost=None),
            row(cumulative_lost=3, fraction_lost_pct=1.0, jitter_ms=2.5, rtt_ms=20.0),
            row(kind="SR", src="192.0.2.2:4001", about_ssrc=1, jitter_ms=None),
        ]
    )
    first, second = receptions(frame)
    assert (first.reports, first.lost, first.about_ssrc) == (2, 3, 2)
    assert (first.fraction_lost_pct_max, first.jitter_ms, first.rtt_ms) == (4.0, 2.5, 15.0)
    assert (second.src, second.reports) == ("192.0.2.2:4001", 1)
    assert second.jitter_ms is None
    assert second.rtt_ms is None


def test_a_capture_without_reports_has_none(captures):
    assert receptions(Capture.open(captures / "sipp-g711a-dtmf.pcap").rtcp) == ()


def key(digit, src="192.0.2.1:4000"):
    return PressedKey(
        0.0, src, "192.0.2.2:4000", digit, 100.0, -10, 5,
        ended=True, call_id="1@lab", way="RFC 4733",
    )  # fmt: skip


def test_keys_of_one_side_are_put_together():
    mine, other = diallings(
        [key("1"), key("2"), key("7", "192.0.2.3:4000"), key("flash"), key("#")]
    )
    assert mine.keys == "12 flash #"
    assert other.keys == "7"
