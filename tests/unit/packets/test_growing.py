"""A capture read while it grows, against the same one read whole."""

import random
from pathlib import Path

import numpy as np
import pytest

from voiplab.errors import CaptureError
from voiplab.packets import Capture
from voiplab.packets.growing import GrowingCapture

REAL = ("2001.pcap", "2002.pcap")


@pytest.fixture(params=REAL)
def file(request):
    folder = Path(__file__).parents[2] / "fixtures" / "evidence" / "2001-2002"
    return (folder / request.param).read_bytes()


def pieces(content, seed):
    luck, at = random.Random(seed), 0  # noqa: S311 - a seed is wanted
    while at < len(content):
        size = luck.choice((1, 10, 100, 3000, 60_000))
        yield content[at : at + size]
        at += size


@pytest.mark.parametrize("seed", range(4))
def test_pieces_hold_what_the_whole_holds(file, seed):
    whole, growing = Capture.open(file), GrowingCapture()
    taken = [growing.take(piece) for piece in pieces(file, seed)]
    rows = np.concatenate([piece.rows for piece in taken])
    messages = [seen for piece in taken for seen in piece.messages]
    assert [bytes(seen.message) for seen in messages] == [
        bytes(seen.message) for seen in whole.signalling
    ]
    for stream in whole.media:
        mine = rows[rows["stream"] == growing.streams.index(stream.key)]
        assert np.array_equal(mine["sequence"], stream.rows["sequence"])
        assert np.array_equal(mine["time_s"], stream.rows["time_s"])
    assert sum(len(piece.rtcp) for piece in taken) == len(whole.reports)


def test_what_is_no_capture_is_refused():
    with pytest.raises(CaptureError, match="does not begin with"):
        GrowingCapture().take(b"once upon a time there was a file")


def test_damage_is_noticed(file):
    growing = GrowingCapture()
    growing.take(file[:24])
    with pytest.raises(CaptureError, match="is announced"):
        growing.take(b"\xff" * 100)
