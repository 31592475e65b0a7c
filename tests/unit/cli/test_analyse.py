"""``voiplab analyse`` as it is called from a shell."""

import contextlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

CAPTURES = Path(__file__).parents[2] / "fixtures" / "captures"


def analyse(*arguments, columns="200"):
    return subprocess.run(
        [sys.executable, "-m", "voiplab", "analyse", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"COLUMNS": columns, "DOCKER_HOST": "unix:///nobody.sock"},
    )


def test_calls_ladders_and_streams_are_printed():
    shown = analyse(CAPTURES / "baresip-asterisk-tcp-udp.pcap").stdout
    assert "Calls: 2" in shown
    assert shown.count("── INVITE (SDP) ──") == 2
    assert "RTP streams: 4" in shown
    row = next(line for line in shown.splitlines() if " PCMU " in line and "172.20" in line)
    assert row.split()[2:6] == ["PCMU", "179", "0", "0.00"]
    assert "assume 80 ms" in shown


def test_a_ladder_is_never_folded_and_no_address_cut():
    shown = analyse(CAPTURES / "baresip-asterisk-tcp-udp.pcap", columns="60").stdout
    assert any(len(line) > 30 and line.endswith("▶│") for line in shown.splitlines())
    assert "…" not in shown


def test_json_has_the_keys_that_stay_and_nothing_else():
    printed = analyse(CAPTURES / "sipp-g711a-dtmf.pcap", "--json")
    report = json.loads(printed.stdout, parse_constant=pytest.fail)
    assert set(report) == {"truncated", "calls", "streams"}
    assert printed.stderr == ""


def test_another_delay_is_said_and_lowers_r():
    near, far = (
        json.loads(analyse(CAPTURES / "sipp-g711a-dtmf.pcap", "--json", *more).stdout)
        for more in ([], ["--delay-ms", "400"])
    )
    assert far["streams"][0]["r"] < near["streams"][0]["r"] - 10
    assert "assume 400 ms" in analyse(CAPTURES / "sipp-g711a-dtmf.pcap", "--delay-ms", "400").stdout


@pytest.fixture
def bad(tmp_path):
    (tmp_path / "empty.pcap").touch()
    (tmp_path / "letter.pcap").write_text("Dear reader,\n")
    (tmp_path / "folder").mkdir()
    return tmp_path


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("empty.pcap", "is empty"),
        ("letter.pcap", "is not a capture"),
        ("folder", "Is a directory"),
        ("nowhere.pcap", "No such file"),
    ],
)
@pytest.mark.parametrize("as_json", [[], ["--json"]])
def test_what_is_no_capture_is_refused_in_a_sentence(bad, name, said, as_json):
    refused = analyse(bad / name, *as_json)
    assert refused.returncode == 1
    assert said in refused.stderr
    assert name in refused.stderr
    assert "Traceback" not in refused.stderr
    assert refused.stdout == ""


def test_a_capture_that_was_cut_gives_what_it_holds_and_says_so(tmp_path):
    cut = tmp_path / "cut.pcap"
    cut.write_bytes((CAPTURES / "baresip-opus.pcap").read_bytes()[:-7])
    shown = analyse(cut)
    assert shown.returncode == 0
    assert "cut.pcap ends" in shown.stdout
    assert "Calls: 1" in shown.stdout
    assert json.loads(analyse(cut, "--json").stdout)["truncated"] is True


@pytest.mark.parametrize("delay", ["-1", "nan", "soon"])
def test_impossible_delays_are_refused(delay):
    assert analyse(CAPTURES / "baresip-opus.pcap", "--delay-ms", delay).returncode == 2


def test_a_page_is_written_beside_what_is_printed(tmp_path):
    page = tmp_path / "page.html"
    printed = analyse(CAPTURES / "sipp-g711a-dtmf.pcap", "--html", page, "--json")
    assert set(json.loads(printed.stdout)) == {"truncated", "calls", "streams"}
    assert page.read_text().startswith("<!doctype html>")
    assert f"Page: {page}" in analyse(CAPTURES / "sipp-g711a-dtmf.pcap", "--html", page).stdout


def test_a_page_that_cannot_be_written_is_told_in_a_sentence(tmp_path):
    refused = analyse(CAPTURES / "baresip-opus.pcap", "--html", tmp_path / "nowhere" / "page.html")
    assert refused.returncode == 1
    assert "can't be written: No such file" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_keys_and_reports_of_receivers_are_printed():
    shown = analyse(CAPTURES / "sipp-g711a-dtmf.pcap").stdout
    assert "key 1, 280 ms" in shown
    assert "RFC 4733" in shown[shown.index("Keys (DTMF)") :]


def test_encrypted_streams_are_said_to_be_so(tmp_path):
    secured = tmp_path / "secured.pcap"
    plain = (CAPTURES / "baresip-opus.pcap").read_bytes()
    secured.write_bytes(plain.replace(b"RTP/AVP ", b"RTP/SAVP"))
    assert "SRTP is encrypted" in analyse(secured).stdout
    assert "SRTP" not in analyse(CAPTURES / "baresip-opus.pcap").stdout


def test_a_pipe_gets_no_colours_and_a_terminal_does():
    command = [sys.executable, "-m", "voiplab", "analyse", str(CAPTURES / "baresip-opus.pcap")]
    assert "\x1b" not in analyse(CAPTURES / "baresip-opus.pcap").stdout
    leader, follower = os.openpty()
    with subprocess.Popen(command, stdout=follower, env=os.environ | {"TERM": "xterm"}) as running:
        os.close(follower)
        shown = b""
        with contextlib.suppress(OSError):  # the end of a terminal whose program has ended
            while piece := os.read(leader, 4096):
                shown += piece
    os.close(leader)
    assert running.returncode == 0
    assert "\x1b[34m────── INVITE (SDP) ─────▶\x1b[0m".encode() in shown
