from dataclasses import dataclass, field, replace

import pytest

from voiplab.containers.usage import Usage
from voiplab.errors import AmiError, LabStopped
from voiplab.widgets.server import ServerPanel, ServerState

RUNNING = ServerState(
    status="running",
    answers=True,
    version="22.10.1",
    users=2,
    calls=1,
    usage=Usage(time_s=100.0, cpu_s=1.0, memory_bytes=45 * 1024**2),
)
STOPPED = replace(RUNNING, status="exited", answers=False, calls=None, usage=None)


@dataclass
class Pbx:
    state: ServerState = RUNNING
    asked: list[str] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    log: str = "\x1b[1;32mAsterisk Ready.\x1b[0m"

    def tail(self, lines: int) -> str:
        self.lines.append(lines)
        return self.log

    def command(self, line: str) -> str:
        if self.state is STOPPED:
            raise LabStopped("Asterisk is exited, so it can't answer.")
        if line == "nonsense":
            raise AmiError("No such command 'nonsense'.")
        self.asked.append(line)
        return "0 active channels\n0 active calls"

    def stop(self) -> None:
        self.state = STOPPED

    def restart(self) -> None:
        self.state = RUNNING
        self.asked.append("(booted)")


@pytest.fixture
def pbx() -> Pbx:
    return Pbx()


@pytest.fixture
def panel(pbx: Pbx, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("voiplab.widgets.refresh.Refresh.start", lambda _self: None)
    monkeypatch.setattr("voiplab.widgets.refresh.Refresh.soon", lambda self: self.once())
    made = ServerPanel(
        state=lambda: pbx.state,
        log=pbx.tail,
        command=pbx.command,
        stop=pbx.stop,
        restart=pbx.restart,
    )
    made.pages.tabs.chosen = 1
    yield made
    made.close()


def said(panel: ServerPanel) -> tuple[str, str]:
    panel.wait()
    return panel.report.state, panel.report.sentence


def test_what_it_takes_of_a_core_lies_between_two_readings(panel: ServerPanel, pbx: Pbx) -> None:
    (row,) = panel.table.rows
    assert (row["status"], row["version"], row["users"], row["calls"]) == (
        "running",
        "22.10.1",
        2,
        1,
    )
    assert (row["cpu"], row["memory"]) == ("measuring", "45 MiB")
    pbx.state = replace(RUNNING, usage=Usage(time_s=102.0, cpu_s=1.25, memory_bytes=2**20))
    panel._refresh.once()
    assert panel.table.rows[0]["cpu"] == "12.5% of a core"
    assert panel.table.rows[0]["memory"] == "1 MiB"


def test_only_what_can_be_done_is_offered(panel: ServerPanel, pbx: Pbx) -> None:
    assert panel.start_button.disabled
    assert not panel.stop_button.disabled
    pbx.state = STOPPED
    panel._refresh.once()
    assert not panel.start_button.disabled
    assert panel.stop_button.disabled
    assert panel.restart_button.disabled
    assert panel.table.rows[0]["status"] == "stopped"
    assert panel.table.rows[0]["tones"] == {"status": "bad"}


def test_an_asterisk_that_runs_and_is_deaf_is_told_apart(panel: ServerPanel, pbx: Pbx) -> None:
    pbx.state = replace(RUNNING, answers=False, calls=None)
    panel._refresh.once()
    assert panel.table.rows[0]["status"] == "running, and does not answer"
    assert panel.table.rows[0]["calls"] == "unknown"


def test_it_is_stopped_after_a_yes_and_started_again(panel: ServerPanel, pbx: Pbx) -> None:
    panel.stop_button.click()
    assert panel.question.asked
    assert pbx.state is RUNNING
    panel.question.yes()
    assert said(panel)[0] == "done"
    assert panel.report.python == "lab.pbx.stop()"
    assert panel.table.rows[0]["status"] == "stopped"
    panel.start_button.click()
    assert said(panel) == ("done", "Asterisk has booted.")
    assert panel.report.python == "lab.pbx.restart()"
    assert panel.table.rows[0]["status"] == "running"


def test_it_is_restarted_after_a_yes(panel: ServerPanel, pbx: Pbx) -> None:
    panel.restart_button.click()
    assert pbx.asked == []
    panel.question.yes()
    assert said(panel)[0] == "done"
    assert pbx.asked == ["(booted)"]


def test_a_line_is_run_by_enter_and_what_it_printed_is_shown(panel: ServerPanel, pbx: Pbx) -> None:
    panel.line.value = " core show channels "
    panel.line._hear(None, {"order": "submit"}, [])
    assert said(panel) == ("done", "Asterisk printed 2 lines.")
    assert panel.report.python == 'print(lab.asterisk("core show channels"))'
    assert panel.output.text == "0 active channels\n0 active calls"
    assert pbx.asked == ["core show channels"]


def test_no_line_is_no_question(panel: ServerPanel, pbx: Pbx) -> None:
    panel.line.value = "  "
    panel._run()
    assert said(panel)[1].startswith("Type a line first")
    assert pbx.asked == []


def test_what_asterisk_refuses_is_its_sentence(panel: ServerPanel) -> None:
    panel.line.value = "nonsense"
    panel._run()
    assert said(panel) == ("failed", "No such command 'nonsense'.")


def test_a_stopped_asterisk_says_so_on_its_command_line(panel: ServerPanel, pbx: Pbx) -> None:
    pbx.state = STOPPED
    panel.line.value = "core show channels"
    panel._run()
    assert said(panel) == ("failed", "Asterisk is exited, so it can't answer.")


def test_the_log_is_followed_while_that_is_wanted(panel: ServerPanel, pbx: Pbx) -> None:
    assert panel.logbook.text == "Asterisk Ready."
    panel.follow.value = False
    pbx.log = "More."
    asked = len(pbx.lines)
    panel._refresh.once()
    assert panel.logbook.text == "Asterisk Ready."
    assert len(pbx.lines) == asked
    panel.follow.value = True
    panel.pages.tabs.chosen = 0
    panel._refresh.once()
    assert panel.logbook.text == "Asterisk Ready."
    panel.pages.tabs.chosen = 1
    assert panel.logbook.text == "More."
