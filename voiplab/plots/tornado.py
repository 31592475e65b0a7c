"""Which assumptions a comparison hangs on."""

from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch

from voiplab.plots.key import key_below
from voiplab.plots.style import colour_of, drawn_on

_ROOM = 0.12
_SIDE = 0.42


def plot_tornado(  # noqa: PLR0913 - the table has no names for what it compares
    table: pd.DataFrame,
    *,
    one: str,
    other: str,
    currency: str,
    most: int = 10,
    ax: Axes | None = None,
) -> Axes:
    """Draw a bar an assumption: how far it alone moves the difference of two designs.

    Right of the black line the one is dearer, left of it the other. Each bar's ends name the
    assumption's low and high value.

    Args:
        table: as :func:`voiplab.costs.tornado` returns.
        one: what is compared.
        other: with what.
        currency: what the table is in.
        most: how many assumptions are drawn, of those that move most.
        ax: where to draw; a new figure by default.

    Returns:
        The axes, whose label is the text of :func:`describe_tornado`.
    """
    shown = table.head(most)
    with drawn_on(ax, width_inches=10.5, height_inches=2.6 + 0.5 * max(1, len(shown))) as axes:
        axes.set_title(f"{one[:1].upper()}{one[1:]} against {other}: what it hangs on", pad=30)
        axes.set_label(describe_tornado(table, one=one, other=other, currency=currency, most=most))
        axes.set(xlabel=f"how much more {one} costs ({currency} a user a month)")
        axes.set_ylim(max(1, len(shown)) - 0.4, -0.6)
        axes.set_yticks(range(len(shown)), [_label(each, currency) for each in _rows(shown)])
        axes.tick_params(axis="y", length=0)
        axes.grid(visible=False)
        if shown.empty:
            axes.text(0.5, 0.5, "nothing moves it", transform=axes.transAxes, ha="center")
            return axes
        for row, each in enumerate(_rows(shown)):
            _bar(axes, row, each)
        _limits(axes, shown, one, other)
        handles = [
            Patch(facecolor=colour_of(0), label="at its low value"),
            Patch(facecolor=colour_of(1), label="at its high value"),
        ]
        key_below(axes, handles, columns=2)
        return axes


def describe_tornado(
    table: pd.DataFrame, *, one: str, other: str, currency: str, most: int = 10
) -> str:
    """Return in words what :func:`plot_tornado` draws.

    Args:
        table: as for :func:`plot_tornado`.
        one: likewise.
        other: likewise.
        currency: likewise.
        most: likewise.

    Returns:
        A sentence an assumption.
    """
    if table.empty:
        return "Nothing moves it."
    first = table.iloc[0]["at_likely"]
    return f"{_more(first, one, other, currency)} with all at their likely value. " + " ".join(
        f"{each['item']} {each['low']:g} {each['unit']}: {each['at_low']:+.2f}, "
        f"{each['high']:g}: {each['at_high']:+.2f}."
        for each in _rows(table.head(most))
    )


def _more(difference: float, one: str, other: str, currency: str) -> str:
    dearer, cheaper = (one, other) if difference > 0 else (other, one)
    return f"{dearer} costs {abs(difference):.2f} {currency} a user a month more than {cheaper}"


def _rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(key): value for key, value in row.items()} for row in table.to_dict("records")]


def _label(each: dict[str, Any], currency: str) -> str:
    price = each["unit"].startswith(("a ", "an "))
    unit = f"{currency} {each['unit']}" if price else each["unit"]
    return f"{each['item'].replace('-', ' ')}\n({unit})"


def _bar(axes: Axes, row: int, each: dict[str, Any]) -> None:
    for end, figure, position in (("at_low", "low", 0), ("at_high", "high", 1)):
        width = each[end] - each["at_likely"]
        axes.barh(
            row, width, left=each["at_likely"], height=0.62, color=colour_of(position),
            edgecolor="white", linewidth=0.8, zorder=2,
        )  # fmt: skip
        if width:
            outwards = 4 if width > 0 else -4
            axes.annotate(
                f"{each[figure]:g}", (each[end], row), xytext=(outwards, 0),
                textcoords="offset points", va="center", ha="left" if width > 0 else "right",
                size=11, zorder=4,
                bbox={"boxstyle": "square,pad=0.05", "facecolor": "white", "linewidth": 0},
            )  # fmt: skip


def _limits(axes: Axes, shown: pd.DataFrame, one: str, other: str) -> None:
    ends = pd.concat([shown["at_low"], shown["at_high"], pd.Series([0.0])])
    span = float(ends.max() - ends.min())
    # Room for what stands above, on both sides of 0, and for the figures at the bars' ends.
    left = min(float(ends.min()) - _ROOM * span, -_SIDE * span)
    right = max(float(ends.max()) + _ROOM * span, _SIDE * span)
    axes.set_xlim(left, right)
    axes.axvline(0, color="black", linewidth=1.8, zorder=3)
    likely = float(shown["at_likely"].iloc[0])
    axes.axvline(likely, color="#666666", linewidth=1.2, linestyle=(0, (3, 2)), zorder=1)
    for side, words in (("right", f"← {one} cheaper"), ("left", f"{other} cheaper →")):
        axes.annotate(
            words, (0, 1), xycoords=("data", "axes fraction"),
            xytext=(-8 if side == "right" else 8, 4), textcoords="offset points", ha=side,
            va="bottom", size=11, weight="bold", annotation_clip=False,
        )  # fmt: skip
