"""The way of speech from phone to phone, by packets that both captures hold."""

from pathlib import Path

import pytest

from voiplab.evidence import Evidence, one_way_ms

DATA = Path(__file__).parents[3] / "notebooks" / "data"


def payload_way_ms(call, sender, receiver):
    """The same by another mark: speech in clear has the same bytes at both phones."""
    legs = {leg.user: leg for leg in call.record.legs}
    seen = []
    for leg, side in ((legs[sender], "src"), (legs[receiver], "dst")):
        packets = call.capture_at(leg).packets()
        seen.append(
            {
                packet.payload[12:]: packet.time_s
                for packet in packets
                if getattr(packet, side) == leg.address and len(packet.payload) == 172
            }
        )
    ways = sorted((seen[1][speech] - seen[0][speech]) * 1000 for speech in seen[0].keys() & seen[1])
    return ways[len(ways) // 2]


@pytest.mark.parametrize(("sender", "receiver"), [("2001", "2002"), ("2002", "2001")])
def test_it_is_what_the_speech_itself_tells(sender, receiver):
    call = Evidence.open(DATA / "one-call")
    expected = payload_way_ms(call, sender, receiver)
    assert one_way_ms(call, sender, receiver) == pytest.approx(expected, abs=0.05)


def test_a_network_that_delays_is_measured():
    call = Evidence.open(DATA / "jittery")
    truth = call.network_truth("2002")
    incoming = truth[(truth.direction == "incoming") & (truth.protocol == "rtp")]
    set_ms = incoming[incoming.fate == "delivered"].delay_ms.median()
    assert set_ms > 10
    assert one_way_ms(call, "2001", "2002") == pytest.approx(set_ms, abs=2)


def test_who_was_not_in_the_call_has_no_way():
    assert one_way_ms(Evidence.open(DATA / "one-call"), "2001", "2009") is None
