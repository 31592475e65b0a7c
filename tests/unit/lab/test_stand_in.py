"""A recording stands in for a lab only where none can run, and never silently."""

import json
import shutil
from pathlib import Path

import pytest

from voiplab import Evidence, live_or_recorded
from voiplab.errors import CallFailed, EvidenceError

CALL = Path(__file__).parents[2] / "fixtures" / "evidence" / "2001-2002"


@pytest.fixture
def no_engine(monkeypatch):
    monkeypatch.setenv("DOCKER_HOST", "unix:///nowhere/docker.sock")


@pytest.fixture
def recording(tmp_path):
    folder = Path(shutil.copytree(CALL, tmp_path / "call"))
    made = {"recorded": "2026-11-25", "command": "python record.py <call>"}
    (folder / "provenance.json").write_text(json.dumps(made))
    return folder


@pytest.fixture
def shown(monkeypatch):
    outputs = []
    monkeypatch.setattr("IPython.display.display", outputs.append)
    return outputs


def refuse():
    raise CallFailed("2001 called 2002: busy.", 486)


@pytest.mark.usefixtures("no_engine")
def test_without_an_engine_the_recording_stands_in_and_says_so(recording, shown):
    call = live_or_recorded(refuse, Evidence.open, recording)
    assert [each.label for each in call.quality] == ["2001 → 2002", "2002 → 2001"]
    (banner,) = shown
    for text in (repr(banner), banner._repr_html_()):
        assert "RECORDING OF 25 NOVEMBER 2026, NOT A LIVE LAB" in text
        assert "/nowhere/docker.sock" in text
    assert "python record.py <call>" in repr(banner)
    assert "python record.py &lt;call&gt;" in banner._repr_html_()


@pytest.mark.usefixtures("no_engine")
def test_a_recording_that_can_not_say_when_it_was_made_does_not_stand_in(recording, shown):
    (recording / "provenance.json").write_text("{}")
    with pytest.raises(EvidenceError, match=r"provenance\.json is damaged: Field required"):
        live_or_recorded(refuse, Evidence.open, recording)
    (recording / "provenance.json").unlink()
    with pytest.raises(EvidenceError, match=r"provenance\.json can't be read: No such file"):
        live_or_recorded(refuse, Evidence.open, recording)
    assert shown == []


@pytest.mark.engine
def test_a_recording_is_made_of_what_happened_live(tmp_path, shown, monkeypatch):
    monkeypatch.setenv("VOIPLAB_RECORD", "make recordings")
    live_or_recorded(lambda: Evidence.open(CALL), Evidence.open, tmp_path / "new")
    monkeypatch.setenv("DOCKER_HOST", "unix:///nowhere/docker.sock")
    call = live_or_recorded(refuse, Evidence.open, tmp_path / "new")
    assert call.quality.directions == Evidence.open(CALL).quality.directions
    assert "made by: make recordings" in repr(shown[0])


@pytest.mark.engine
def test_what_fails_in_a_live_lab_is_an_error_and_no_recording(recording, shown):
    with pytest.raises(CallFailed):
        live_or_recorded(refuse, Evidence.open, recording)
    other = Evidence.open(CALL)
    assert live_or_recorded(lambda: other, Evidence.open, recording) is other
    assert shown == []
