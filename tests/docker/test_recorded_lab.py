"""A lab that is recorded, and its recording, give the same answers."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pandas as pd
import pytest

from voiplab import Lab, RecordedLab, live_or_recorded
from voiplab.errors import CallFailed, NotRecorded
from voiplab.widgets import control_room

pytestmark = pytest.mark.engine


def conversation(lab, *, wait_s=2.0):
    """Ask a lab as a notebook does, and return what it answers."""
    started = lab.asterisk("core show version")
    desk = lab.add_user("2001", name="Front desk")
    office = lab.add_user("2002", name="Office", codecs=["alaw"])
    before = lab.registrations()
    call = desk.phone.call(office, say="Bonjour", reply="Yes")
    stood = call.wait(seconds=wait_s)
    call.hang_up()
    credentials = lab.asterisk("pjsip show auth 2001")
    return {
        "version": started,
        "users": [(each.extension, each.name, each.number) for each in lab.users],
        "registrations": before,
        "credentials": credentials,
        "stood": stood,
        "state": call.state,
        "calls": len(lab.calls),
        "quality": call.quality.directions,
        "setup_ms": call.setup_ms,
        "ladder": call.ladder().html(),
        "heard": call.samples(office)[0].tolist(),
        "configuration": call.evidence.configuration(),
        "software": lab.software(),
    }


def test_a_recording_answers_as_the_lab_did(tmp_path, runs, monkeypatch):
    folder, passwords = tmp_path / "lab", []
    monkeypatch.setenv("VOIPLAB_RECORD", "make recordings")
    lab = live_or_recorded(lambda: Lab.start(runs=runs), RecordedLab.open, folder)
    with lab:
        live = conversation(lab)
        passwords += [user.settings.secret.get_secret_value() for user in lab.users]
        assert lab.pbx.running
    with pytest.raises(NotRecorded):
        RecordedLab.open(folder).pbx  # noqa: B018 - asking is the test
    recorded = conversation(RecordedLab.open(folder))
    pd.testing.assert_frame_equal(live.pop("registrations"), recorded.pop("registrations"))
    # What Asterisk says of a password is the one thing that is not kept.
    shown, kept = live.pop("credentials"), recorded.pop("credentials")
    assert kept == shown.replace(passwords[0], "(secret)") != shown
    assert recorded == live
    assert_nowhere(passwords, folder)


def assert_nowhere(passwords, folder: Path):
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert files
    for path in files:
        assert not any(password.encode() in path.read_bytes() for password in passwords), path


def test_what_panels_ask_is_not_in_the_recording(tmp_path, runs, monkeypatch):
    folder = tmp_path / "lab"
    monkeypatch.setenv("VOIPLAB_RECORD", "make recordings")
    with live_or_recorded(lambda: Lab.start(runs=runs), RecordedLab.open, folder) as lab:
        with ThreadPoolExecutor(1) as beside:
            assert beside.submit(lab.registrations).result().empty
            assert "active" in beside.submit(lab.asterisk, "core show channels").result()
        assert control_room(lab).title == f"Lab {lab.name}"
        lab.asterisk("core show uptime")
    recording = RecordedLab.open(folder)
    assert list(recording.answers) == ["core show uptime"]
    with pytest.raises(NotRecorded):
        recording.registrations()


def test_a_call_that_failed_is_not_in_the_recording(tmp_path, runs, monkeypatch):
    folder = tmp_path / "lab"
    monkeypatch.setenv("VOIPLAB_RECORD", "make recordings")
    start = {"users": {"2001": "Front desk"}, "runs": runs}
    lab = live_or_recorded(lambda: Lab.start(**start), RecordedLab.open, folder)
    with pytest.raises(CallFailed):
        lab["2001"].phone.call("9999")
    lab.stop()
    lab.stop()
    recorded = RecordedLab.open(folder)
    assert [user.extension for user in recorded.users] == ["2001"]
    assert recorded.calls == []
    with pytest.raises(NotRecorded, match="2001 calls 9999: that was not recorded"):
        recorded["2001"].phone.call("9999")
