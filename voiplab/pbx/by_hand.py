"""Putting hand-written files in force in an Asterisk that runs."""

from typing import TYPE_CHECKING

from voiplab.config import (
    Complaints,
    Exchange,
    needs_restart,
    reload_commands,
    render,
    started_with,
)
from voiplab.containers import wait_until

if TYPE_CHECKING:
    from voiplab.pbx.asterisk import Asterisk

_LOG_LINES = 1_000_000
_LOG_WITHIN_S = 10.0

# What Asterisk writes into its log when it is told to begin a new one.
_MARK = ("logger rotate", "Asterisk Queue Logger restarted")


def reload_or_restart(
    pbx: "Asterisk", former: Exchange, wanted: Exchange, *, sound: bool | None
) -> Complaints:
    """Let Asterisk read its files, which have been written, anew.

    It is restarted where a reload would not do: a change of what Asterisk reads only when it
    starts, or anything to complain about: after a reload, objects that it refuses stay as they
    were before, and what it does would not be what its files say.

    Args:
        pbx: the Asterisk.
        former: what its files said.
        wanted: what they say now.
        sound: whether it took the former files without a complaint; None when its log is to tell.

    Returns:
        What it complains about, having read them.
    """
    old, new = render(former), render(wanted)
    if not pbx.running:
        sound = False
    elif sound is None:
        sound = not serious(pbx.complaints())
    if sound and not needs_restart(old, new) and started_with(old) == started_with(new):
        pbx.begin_complaints()
        for command in reload_commands(old, new):
            pbx.ami.command(command, timeout_s=30.0)
        complaints = pbx.complaints()
        if not serious(complaints):
            return complaints
    pbx.begin_complaints()
    pbx.restart()
    return pbx.complaints()


def serious(complaints: Complaints) -> bool:
    """Whether there is more among them than notices."""
    return any(complaint.level != "NOTICE" for complaint in complaints)


def log_so_far(pbx: "Asterisk") -> str:
    """Return Asterisk's log, with all that it has said by now."""
    command, mark = _MARK
    before = pbx.container.logs(tail=_LOG_LINES).count(mark)
    pbx.ami.command(command)

    def written() -> str | None:
        log = pbx.container.logs(tail=_LOG_LINES)
        return log if log.count(mark) > before else None

    return wait_until(
        "Asterisk's log", written, timeout_s=_LOG_WITHIN_S, containers=[pbx.container]
    )
