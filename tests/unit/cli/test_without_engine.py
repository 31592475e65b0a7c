"""The command line where no engine answers."""

import json
import os
import subprocess
import sys

import pytest


def voiplab(*arguments: str, socket: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "voiplab", *arguments],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"DOCKER_HOST": f"unix://{socket}", "COLUMNS": "200"},
    )


@pytest.fixture
def nowhere(tmp_path):
    return tmp_path / "nobody.sock"


@pytest.mark.parametrize(
    "arguments",
    [["up"], ["status"], ["call"], ["down"], ["clean"], ["images"], ["status", "--json"]],
)
def test_each_command_says_in_one_sentence_that_no_engine_answers(arguments, nowhere):
    failed = voiplab(*arguments, socket=nowhere)
    assert failed.returncode == 1
    assert "nobody.sock" in failed.stderr
    assert "Traceback" not in failed.stderr
    assert failed.stdout == ""


def test_a_test_plan_that_could_not_be_run_has_an_exit_code_of_its_own(nowhere):
    failed = voiplab("test-plan", "--json", socket=nowhere)
    assert failed.returncode == 2
    assert "nobody.sock" in failed.stderr
    assert "Traceback" not in failed.stderr
    assert failed.stdout == ""


def test_doctor_reports_it_as_a_finding(nowhere):
    asked = voiplab("doctor", "--json", socket=nowhere)
    report = json.loads(asked.stdout)
    assert asked.returncode == 1
    assert report["ok"] is False
    assert [each["name"] for each in report["checks"] if not each["ok"]] == ["engine"]


def test_help_names_every_command(nowhere):
    shown = voiplab("--help", socket=nowhere).stdout
    for command in (
        "doctor",
        "images",
        "up",
        "status",
        "call",
        "analyse",
        "test-plan",
        "down",
        "clean",
    ):
        assert command in shown


@pytest.mark.parametrize("arguments", [["call", "--seconds", "nan"], ["call", "--seconds", "-1"]])
def test_impossible_durations_are_refused(arguments, nowhere):
    assert voiplab(*arguments, socket=nowhere).returncode == 2


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["up", "--security", "rot13"], "'rot13' is not one of"),
        (["call", "--security", "sdes", "--lab", "mine"], "has its security already"),
    ],
)
def test_an_impossible_security_is_refused(arguments, reason, nowhere):
    refused = voiplab(*arguments, socket=nowhere)
    assert refused.returncode == 2
    assert reason in refused.stderr
