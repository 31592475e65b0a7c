"""Real captures of several programs: the same figures as tshark's.

The references beside the captures begin with the version and the command that made them.
"""

import re
from pathlib import Path

import pytest

from voiplab.packets import Capture

FOLDER = Path(__file__).parents[2] / "fixtures" / "captures"
NAMES = sorted(path.stem for path in FOLDER.glob("*.pcap"))
STREAM = re.compile(
    r"\s*(?P<start_s>[\d.]+)\s+[\d.]+\s+(?P<src>\S+)\s+(?P<src_port>\d+)\s+(?P<dst>\S+)\s+"
    r"(?P<dst_port>\d+)\s+0x(?P<ssrc>[0-9A-F]{8})\s+(?P<codec>\S+)\s+(?P<packets>\d+)\s+"
    r"(?P<lost>-?\d+) \(\S+%\)\s+(?:[\d.]+\s+){3}-?[\d.]+\s+(?P<mean>[\d.]+)\s+(?P<max>[\d.]+)"
)
CODECS = {"g711A": "PCMA", "g711U": "PCMU", "g722": "G722"}


def reference(name):
    return (FOLDER / f"{name}.tshark.txt").read_text()


def test_there_are_captures_of_three_programs_and_each_has_its_reference():
    assert len(NAMES) >= 5
    assert {name.partition("-")[0] for name in NAMES} == {"baresip", "sipp", "impaired"}
    assert any("asterisk" in name for name in NAMES)
    for name in NAMES:
        first, second = reference(name).splitlines()[:2]
        assert first.startswith("TShark (Wireshark)")
        assert second == f"tshark -q -z rtp,streams -z sip,stat -r {name}.pcap"


@pytest.mark.parametrize("name", NAMES)
def test_streams_agree(name):
    streams = Capture.open(FOLDER / f"{name}.pcap").streams
    rows = {(row.src, row.dst, row.ssrc): row for row in streams.itertuples()}
    theirs = [match for line in reference(name).splitlines() if (match := STREAM.match(line))]
    assert len(theirs) == len(rows)
    for each in theirs:
        src, dst = (f"{each[end]}:{each[end + '_port']}" for end in ("src", "dst"))
        row = rows[src, dst, int(each["ssrc"], 16)]
        assert row.packets == int(each["packets"])
        # tshark counts packets that came twice against those that were lost, as RFC 3550 does.
        assert row.lost - row.duplicated == int(each["lost"])
        assert row.start_s == pytest.approx(float(each["start_s"]), abs=1e-6)
        if row.codec == "telephone-event":
            continue  # tshark reports -1 or 0 ms there; it measures no jitter either
        assert row.codec == CODECS.get(each["codec"], each["codec"])
        assert row.jitter_ms_mean == pytest.approx(float(each["mean"]), rel=0.01)
        assert row.jitter_ms_max == pytest.approx(float(each["max"]), rel=0.01)


@pytest.mark.parametrize("name", NAMES)
def test_sip_messages_agree(name):
    messages = Capture.open(FOLDER / f"{name}.pcap").messages
    text = reference(name)
    total = int(re.search(r"Number of SIP messages: (\d+)", text)[1])
    assert len(messages) == total
    statuses = dict(re.findall(r"SIP (\d{3}) .*?:\s+(\d+) Packets", text))
    methods = dict(re.findall(r"^ {2}([A-Z]+)\s+:\s+(\d+) Packets", text, re.MULTILINE))
    responses = messages[messages.status > 0]
    assert responses.status.value_counts().to_dict() == {
        int(status): int(count) for status, count in statuses.items()
    }
    assert messages[messages.status == 0].method.value_counts().to_dict() == {
        method: int(count) for method, count in methods.items()
    }
