"""Jitter and lost packets over the time of a call."""

from collections.abc import Mapping, Sequence
from typing import Final

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator
from matplotlib.transforms import ScaledTranslation, Transform, blended_transform_factory

from voiplab.plots.style import colour_of, drawn_on

_LEAST_SCALE_MS = 20.0  # a healthy call's tenths of a millisecond must not look like a storm
_LEAST_TIME_S = 1.0
_DASHES: Final[tuple[tuple[float, Sequence[float]], ...]] = (
    (0, ()),
    (0, (4, 2)),
    (0, (1, 1)),
    (0, (5, 1, 1, 1)),
)
_LINE_PT = 18  # of a line of text above the curves
_MARKS_PT = 16  # of the row of lost packets under it
_ROOM_FOR_ONE_LINE_PT = 540


def plot_jitter(timelines: Mapping[str, pd.DataFrame], ax: Axes | None = None) -> Axes:
    """Draw the jitter after each packet, and every packet that was lost, for each direction.

    The scale begins at 0 and spans at least 20 ms; a line shows the time between two packets, as
    measured, for comparison. Above the curves, a line of text a direction gives its figures,
    and under it black bars show when packets were missing.

    Source: RFC 3550, section 6.4.1 and appendix A.8, for interarrival jitter.

    Args:
        timelines: for each direction, such as ``"2001 → 2002"``, a row a packet that arrived:
            ``time_s`` (seconds since the call was answered), ``jitter_ms`` (the interarrival
            jitter after it) and ``lost`` (how many packets are missing just before it).
        ax: where to draw; a new figure by default.

    Returns:
        The axes, whose label is the text of :func:`describe_jitter`.

    >>> import matplotlib.pyplot as plt
    >>> calm = pd.DataFrame({"time_s": [0, 0.02], "jitter_ms": [0, 0.1], "lost": [0, 0]})
    >>> ax = plot_jitter({"2001 → 2002": calm})
    >>> ax.get_ylabel()
    'jitter (ms)'
    >>> plt.close(ax.figure)
    """
    with drawn_on(ax, height_inches=4.5 + 0.45 * max(0, len(timelines) - 2)) as axes:
        axes.set(xlabel="time since the call was answered (s)", ylabel="jitter (ms)")
        axes.set_title("Jitter and lost packets")
        axes.set_label(describe_jitter(timelines))
        _lay_out(axes)
        taken_pt = 0.0
        for position, (direction, timeline) in enumerate(timelines.items()):
            _curve(axes, position, timeline)
            taken_pt = _row(axes, position, direction, timeline, taken_pt)
        _scale(axes, [timeline for timeline in timelines.values() if len(timeline)], taken_pt)
        if not timelines:
            axes.text(0.5, 0.5, "no stream of packets", transform=axes.transAxes, ha="center")
        return axes


def describe_jitter(timelines: Mapping[str, pd.DataFrame]) -> str:
    """Return in words what :func:`plot_jitter` draws.

    Args:
        timelines: as for :func:`plot_jitter`.

    Returns:
        A sentence a direction.

    >>> calm = pd.DataFrame({"time_s": [0, 0.02], "jitter_ms": [0, 0.1], "lost": [0, 2]})
    >>> describe_jitter({"2001 → 2002": calm})
    '2001 → 2002: 2 packets arrived, 2 lost (50.0 %); jitter 0.1 ms on average, 0.1 ms at most.'
    """
    if not timelines:
        return "No stream of packets."
    return " ".join(_sentence(direction, timeline) for direction, timeline in timelines.items())


def _sentence(direction: str, timeline: pd.DataFrame) -> str:
    received = len(timeline)
    if not received:
        return f"{direction}: no packet arrived."
    lost = int(timeline["lost"].sum())
    arrived = "1 packet arrived" if received == 1 else f"{received} packets arrived"
    missing = f"{lost} lost ({_loss_pct(timeline):.1f} %)" if lost else "none lost"
    jitter_ms = timeline["jitter_ms"]
    if jitter_ms.isna().all():
        return f"{direction}: {arrived}, {missing}; jitter unknown."
    return (
        f"{direction}: {arrived}, {missing}; "
        f"jitter {jitter_ms.mean():.1f} ms on average, {jitter_ms.max():.1f} ms at most."
    )


def _summary(direction: str, timeline: pd.DataFrame) -> tuple[str, str]:
    """Return a direction's losses and its jitter, for the figure."""
    received = len(timeline)
    if not received:
        return f"{direction}   no packet arrived", ""
    lost = int(timeline["lost"].sum())
    missing = (
        f"{lost} of {lost + received} lost ({_loss_pct(timeline):.1f} %)"
        if lost
        else "no packet lost"
    )
    jitter_ms = timeline["jitter_ms"]
    if jitter_ms.isna().all():
        return f"{direction}   {missing}", "jitter unknown"
    return (
        f"{direction}   {missing}",
        f"jitter mean {jitter_ms.mean():.1f}, max {jitter_ms.max():.1f} ms",
    )


def _loss_pct(timeline: pd.DataFrame) -> float:
    lost = int(timeline["lost"].sum())
    return 100 * lost / (lost + len(timeline))


def _curve(axes: Axes, position: int, timeline: pd.DataFrame) -> None:
    axes.plot(
        timeline["time_s"],
        timeline["jitter_ms"],
        color=colour_of(position),
        linestyle=_DASHES[position % len(_DASHES)],
        marker="o" if len(timeline) == 1 else "",
        clip_on=len(timeline) > 1,
    )


def _row(
    axes: Axes, position: int, direction: str, timeline: pd.DataFrame, taken_pt: float
) -> float:
    """Write a direction's figures above the curves, and under them its lost packets.

    Returns:
        What is taken at the top of the axes, in points, this row included.
    """
    colour = colour_of(position)
    sample_pt = taken_pt + _LINE_PT / 2
    axes.add_artist(
        Line2D(
            [0.01, 0.05],
            [1, 1],
            color=colour,
            linestyle=_DASHES[position % len(_DASHES)],
            transform=_lowered(axes, axes.transAxes, sample_pt),
        )
    )
    losses, jitter = _summary(direction, timeline)
    in_one_line = _size_pt(axes)[0] >= _ROOM_FOR_ONE_LINE_PT
    for line in [f"{losses}   {jitter}"] if in_one_line or not jitter else [losses, jitter]:
        axes.text(
            0.06,
            1,
            line,
            color=colour,
            weight="bold",
            size=12 if in_one_line else 11,
            va="center",
            transform=_lowered(axes, axes.transAxes, taken_pt + _LINE_PT / 2),
            in_layout=False,
        )
        taken_pt += _LINE_PT
    if not (timeline["lost"] > 0).any():
        return taken_pt
    _lost_packets(axes, timeline, taken_pt + _MARKS_PT / 2 - 2)
    return taken_pt + _MARKS_PT


def _lost_packets(axes: Axes, timeline: pd.DataFrame, lowered_pt: float) -> None:
    """Draw a black bar over each time in which packets are missing."""
    after_a_gap = timeline["lost"] > 0
    until_s = timeline["time_s"][after_a_gap]
    since_s = timeline["time_s"].shift(fill_value=0)[after_a_gap]
    in_time = blended_transform_factory(axes.transData, axes.transAxes)
    row = _lowered(axes, in_time, lowered_pt)
    top = [1] * len(until_s)
    axes.hlines(top, since_s, until_s, linewidth=9, color="black", transform=row)
    # A single packet's 20 ms can be less than a pixel wide: a stroke shows it all the same.
    axes.plot(
        (since_s + until_s) / 2,
        top,
        "|",
        markersize=9,
        markeredgewidth=2,
        color="black",
        transform=row,
    )


def _lowered(axes: Axes, transform: Transform, points: float) -> Transform:
    return transform + ScaledTranslation(0, -points / 72, axes.figure.dpi_scale_trans)


def _lay_out(axes: Axes) -> None:
    """Let matplotlib settle how large the axes are."""
    figure = axes.get_figure(root=True)
    if figure is not None:
        figure.draw_without_rendering()


def _size_pt(axes: Axes) -> tuple[float, float]:
    box = axes.get_window_extent()
    to_pt = 72 / axes.figure.dpi
    return box.width * to_pt, box.height * to_pt


def _scale(axes: Axes, timelines: list[pd.DataFrame], taken_pt: float) -> None:
    """Set the scales so that the curves stay under the rows of text; `timelines` are not empty."""
    intervals_ms = {ms for timeline in timelines if (ms := _interval_ms(timeline))}
    for ms in intervals_ms:
        axes.axhline(ms, color="#444444", linewidth=1, linestyle=":")
        axes.annotate(
            f"{ms} ms: from one packet to the next",
            (1, ms),
            xycoords=("axes fraction", "data"),
            xytext=(-4, -3),
            textcoords="offset points",
            ha="right",
            va="top",
            size=11,
            bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.8, "pad": 1},
            in_layout=False,
        )
    peaks_ms = [float(timeline["jitter_ms"].fillna(0).max()) for timeline in timelines]
    scale_ms = max([_LEAST_SCALE_MS, *intervals_ms, *peaks_ms])
    taken = min(0.7, taken_pt / _size_pt(axes)[1])
    axes.set_ylim(0, scale_ms * 1.05 / (1 - taken))
    axes.set_yticks(
        [
            ms
            for ms in MaxNLocator(5, steps=[1, 2, 5, 10]).tick_values(0, scale_ms)
            if 0 <= ms <= scale_ms
        ]
    )
    starts_s = [float(timeline["time_s"].min()) for timeline in timelines]
    ends_s = [float(timeline["time_s"].max()) for timeline in timelines]
    axes.set_xlim(min([0.0, *starts_s]), max([_LEAST_TIME_S, *ends_s]) * 1.01)


def _interval_ms(timeline: pd.DataFrame) -> int | None:
    """Return the time from one packet to the next as it was sent, in ms; None for a lone packet.

    The mean, lost packets included, is what jitter leaves alone.
    """
    steps = len(timeline) - 1 + int(timeline["lost"].iloc[1:].sum())
    if not steps:
        return None
    return round(1000 * float(timeline["time_s"].max() - timeline["time_s"].min()) / steps) or None
