"""The panel of the calls of a lab, whoever made them, and their ladders."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from voiplab.errors import CallFailed
from voiplab.lab import Lab
from voiplab.lab.switchboard import CallState, PbxCall
from voiplab.widgets.button import button, row
from voiplab.widgets.ladder_view import LadderView
from voiplab.widgets.panel import Panel
from voiplab.widgets.python import called, written
from voiplab.widgets.table import Table
from voiplab.widgets.words import _

if TYPE_CHECKING:
    from voiplab.lab.monitor import Listener
    from voiplab.packets import Ladder

_REFRESH_S = 1.0
# Media alone changes a ladder each second, and nobody reads that fast.
_MEDIA_EVERY_S = 3.0
_TONES = {CallState.RINGING: "wait", CallState.ANSWERED: "good"}


@dataclass(frozen=True)
class _Found:
    """What was read in a round: the calls, and the chosen one's ladder if it has grown."""

    calls: tuple[PbxCall, ...]
    now_s: float
    chosen: str
    told: int
    ladder: "Ladder | None"


class CallsPanel(Panel):
    """Calls as they come and go; the ladder of the chosen one grows as messages pass.

    Args:
        calls: returns the calls, the oldest first, as `Monitor.calls`.
        ladder: returns a call's ladder so far by its id, as `Monitor.ladder`.
        told: returns how much there is to tell on it, as `Monitor.told`: it is drawn when that
            grows, and for its media every now and then.
        hang_up: ends a call by its id.
        python: returns the Python that shows a call's ladder ("ladder"), or ends it ("hang_up"),
            by its id.
        subscribe: keeps the monitor going until what it returns is called.
    """

    def __init__(  # noqa: PLR0913 - all are named
        self,
        *,
        calls: Callable[[], Iterable[PbxCall]],
        ladder: "Callable[[str], Ladder]",
        told: Callable[[str], int],
        hang_up: Callable[[str], object],
        python: Callable[[str, str], str],
        subscribe: "Callable[[Listener], Callable[[], None]]" = lambda _listener: lambda: None,
    ) -> None:
        self._calls = calls
        self._ladder = ladder
        self._told = told
        self._end_call = hang_up
        self._python = python
        self._drawn: tuple[str, int, float] = "", 0, 0.0
        self.table = Table(
            {
                "caller": _("From"),
                "called": _("To"),
                "state": _("State"),
                "duration": _("Duration"),
                "began": _("Began"),
            },
            key="id",
            caption=_("The calls of the lab, the newest first"),
            empty=_("No call yet: make one with a phone, and it appears here."),
            choosable=True,
        )
        self.hang_up = button(_("Hang up"), self._hang_up, kind="stop")
        self.hang_up.disabled = True
        self.view = LadderView()
        super().__init__(_("Calls"), [self.table, row(self.hang_up), self.view])
        self._unsubscribe = subscribe(lambda _news: None)
        self._refresh = self.every(_REFRESH_S, self._read, self._show)
        self.table.observe(self._choose, "chosen")

    def _read(self) -> _Found:
        chosen, now_s = self.table.chosen, time.time()
        calls = tuple(self._calls())
        told, ladder = 0, None
        if chosen in {call.id for call in calls}:
            told = self._told(chosen)
            key, drawn, drawn_s = self._drawn
            if (key, drawn) != (chosen, told) or now_s - drawn_s >= _MEDIA_EVERY_S:
                ladder = self._ladder(chosen)
        return _Found(calls, now_s, chosen, told, ladder)

    def _show(self, found: _Found) -> None:
        rows = [_row(call, found.now_s) for call in reversed(found.calls)]
        if rows != self.table.rows:
            self.table.show(rows)
        chosen = next((call for call in found.calls if call.id == self.table.chosen), None)
        self.hang_up.disabled = chosen is None or chosen.state is CallState.ENDED
        if chosen is None:
            self.view.clear()
            self._drawn = "", 0, 0.0
        elif found.ladder is not None and found.chosen == chosen.id:
            self._drawn = chosen.id, found.told, found.now_s
            label = _("Ladder of the call {caller} → {called}").format(
                caller=chosen.caller, called=chosen.called
            )
            self.view.show(found.ladder, key=chosen.id, label=label)

    def _choose(self, _change: object) -> None:
        if self.table.chosen:
            self.say("", python=self._python(self.table.chosen, "ladder"))
        self._refresh.soon()

    def _hang_up(self) -> None:
        call = self.table.chosen
        self.do(
            lambda _work: self._end_call(call),
            says=_("Hanging up."),
            done=_("The call has ended."),
            python=self._python(call, "hang_up"),
        )

    def close(self) -> None:
        """Let the monitor go, and take the panel from the page."""
        self._unsubscribe()
        super().close()


def _row(call: PbxCall, now_s: float) -> dict[str, Any]:
    words = {
        CallState.RINGING: _("ringing"),
        CallState.ANSWERED: _("in progress"),
        CallState.ENDED: _("ended") if call.answered_s is not None else _("not answered"),
    }
    return {
        "id": call.id,
        "caller": call.caller,
        "called": call.called,
        "state": words[call.state],
        "duration": clock(call.duration_s(now_s)) if call.answered_s is not None else "–",
        "began": time.strftime("%H:%M:%S", time.localtime(call.started_s)),
        "tones": {"state": _TONES.get(call.state, "")},
    }


def clock(seconds: float) -> str:
    """Return a duration as a clock shows it.

    >>> clock(75.9), clock(3600)
    ('1:15', '1:00:00')
    """
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def calls_panel(lab: Lab) -> CallsPanel:
    """Show the calls of a lab, whoever made them, and the ladder of one.

    Args:
        lab: one that runs.

    Raises:
        LabStopped: when the lab does not run.
    """
    monitor = lab.monitor()

    final: dict[str, Ladder] = {}

    def ladder(call: str) -> "Ladder":
        made = monitor.made_by(call)
        if made is None or not made.kept:
            return monitor.ladder(call)
        if call not in final:
            final.clear()
            final[call] = made.ladder()
        return final[call]

    def hang_up(call: str) -> None:
        made = monitor.made_by(call)
        if made is not None:
            made.hang_up()
            return
        legs = monitor.legs(call)
        if not legs:
            raise CallFailed(_("No phone of this lab takes part in the call."))
        for phone, leg in legs:
            phone.hang_up(leg)

    return CallsPanel(
        calls=monitor.calls,
        ladder=ladder,
        told=monitor.told,
        hang_up=hang_up,
        python=lambda call, what: _python(lab, call, what),
        subscribe=monitor.subscribe,
    )


def _python(lab: Lab, call: str, what: str) -> str:
    monitor = lab.monitor()
    made = monitor.made_by(call)
    if made is not None:
        return f"lab.calls[{lab.calls.index(made) - len(lab.calls)}].{what}()"
    if what == "ladder":
        return called("lab.monitor().ladder", call)
    phones = (f"lab[{written(phone.extension)}].phone" for phone, _leg in monitor.legs(call))
    return "; ".join(f"{phone}.hang_up({phone}.active_legs()[-1])" for phone in phones)
