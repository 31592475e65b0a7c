"""What a jitter buffer does: the delay of each packet, and until when it waits for it."""

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from voiplab.plots.style import colour_of, drawn_on

if TYPE_CHECKING:
    from voiplab.packets.sound import Sound

_LEAST_SCALE_MS = 20.0
_LATE: Final = "#D55E00"
_LINE: Final = "#444444"
_STRIP = 0.10  # of the scale, under its zero, for the packets that were lost
_ROOM = 400  # so many packets have room enough to be told apart

_ROOM_INCHES = 6  # for the legend in one line


def plot_playout(sound: "Sound", ax: Axes | None = None) -> Axes:
    """Draw when each packet of a stream came, and when the jitter buffer wanted to play it.

    A dot stands for a packet: the higher, the longer its way took, compared with the fastest one.
    The line is the playout deadline: a dot under it waits in the buffer for as long as it lies
    under it, a cross above it came too late and is not heard. Black strokes at the bottom are
    packets that never came.

    Args:
        sound: a decoded stream.
        ax: where to draw; a new figure by default.

    Returns:
        The axes, whose label is the text of :func:`describe_playout`.
    """
    table = sound.playout
    with drawn_on(ax) as axes:
        axes.set_label(describe_playout(sound))
        axes.set(xlabel="time (s)", ylabel="delay above the fastest (ms)")
        in_one_line = axes.get_window_extent().width / axes.figure.dpi >= _ROOM_INCHES
        axes.set_title("Jitter buffer: each packet and its deadline", pad=30 if in_one_line else 52)
        if not len(table):
            axes.text(0.5, 0.5, "no packet of speech", transform=axes.transAxes, ha="center")
            return axes
        scale_ms = _scale(axes, table)
        shown = [_played(axes, table), _late(axes, table), _lost(axes, table, scale_ms)]
        shown.append(_deadline(axes, table, scale_ms, sound.buffering_ms))
        legend = axes.legend(
            handles=[each for each in shown if each is not None],
            loc="lower left",
            bbox_to_anchor=(-0.015, 1.0),
            ncols=len(shown) if in_one_line else 2,
            markerscale=1.4,
            frameon=False,
            handlelength=1.2,
            handletextpad=0.5,
            columnspacing=1.8,
        )
        legend.set_in_layout(False)
        return axes


def describe_playout(sound: "Sound") -> str:
    """Return in words what :func:`plot_playout` draws.

    Args:
        sound: a decoded stream.
    """
    table = sound.playout
    if not len(table):
        return "No packet of speech."
    delay_ms, deadline_ms = table["delay_ms"], table["deadline_ms"]
    if delay_ms.isna().all():
        return f"{_summary(sound)}."
    least, most = deadline_ms.min(), deadline_ms.max()
    deadlines = f"{least:.0f}" if round(least) == round(most) else f"{least:.0f} to {most:.0f}"
    return (
        f"{_summary(sound)}. Compared with the fastest packet, half of them took "
        f"{delay_ms.median():.1f} ms longer or more, the slowest {delay_ms.max():.1f} ms; "
        f"the deadline was {deadlines} ms."
    )


def _summary(sound: "Sound") -> str:
    sent = sound.played + sound.late + sound.lost
    if not sent:
        return "no packet of speech"
    parts = [f"{sound.played} of {sent} packets played"]
    parts += [f"{sound.late} too late"] if sound.late else []
    parts += [f"{sound.lost} lost on the way"] if sound.lost else []
    parts += [f"{sound.duplicated} came twice"] if sound.duplicated else []
    if sound.played:
        parts.append(f"mean wait in the buffer {sound.buffering_ms:.0f} ms")
    return ", ".join(parts)


def _scale(axes: Axes, table: pd.DataFrame) -> float:
    """Set the scales, and return what the delays' spans, in ms."""
    highest = np.nanmax([_LEAST_SCALE_MS, table["delay_ms"].max(), table["deadline_ms"].max()])
    scale_ms = float(highest) * 1.12
    has_lost = bool((table["fate"] == "lost").any())
    axes.set_ylim(-_STRIP * scale_ms if has_lost else 0, scale_ms)
    axes.set_yticks([tick for tick in axes.get_yticks() if 0 <= tick <= scale_ms])
    first, last = float(table["time_s"].min()), float(table["time_s"].max())
    room = max(0.01 * (last - first), 0.01)
    axes.set_xlim(first - room, last + room)
    return scale_ms


def _deadline(axes: Axes, table: pd.DataFrame, scale_ms: float, wait_ms: float) -> Line2D:
    """Draw the deadline, and shade what is above it."""
    in_time = table.sort_values("time_s")
    time_s, deadline_ms = in_time["time_s"].to_numpy(), in_time["deadline_ms"].to_numpy()
    axes.fill_between(
        time_s, deadline_ms, scale_ms, step="post", color=_LATE, alpha=0.08, linewidth=0
    )
    waited = "" if np.isnan(wait_ms) else f" (mean wait {wait_ms:.0f} ms)"
    return axes.step(
        time_s,
        deadline_ms,
        where="post",
        color=_LINE,
        linewidth=2,
        label=f"deadline{waited}",
    )[0]


def _played(axes: Axes, table: pd.DataFrame) -> Line2D | None:
    played = table[table["fate"] == "played"]
    if not len(played):
        return None
    size = float(np.clip(9 * (_ROOM / len(table)) ** 0.5, 3.5, 9))
    return axes.plot(
        played["time_s"],
        played["delay_ms"],
        ".",
        color=colour_of(0),
        markersize=size,
        markeredgewidth=0,
        alpha=0.9 if len(table) <= _ROOM else 0.6,
        rasterized=len(table) > _ROOM,
        label=f"{len(played)} played",
    )[0]


def _late(axes: Axes, table: pd.DataFrame) -> Line2D | None:
    late = table[table["fate"] == "late"]
    if not len(late):
        return None
    return axes.plot(
        late["time_s"],
        late["delay_ms"],
        "X",
        color=_LATE,
        markersize=9 if len(table) <= _ROOM else 7,
        markeredgecolor="white",
        markeredgewidth=0.6,
        clip_on=False,
        zorder=3,
        label=f"{len(late)} too late",
    )[0]


def _lost(axes: Axes, table: pd.DataFrame, scale_ms: float) -> Line2D | None:
    """Draw strokes in a strip of their own: what never came has no delay."""
    lost_s = table.loc[table["fate"] == "lost", "time_s"]
    if not len(lost_s):
        return None
    axes.axhline(0, color=_LINE, linewidth=0.8)
    middle = -_STRIP * scale_ms / 2
    return axes.plot(
        lost_s,
        np.full(len(lost_s), middle),
        "|",
        color="black",
        markersize=14,
        markeredgewidth=2,
        label=f"{len(lost_s)} lost",
    )[0]
