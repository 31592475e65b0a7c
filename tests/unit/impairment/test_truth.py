import io

import pandas as pd

from voiplab.impairment import Datagram, TruthLog, TruthRow, truth_between, truth_frame

RTP = Datagram("10.0.0.1:4000", "10.0.0.2:4002", "rtp", 214, 0xFFFFFFFF, 65_535)
SIP = Datagram("10.0.0.1:5060", "10.0.0.2:5060", "sip", 600)


def written(*rows, most_bytes=10_000):
    file = io.StringIO()
    log = TruthLog(file, most_bytes)
    for row in rows:
        log.add(row)
    return file.getvalue(), log.left_out


def test_what_was_written_is_read_in_the_order_of_coming():
    text, left_out = written(
        TruthRow(1795570304.5, "incoming", SIP, "lost"),
        TruthRow(1795570303.25, "incoming", RTP, "delivered", 100.1234, 2),
    )
    table = truth_frame(text)
    assert left_out == 0
    assert list(table["time_s"]) == [1795570303.25, 1795570304.5]
    first, second = table.to_dict("records")
    assert (first["ssrc"], first["sequence"]) == (0xFFFFFFFF, 65_535)
    assert (first["delay_ms"], first["copies"], first["bytes"]) == (100.123, 2, 214)
    assert first["src"] == "10.0.0.1:4000"
    assert second["fate"] == "lost"
    assert pd.isna(second["ssrc"])
    assert pd.isna(second["delay_ms"])


def test_a_log_without_a_row_is_a_table_without_a_row():
    assert list(truth_frame("").columns) == list(truth_frame(written()[0]).columns)
    assert truth_frame("").empty


def test_a_line_that_is_not_whole_is_left_out():
    text, _ = written(
        TruthRow(1.0, "incoming", SIP, "lost"), TruthRow(2.0, "incoming", SIP, "lost")
    )
    assert len(truth_frame(text[:-5])) == 1


def test_a_full_log_counts_what_it_leaves_out():
    row = TruthRow(1.0, "outgoing", RTP, "delivered", 0.05, 1)
    text, left_out = written(*[row] * 10, most_bytes=400)
    kept = len(truth_frame(text))
    assert 0 < kept < 10
    assert kept + left_out == 10
    assert len(text) <= 400


def test_a_log_that_has_left_something_out_ends_there():
    long, short = (
        TruthRow(1.0, "outgoing", RTP, "delivered", 0.05, 1),
        TruthRow(2.0, "incoming", Datagram("a", "b", "other", 1), "lost"),
    )
    text, left_out = written(long, long, short, most_bytes=240)  # room for a short row
    assert list(truth_frame(text)["time_s"]) == [1.0]
    assert left_out == 2


def test_a_call_takes_its_span_of_a_log():
    text, _ = written(*(TruthRow(float(n), "incoming", RTP, "lost") for n in range(10)))
    kept = truth_frame(truth_between(text.encode(), 2.5, 6).decode())
    assert list(kept["time_s"]) == [3, 4, 5, 6]
