"""Real captures of several programs: the same figures as tshark's.

The references beside the captures begin with the version and the command that made them.
"""

import re
from pathlib import Path

import pytest

from voiplab.packets import Capture

FOLDER = Path(__file__).parents[2] / "fixtures" / "captures"
FILES = {path.stem: path for path in sorted(FOLDER.glob("*.pcap*"))}
NAMES = list(FILES)
STREAM = re.compile(
    r"\s*(?P<start_s>[\d.]+)\s+[\d.]+\s+(?P<src>\S+)\s+(?P<src_port>\d+)\s+(?P<dst>\S+)\s+"
    r"(?P<dst_port>\d+)\s+0x(?P<ssrc>[0-9A-F]{8})\s+(?P<codec>\S+)\s+(?P<packets>\d+)\s+"
    r"(?P<lost>-?\d+) \(\S+%\)\s+(?:-?[\d.]+\s+){4}(?P<mean>[\d.]+)\s+(?P<max>[\d.]+)"
)
CODECS = {"g711A": "PCMA", "g711U": "PCMU", "g722": "G722"}


def place(address, port):
    return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"


def reference(name):
    return (FOLDER / f"{name}.tshark.txt").read_text()


def test_there_are_captures_of_seven_programs_and_each_has_its_reference():
    programs = {"aiortc", "baresip", "ffmpeg", "gstreamer", "kamailio", "sipp", "impaired"}
    assert {name.partition("-")[0] for name in NAMES} == programs
    assert any("asterisk" in name for name in NAMES)
    assert {path.suffix for path in FILES.values()} == {".pcap", ".pcapng"}
    for name, path in FILES.items():
        first, second = reference(name).splitlines()[:2]
        assert first.startswith("TShark (Wireshark)")
        command = f"-q -z rtp,streams -z sip,stat -r {path.name}"
        assert second in {f"tshark {command}", f"tshark -d udp.port==1024-65535,rtp {command}"}


@pytest.mark.parametrize("name", NAMES)
def test_streams_agree(name):
    streams = Capture.open(FILES[name]).streams
    rows = {(row.src, row.dst, row.ssrc): row for row in streams.itertuples()}
    theirs = [match for line in reference(name).splitlines() if (match := STREAM.match(line))]
    assert len(theirs) == len(rows)
    for each in theirs:
        src, dst = (place(each[end], each[end + "_port"]) for end in ("src", "dst"))
        row = rows[src, dst, int(each["ssrc"], 16)]
        assert row.packets == int(each["packets"])
        # tshark counts packets that came twice against those that were lost, as RFC 3550 does.
        assert row.lost - row.duplicated == int(each["lost"])
        assert row.start_s == pytest.approx(float(each["start_s"]), abs=1e-6)
        if row.codec == "telephone-event" or each["codec"] in {"RTPType-96", "RTPType-97"}:
            continue  # without a clock rate tshark measures no jitter: it reports -1 or 0 ms
        assert row.codec == CODECS.get(each["codec"], each["codec"])
        assert row.jitter_ms_mean == pytest.approx(float(each["mean"]), rel=0.01)
        assert row.jitter_ms_max == pytest.approx(float(each["max"]), rel=0.01)


@pytest.mark.parametrize("name", NAMES)
def test_sip_messages_agree(name):
    messages = Capture.open(FILES[name]).messages
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


FIELDS = ("time_s", "call_id", "method", "status", "number", "about", "from_tag", "to_tag")


def sip_fields(name):
    """What tshark's fields say of each SIP message, by Call-ID."""
    version, command, *lines = (FOLDER / f"{name}.tshark-sip.txt").read_text().splitlines()
    assert version.startswith("TShark (Wireshark)")
    assert command.endswith(FILES[name].name)
    calls = {}
    for line in lines:
        fields = dict(zip(FIELDS, line.split("\t"), strict=True))
        calls.setdefault(fields["call_id"], []).append(fields)
    return {
        call_id: messages
        for call_id, messages in calls.items()
        if any(message["method"] == "INVITE" for message in messages)
    }


def first_time_s(messages, wanted):
    return next((float(each["time_s"]) for each in messages if wanted(each)), None)


@pytest.mark.parametrize("name", NAMES)
def test_calls_agree(name):
    """The same calls, final status, end and set-up times as tshark's fields give."""
    theirs = sip_fields(name)
    ours = {row.call_id: row for row in Capture.open(FILES[name]).dialogs.itertuples()}
    assert list(ours) == list(theirs)
    for call_id, messages in theirs.items():
        row = ours[call_id]
        # A re-INVITE has a tag in To: the final status is that of the INVITEs before.
        opening = {m["number"] for m in messages if m["method"] == "INVITE" and not m["to_tag"]}
        answers = [
            m for m in messages
            if m["status"] and m["about"] == "INVITE" and m["number"] in opening
        ]  # fmt: skip
        finals = [m for m in answers if m["status"] >= "200" and m["status"] not in {"401", "407"}]
        assert row.status == int(finals[0]["status"])
        invited_s = first_time_s(messages, lambda m: m["method"] == "INVITE")
        rang_s = first_time_s(answers, lambda m: "180" <= m["status"] < "200")
        answered_s = first_time_s(answers, lambda m: m["status"] == "200")
        ended_s = first_time_s(messages, lambda m: m["method"] == "BYE")
        heard_s = rang_s if rang_s is not None else answered_s
        assert row.start_s == pytest.approx(invited_s, abs=1e-6)
        assert row.end_s == pytest.approx(ended_s or float("nan"), abs=1e-6, nan_ok=True)
        set_up_ms = 1000 * (heard_s - invited_s) if heard_s else float("nan")
        assert row.pdd_ms == pytest.approx(set_up_ms, abs=1e-3, nan_ok=True)
        assert bool(answered_s) == (row.status == 200)
        if answered_s and ended_s:
            assert row.talk_s == pytest.approx(ended_s - answered_s, abs=1e-6)


def test_the_calls_of_the_captures_end_in_many_ways():
    """Otherwise their agreement says little."""
    rows = [row for path in FILES.values() for row in Capture.open(path).dialogs.itertuples()]
    assert {row.status for row in rows} >= {200, 302, 486, 487}
    assert {row.hung_up_by for row in rows} >= {"caller", "callee"}
