"""The panel of the machine room: Asterisk started, stopped, watched and spoken to."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import ipywidgets

from voiplab.containers.usage import Usage
from voiplab.errors import LabStopped
from voiplab.lab import Lab
from voiplab.widgets.button import Question, button, row
from voiplab.widgets.field import Field
from voiplab.widgets.pages import Pages
from voiplab.widgets.panel import Panel
from voiplab.widgets.python import called
from voiplab.widgets.source import Source
from voiplab.widgets.table import Table
from voiplab.widgets.words import _, ngettext

_REFRESH_S: Final = 2.0
_LOG_PAGE: Final = 1
_LOG_LINES: Final = 200
_MIB: Final = 1024**2

# What a terminal would show as colour (ECMA-48, section 8.3.117).
_COLOUR: Final = re.compile(r"\x1b\[[0-9;]*m")

USEFUL: Final = (
    "pjsip show endpoints",
    "pjsip show contacts",
    "pjsip show registrations",
    "core show channels",
    "core show calls",
    "core show uptime",
    "core show codecs",
    "core show translation",
    "dialplan show phones",
    "voicemail show users",
    "confbridge list",
    "rtp show settings",
)
"""Lines of Asterisk's command line that are offered."""


@dataclass(frozen=True, kw_only=True)
class ServerState:
    """How the PBX is.

    Attributes:
        status: of its container: ``running``, ``exited``, ``gone`` …
        answers: whether its management interface does.
        version: Asterisk's, or "".
        users: how many it has.
        calls: how many are in progress; None when nobody can tell.
        usage: what it has used; None when it does not run.
    """

    status: str
    answers: bool
    version: str
    users: int
    calls: int | None
    usage: Usage | None


class ServerPanel(Panel):
    """Asterisk itself: started, stopped, restarted; its log, its command line, what it costs.

    Args:
        state: returns how it is.
        log: returns the last lines of its log, so many.
        command: runs a line of its command line and returns what that prints.
        stop: stops it in order.
        restart: starts it, whether it runs or not, and waits until it has booted.
    """

    def __init__(
        self,
        *,
        state: Callable[[], ServerState],
        log: Callable[[int], str],
        command: Callable[[str], str],
        stop: Callable[[], object],
        restart: Callable[[], object],
    ) -> None:
        self._state = state
        self._log = log
        self._command = command
        self._stop = stop
        self._restart = restart
        self._before: Usage | None = None
        self.table = Table(
            {
                "status": _("Asterisk"),
                "version": _("Version"),
                "users": _("Users"),
                "calls": _("Calls"),
                "cpu": _("Processor"),
                "memory": _("Memory"),
            },
            key="status",
            caption=_("How the PBX is"),
            empty=_("Looking."),
        )
        self.start_button = button(_("Start"), self._start, kind="main")
        self.restart_button = button(_("Restart…"), self._ask_restart)
        self.stop_button = button(_("Stop…"), self._ask_stop, kind="stop")
        self.question = Question()
        self.follow = Field(_("Follow the log"), kind="switch", value=True)
        self.logbook = Source(_("Asterisk's log, its last lines"), follows=True)
        self.line = Field(
            _("A line for Asterisk"),
            placeholder="core show channels",
            options=[(line, line) for line in USEFUL],
        )
        self.line.add_class("voiplab-wide")
        self.line.on_submit(self._run)
        self.output = Source(_("What Asterisk printed"))
        self.output.show(_("Type a line, or choose one, and press Enter."))
        command_line = ipywidgets.VBox(
            [row(self.line, button(_("Run"), self._run, kind="main")), self.output]
        )
        log_page = ipywidgets.VBox([self.follow, self.logbook])
        self.pages = Pages(
            _("What to see of Asterisk"), {_("Command line"): command_line, _("Log"): log_page}
        )
        super().__init__(
            _("Server"),
            [
                self.table,
                row(self.start_button, self.restart_button, self.stop_button),
                self.question,
                self.pages,
            ],
        )
        self._refresh = self.every(_REFRESH_S, self._read, self._show)
        self.pages.tabs.observe(lambda _change: self._refresh.soon(), "chosen")

    # What is shown

    def _read(self) -> tuple[ServerState, str | None]:
        state = self._state()
        wanted = self.pages.tabs.chosen == _LOG_PAGE and self.follow.value
        return state, self._log(_LOG_LINES) if wanted and state.status != "gone" else None

    def _show(self, found: tuple[ServerState, str | None]) -> None:
        state, log = found
        self.table.show([self._row(state)])
        self._before = state.usage
        if log is not None:
            self.logbook.show(_COLOUR.sub("", log))
        running = state.status == "running"
        self.start_button.disabled = running
        self.restart_button.disabled = self.stop_button.disabled = not running

    def _row(self, state: ServerState) -> dict[str, object]:
        running = state.status == "running"
        good = running and state.answers
        words = {
            "running": _("running") if state.answers else _("running, and does not answer"),
            "exited": _("stopped"),
            "gone": _("gone with its lab"),
        }
        return {
            "status": words.get(state.status, state.status),
            "version": state.version,
            "users": state.users,
            "calls": _("unknown") if state.calls is None else state.calls,
            "cpu": self._cpu(state.usage),
            "memory": _("none")
            if state.usage is None
            else _("{size:.0f} MiB").format(size=state.usage.memory_bytes / _MIB),
            "tones": {"status": "good" if good else "bad"},
        }

    def _cpu(self, now: Usage | None) -> str:
        if now is None:
            return _("none")
        if self._before is None:
            return _("measuring")
        share = now.cpu_share(self._before)
        return _("{share:.1%} of a core").format(share=share)

    # What is done

    def _start(self) -> None:
        self.do(
            lambda _work: self._restart(),
            says=_("Starting Asterisk."),
            done=_("Asterisk has booted."),
            python="lab.pbx.restart()",
            lastly=self._look,
        )

    def _ask_restart(self) -> None:
        self.question.ask(
            _("Restart Asterisk? Calls in progress end."),
            _("Restart"),
            self._start_again,
            back=self.restart_button,
        )

    def _start_again(self) -> None:
        self.do(
            lambda _work: self._restart(),
            says=_("Restarting Asterisk."),
            done=_("Asterisk has booted again; the phones are registered as before."),
            python="lab.pbx.restart()",
            lastly=self._look,
        )

    def _ask_stop(self) -> None:
        self.question.ask(
            _("Stop Asterisk? Calls in progress end, and nobody can call."),
            _("Stop"),
            self._stop_it,
            back=self.start_button,
        )

    def _stop_it(self) -> None:
        self.do(
            lambda _work: self._stop(),
            says=_("Stopping Asterisk."),
            done=_("Asterisk is stopped. The phones don't know it yet: try to call."),
            python="lab.pbx.stop()",
            lastly=self._look,
        )

    def _look(self) -> None:
        self._before = None
        self._refresh.soon()

    def _run(self) -> None:
        line = self.line.value.strip()
        if not line:
            self.say(_("Type a line first, for example: core show channels"))
            return

        def printed(text: str) -> str:
            count = len(text.splitlines())
            return ngettext(
                "Asterisk printed {count} line.", "Asterisk printed {count} lines.", count
            )

        self.do(
            lambda _work: self._command(line),
            says=_("Asking Asterisk."),
            done=printed,
            python=f"print({called('lab.asterisk', line)})",
            then=lambda text: self.output.show(text or _("(nothing)")),
        )


def server_panel(lab: Lab) -> ServerPanel:
    """Show a lab's Asterisk: started, stopped and watched with the mouse.

    Args:
        lab: one that runs.
    """
    pbx = lab.pbx
    versions: list[str] = []

    def calls_and_version() -> int:
        if not versions:
            versions.append(pbx.version())
        counted = re.search(r"(\d+) active calls?", pbx.command("core show channels count"))
        return int(counted[1]) if counted else 0

    def state() -> ServerState:
        status = pbx.container.status()
        usage = calls = None
        if status == "running":
            try:
                usage = pbx.container.usage()
                calls = calls_and_version()
            except LabStopped:
                calls = None
        return ServerState(
            status=status,
            answers=calls is not None,
            version=versions[0] if versions else "",
            users=len(pbx.exchange.users),
            calls=calls,
            usage=usage,
        )

    return ServerPanel(
        state=state,
        log=lambda lines: pbx.container.logs(tail=lines),
        command=pbx.command,
        stop=pbx.stop,
        restart=pbx.restart,
    )
