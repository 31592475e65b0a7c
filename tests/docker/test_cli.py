"""The command line, as a terminal and as a program sees it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from voiplab import Evidence

pytestmark = pytest.mark.engine


def voiplab(*arguments: str, runs: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "voiplab", *arguments],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"VOIPLAB_RUNS": str(runs), "COLUMNS": "120"} | environment,
    )


@pytest.mark.xdist_group("orphans")  # which are not well
def test_doctor_finds_this_machine_well(runs):
    asked = voiplab("doctor", "--json", runs=runs)
    report = json.loads(asked.stdout)
    assert asked.returncode == 0, report
    assert report["ok"] is True
    assert {"Python", "engine", "images", "room for evidence"} <= {
        check["name"] for check in report["checks"]
    }
    assert all(set(check) == {"name", "ok", "found", "remedy"} for check in report["checks"])


def test_doctor_says_what_is_wrong_and_how_to_mend_it(runs, tmp_path):
    asked = voiplab("doctor", "--json", runs=runs, DOCKER_HOST=f"unix://{tmp_path}/none.sock")
    assert asked.returncode == 1
    (engine,) = [check for check in json.loads(asked.stdout)["checks"] if check["name"] == "engine"]
    assert engine["ok"] is False
    assert "none.sock" in engine["remedy"]


def test_a_call_is_encrypted_when_it_is_told_to_be(runs):
    called = voiplab("call", "--seconds", "1", "--security", "dtls", "--json", runs=runs)
    assert called.returncode == 0, called.stderr
    record = Evidence.open(json.loads(called.stdout)["evidence"]).record
    assert record.encrypted
    assert {leg.media_encryption for leg in record.legs} == {"dtls"}


def test_a_call_prints_both_directions_and_its_evidence(runs):
    called = voiplab("call", "--say", "hello", "--seconds", "3", "--json", runs=runs)
    assert called.returncode == 0, called.stderr
    summary = json.loads(called.stdout)
    assert list(summary) == ["setup_ms", "directions", "evidence"]
    assert {(each["from"], each["to"]) for each in summary["directions"]} == {
        ("2001", "2002"),
        ("2002", "2001"),
    }
    for each in summary["directions"]:
        assert each["lost"] == 0
        assert each["packets"] > 100
        assert each["mos"] >= 4.3
    assert (Path(summary["evidence"]) / "call.json").exists()


def test_a_call_is_readable_in_a_terminal(runs):
    called = voiplab("call", "--seconds", "1", runs=runs)
    assert called.returncode == 0, called.stderr
    for word in ("packets", "loss %", "jitter ms", "MOS", "PCMU", "Set up in", "Evidence: "):
        assert word in called.stdout


@pytest.mark.xdist_group("orphans")  # which it would clean up
def test_a_lab_that_stays_is_used_shown_and_stopped(runs):
    up = voiplab("up", "t-cli", "--users", "1", "--json", runs=runs)
    try:
        assert up.returncode == 0, up.stderr
        assert json.loads(up.stdout) == {"name": "t-cli", "users": ["2001"]}
        status = json.loads(voiplab("status", "--json", runs=runs).stdout)
        (shown,) = [lab for lab in status["labs"] if lab["name"] == "t-cli"]
        assert shown["orphaned"] is False
        assert {part["role"] for part in shown["parts"]} == {"pbx", "phone"}
        cleaned = json.loads(voiplab("clean", "--json", runs=runs).stdout)
        assert "t-cli" not in [each["name"] for each in cleaned["removed"]]
        called = voiplab("call", "--lab", "t-cli", "--seconds", "1", "--json", runs=runs)
        assert called.returncode == 0, called.stderr
        assert len(json.loads(called.stdout)["directions"]) == 2
        again = voiplab("up", "t-cli", runs=runs)
        assert again.returncode == 1
        assert "runs already" in again.stderr
    finally:
        down = voiplab("down", "t-cli", "--json", runs=runs)
    assert json.loads(down.stdout)["containers"] == 3
    assert "t-cli" not in voiplab("status", runs=runs).stdout


def test_what_goes_wrong_is_one_sentence_and_no_traceback(runs):
    failed = voiplab("call", "--lab", "nowhere", runs=runs)
    assert failed.returncode == 1
    assert "No lab 'nowhere' runs" in failed.stderr
    assert "Traceback" not in failed.stderr + failed.stdout


def test_images_are_all_there(runs):
    checked = voiplab("images", "--check", "--json", runs=runs)
    assert checked.returncode == 0
    assert json.loads(checked.stdout) == {"missing": [], "built": []}
