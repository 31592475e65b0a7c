"""How quality falls with losses or delay: what the E-model predicts, and what was measured."""

from typing import Final, Literal

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from voiplab.plots.key import key_below
from voiplab.plots.mos import BAND_COLOURS
from voiplab.plots.style import colour_of, drawn_on
from voiplab.quality import BANDS, UNACCEPTABLE_MS, UNNOTICED_MS, Scale, mos_from_r

_LOWEST_MOS, _HIGHEST_MOS = 1.0, 4.6
_DASHES: Final = ("-", (0, (5, 2)), (0, (1.5, 1.2)), (0, (6, 1.5, 1.5, 1.5)))
_KEY_COLUMNS = 3
_ESTOI_AXIS_PT = 64  # its figures and its name, before the names of the bands
_ESTOI_TOP = 4.5  # where ESTOI 1 stands: beside the best MOS
_MEASURED: Final = {"mos": "MOS from measured loss", "pesq": "PESQ (MOS-LQO)", "estoi": "ESTOI"}
_MARKERS: Final = {"mos": "o", "pesq": "s", "estoi": "^"}

Against = Literal["loss_pct", "delay_ms"]


def plot_quality_curves(
    curves: pd.DataFrame,
    measured: pd.DataFrame | None = None,
    *,
    against: Against = "loss_pct",
    ax: Axes | None = None,
) -> Axes:
    """Draw predicted MOS against loss or delay, over the bands of user satisfaction.

    Where one curve is a wideband codec's, all are drawn by the MOS that people give who know
    wideband calls: each scale's own MOS may not be compared with the other's.

    Source: ITU-T G.107 (06/2015), annex B, for the bands, which on the wideband scale are those
    of the same MOS; ITU-T G.114 (05/2003) for the limits of delay.

    Args:
        curves: as :func:`voiplab.quality.predict` returns; several may be put together with
            ``pd.concat``.
        measured: points to lay over them: `curve` (the curve they belong to; a name of their own
            gives them a colour of their own), the column named by `against`, and any of mos,
            pesq (MOS-LQO) and estoi (0 to 1, read at the right).
        against: what the horizontal axis holds.
        ax: where to draw; a new figure by default.

    Returns:
        The axes, whose label is the text of :func:`describe_quality_curves`.

    >>> import matplotlib.pyplot as plt
    >>> from voiplab.quality import predict
    >>> ax = plot_quality_curves(predict("PCMU", loss_pct=range(11)))
    >>> ax.get_xlabel()
    'packets lost (%)'
    >>> plt.close(ax.figure)
    """
    points = pd.DataFrame(columns=["curve"]) if measured is None else measured
    names = list(dict.fromkeys([*curves["curve"], *points["curve"]]))
    rows = -(-(len(names) + sum(figure in points for figure in _MEASURED)) // _KEY_COLUMNS)
    width = 12.5 if "estoi" in points else 10.5
    with drawn_on(ax, width_inches=width, height_inches=5.2 + 0.26 * rows) as axes:
        column = _mos_column(curves)
        rated = curves.dropna(subset=[column])
        _axes(axes, column, against)
        greatest = max([1.0, *curves[against], *points.get(against, [])])
        axes.set_xlim(0, greatest)
        estoi = "estoi" in points and bool(points["estoi"].notna().any())
        _bands(axes, names_from_pt=_ESTOI_AXIS_PT if estoi else 8)
        for position, name in enumerate(names):
            line = rated[rated["curve"] == name].sort_values(against)
            if len(line):
                axes.plot(
                    line[against],
                    line[column],
                    color=colour_of(position),
                    linestyle="" if len(line) == 1 else _DASHES[position % len(_DASHES)],
                    linewidth=2.8,
                    marker="D" if len(line) == 1 else "",
                    label=f"{name}: {_only(line, against)}" if len(line) == 1 else name,
                    clip_on=False,
                )
            elif name in set(curves["curve"]):
                axes.plot([], [], " ", label=f"{name}: not rated")
            else:
                label = f"{name}, measured only"
                axes.plot([], [], "s", label=label, markersize=11, color=colour_of(position))
            _points(axes, points[points["curve"] == name], against, colour_of(position))
        _key(axes, points, against)
        axes.set_label(describe_quality_curves(curves, measured, against=against))
        return axes


def describe_quality_curves(
    curves: pd.DataFrame, measured: pd.DataFrame | None = None, *, against: Against = "loss_pct"
) -> str:
    """Return in words what :func:`plot_quality_curves` draws.

    Args:
        curves: as for :func:`plot_quality_curves`.
        measured: likewise.
        against: likewise.

    Returns:
        A sentence a curve, with its MOS at both ends; one for what was measured.

    >>> from voiplab.quality import predict
    >>> describe_quality_curves(predict("PCMU", loss_pct=[0, 5], delay_ms=[0]))
    'G.711 µ-law, not concealed: MOS 4.41 at 0 % lost, 2.17 at 5 % lost.'
    """
    column = _mos_column(curves)
    unit = " % lost" if against == "loss_pct" else " ms"
    sentences = []
    for name, curve in curves.groupby("curve", sort=False):
        line = curve.dropna(subset=[column]).sort_values(against)
        if line.empty:
            sentences.append(f"{name}: not rated. {curve['reason'].iloc[0]}")
            continue
        first, last = line.iloc[0], line.iloc[-1]
        sentence = f"{name}: MOS {first[column]:.2f} at {first[against]:g}{unit}"
        if len(line) > 1:
            sentence += f", {last[column]:.2f} at {last[against]:g}{unit}"
        if len(line) < len(curve):
            unrated = curve[curve[column].isna()].iloc[0]
            sentence += f"; not rated from {unrated[against]:g}{unit}: {unrated['reason']}"
        sentences.append(sentence if sentence.endswith(".") else f"{sentence}.")
    if measured is not None and len(measured):
        sentences += [
            _measured(str(name), points.sort_values(against), against, unit)
            for name, points in measured.groupby("curve", sort=False)
        ]
    return " ".join(sentences) or "Nothing was predicted."


def _measured(name: str, points: pd.DataFrame, against: Against, unit: str) -> str:
    """Tell what was measured, in the order of the points."""
    told = []
    for place, point in zip(points[against], points.to_dict("records"), strict=True):
        figures = [
            f"{meaning} {point[figure]:.2f}"
            for figure, meaning in _MEASURED.items()
            if pd.notna(point.get(figure))
        ]
        told.append(f"{', '.join(figures) or 'nothing'} at {place:.3g}{unit}")
    return f"Measured, {name}: {'; '.join(told)}."


def _only(line: pd.DataFrame, against: Against) -> str:
    only = line[against].iloc[0]
    return f"only at {only:g} %" if against == "loss_pct" else f"only at {only:g} ms"


def _mos_column(curves: pd.DataFrame) -> str:
    wide = (curves["scale"] == Scale.WIDEBAND.value).any() if len(curves) else False
    return "wideband_mos" if wide else "mos"


def _axes(axes: Axes, column: str, against: Against) -> None:
    axes.set_ylim(_LOWEST_MOS, _HIGHEST_MOS)
    axes.set_yticks([1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5])
    axes.grid(visible=False)
    axes.xaxis.set_major_locator(MaxNLocator(11, steps=[1, 2, 5, 10]))
    if against == "loss_pct":
        axes.set_xlabel("packets lost (%)")
        axes.set_title("Quality against lost packets")
    else:
        axes.set_xlabel("delay from mouth to ear (ms)")
        axes.set_title("Quality against delay")
    judges = ",\nof people who know wideband" if column == "wideband_mos" else ""
    axes.set_ylabel(f"predicted mean opinion score{judges}")


def _bands(axes: Axes, names_from_pt: float) -> None:
    upper = _HIGHEST_MOS
    for band, colour in zip(BANDS, BAND_COLOURS, strict=True):
        lower = max(_LOWEST_MOS, mos_from_r(max(band.lowest_r, 0)))
        axes.axhspan(lower, upper, color=colour, linewidth=0, zorder=0)
        axes.annotate(
            band.satisfaction,
            (1, (lower + upper) / 2),
            xycoords=("axes fraction", "data"),
            xytext=(names_from_pt, 0),
            textcoords="offset points",
            va="center",
            size=11,
            annotation_clip=False,
        )
        upper = lower


def _points(axes: Axes, points: pd.DataFrame, against: Against, colour: str) -> None:
    for figure, marker in _MARKERS.items():
        if figure not in points:
            continue
        known = points.dropna(subset=[figure])
        heights = known[figure] if figure != "estoi" else _on_mos_axis(known[figure])
        axes.plot(
            known[against],
            heights,
            marker,
            color=colour,
            markerfacecolor="white" if figure == "estoi" else colour,
            markeredgecolor=colour if figure == "estoi" else "white",
            markeredgewidth=2 if figure == "estoi" else 1.2,
            markersize=10,
            clip_on=False,
            zorder=4,
        )


def _on_mos_axis(estoi: "pd.Series[float]") -> "pd.Series[float]":
    return _LOWEST_MOS + (_ESTOI_TOP - _LOWEST_MOS) * estoi


def _key(axes: Axes, points: pd.DataFrame, against: Against) -> None:
    for figure, meaning in _MEASURED.items():
        if figure in points and points[figure].notna().any():
            hollow = figure == "estoi"
            axes.plot(
                [], [], _MARKERS[figure], color="#444444", markersize=10, markeredgewidth=2,
                markerfacecolor="white" if hollow else "#444444", label=f"measured: {meaning}",
            )  # fmt: skip
    if "estoi" in points and points["estoi"].notna().any():
        right = axes.secondary_yaxis("right")
        right.set_ylabel("ESTOI (triangles)")
        shown = pd.Series([0, 0.2, 0.4, 0.6, 0.8, 1.0])
        right.set_yticks(list(_on_mos_axis(shown)), [f"{estoi:.1f}" for estoi in shown])
    if against == "delay_ms":
        for limit in (UNNOTICED_MS, UNACCEPTABLE_MS):
            if limit <= axes.get_xlim()[1]:
                axes.axvline(limit, color="#444444", linewidth=1.4, linestyle=(0, (2, 2)))
                axes.annotate(
                    f"G.114: {limit:g} ms", (limit, _LOWEST_MOS), xytext=(5, 6),
                    textcoords="offset points", size=11,
                )  # fmt: skip
    handles, _ = axes.get_legend_handles_labels()
    if handles:
        key_below(axes, handles, columns=_KEY_COLUMNS)
