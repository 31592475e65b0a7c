"""A restart, drawn: who was there when."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from voiplab.grading.plan.restart import CutOff, Manner, Restart, Return
from voiplab.grading.plan.restarting import describe_restart
from voiplab.plots.key import key_below
from voiplab.plots.style import drawn_on

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_BEFORE_S = 6.0
_AFTER_S = 5.0
_THICK = 0.5
_UP, _TALK, _DEAD, _BACK = "#0072B2", "#009E73", "#D55E00", "#000000"
_TITLES = {Manner.CLEAN: "Restarted in order", Manner.KILL: "Killed and started again"}


def plot_restart(
    restart: Restart, ax: "Axes | None" = None, *, until_s: float | None = None
) -> "Axes":
    """Draw a restart: when the server was up, each phone in its call, and registered again.

    Args:
        restart: what was measured.
        ax: where to draw; a new figure by default.
        until_s: how far the axis of time goes, in seconds; as far as needed by default.

    Returns:
        The axes, whose label says the same in words.

    >>> import matplotlib.pyplot as plt
    >>> ax = plot_restart(Restart(manner=Manner.KILL, up_s=0.7))
    >>> ax.get_title(loc="left")
    'Killed and started again'
    >>> plt.close(ax.figure)
    """
    last_s = until_s or last_moment_s(restart)
    rows = ["Asterisk", *(f"phone {each.extension}" for each in restart.returns)]
    with drawn_on(ax, height_inches=1.9 + 0.5 * len(rows)) as axes:
        axes.set_title(_TITLES[restart.manner])
        axes.set_label(" ".join(describe_restart(restart)))
        axes.set_xlabel("time since the server went down (s)")
        axes.set_xlim(-_BEFORE_S, last_s)
        axes.set_yticks([-row for row in range(len(rows))], rows)
        axes.set_ylim(0.6 - len(rows), 0.6)
        axes.tick_params(axis="y", length=0)
        axes.grid(visible=True, axis="x")
        axes.grid(visible=False, axis="y")
        axes.axvline(0, color="#444444", linewidth=1, linestyle=":")
        _bar(axes, 0, (-_BEFORE_S, 0), _UP)
        _bar(axes, 0, (restart.up_s, last_s), _UP)
        _say(axes, 0, restart.up_s, f"up again after {restart.up_s:.1f} s", inside=True)
        ends = {each.extension: each for each in restart.cut_off}
        for row, back in enumerate(restart.returns, start=1):
            _draw_call(axes, row, ends.get(back.extension))
            _draw_return(axes, row, back)
        key_below(axes, _key(restart.cut_off), columns=4)
        return axes


def last_moment_s(*restarts: Restart) -> float:
    """Return up to when there is something to be seen, in seconds."""
    moments = [
        moment
        for restart in restarts
        for moment in (
            restart.up_s,
            *(each.back_s for each in restart.returns),
            *(each.gave_up_s for each in restart.cut_off),
        )
        if moment is not None
    ]
    return max(moments, default=0.0) * 1.25 + _AFTER_S


def _draw_call(axes: "Axes", row: int, end: CutOff | None) -> None:
    if end is None:
        return
    over_s = end.told_s if end.told_s is not None else end.gave_up_s or 0.0
    silent_s = min(end.silent_s if end.silent_s is not None else -_BEFORE_S, over_s)
    _bar(axes, row, (-_BEFORE_S, silent_s), _TALK)
    if end.told_s is None:
        _bar(axes, row, (silent_s, over_s), _DEAD, hatch="////")


def _draw_return(axes: "Axes", row: int, back: Return) -> None:
    if back.back_s is None:
        said = f"not registered again: {back.refusal or 'no answer'}"
        axes.text(
            0.99, -row, said, transform=axes.get_yaxis_transform(), ha="right", va="center",
            color=_DEAD,
        )  # fmt: skip
        return
    axes.plot([back.back_s], [-row], marker="D", color=_BACK, linestyle="none")
    _say(axes, row, back.back_s, f"{back.back_s:.1f} s")


def _bar(
    axes: "Axes", row: int, span_s: tuple[float, float], colour: str, *, hatch: str = ""
) -> None:
    from_s, to_s = span_s
    axes.barh(
        -row, to_s - from_s, left=from_s, height=_THICK,
        color="white" if hatch else colour, edgecolor=colour, hatch=hatch or None, linewidth=1,
    )  # fmt: skip


def _say(axes: "Axes", row: int, at_s: float, text: str, *, inside: bool = False) -> None:
    axes.annotate(
        text, (at_s, -row), xytext=(9, 0), textcoords="offset points", va="center",
        color="white" if inside else "black",
    )  # fmt: skip


def _key(cut_off: Sequence[CutOff]) -> list[Patch | Line2D]:
    marks: list[Patch | Line2D] = [
        Patch(color=_UP, label="up"),
        Patch(color=_TALK, label="hears the other"),
    ]
    if any(each.told_s is None for each in cut_off):
        dead = Patch(
            facecolor="white", edgecolor=_DEAD, hatch="////", label="hears nothing, not told"
        )
        marks.append(dead)
    back = Line2D([], [], marker="D", color=_BACK, linestyle="none", label="registered again")
    return [*marks, back]
