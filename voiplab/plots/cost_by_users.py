"""What designs cost for few users and for many, and how often each is the cheapest."""

from collections.abc import Mapping
from typing import Final

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator, PercentFormatter

from voiplab.costs import BreakEven
from voiplab.plots.style import colour_of, drawn_on

_DASHES: Final = ("-", (0, (5, 2)), (0, (1.5, 1.2)), (0, (6, 1.5, 1.5, 1.5)))
_USERS: Final = (5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000)
_MONEY: Final = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)
_NEARLY: Final = 0.9
_NAMED_FROM: Final = 0.12  # of the figure's height
_APART: Final = 1.16  # names at the right, as a ratio


def plot_cost_by_users(
    table: pd.DataFrame,
    *,
    currency: str,
    break_evens: Mapping[str, BreakEven] | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw each design's cost a user against the number of users, with a band of uncertainty.

    The line is the middle of the drawn cases; nine of ten lie in the band. Both scales are
    logarithmic.

    Args:
        table: as :func:`voiplab.costs.cost_by_users` returns.
        currency: what the table is in.
        break_evens: sizes to mark, by a name for what happens there.
        ax: where to draw; a new figure by default.

    Returns:
        The axes, whose label is the text of :func:`describe_cost_by_users`.
    """
    with drawn_on(ax, width_inches=10.5, height_inches=5.2) as axes:
        axes.set(xscale="log", yscale="log", xlabel="users")
        axes.set_ylabel(f"{currency} a user a month")
        axes.set_title("What telephones cost, by the size of the office")
        axes.set_label(describe_cost_by_users(table, currency=currency, break_evens=break_evens))
        if table.empty:
            axes.text(0.5, 0.5, "nothing", transform=axes.transAxes, ha="center")
            return axes
        _user_axis(axes, table)
        axes.set_ylim(0.85 * table["low"].min(), 1.1 * table["high"].max())
        axes.yaxis.set_major_locator(FixedLocator(_MONEY))
        axes.yaxis.set_major_formatter(FuncFormatter(lambda money, _: f"{money:g}"))
        axes.yaxis.set_minor_locator(NullLocator())
        ends = []
        for position, (name, line) in enumerate(table.groupby("design", sort=False)):
            colour = colour_of(position)
            axes.fill_between(
                line["users"], line["low"], line["high"], color=colour, alpha=0.16, linewidth=0
            )
            axes.plot(
                line["users"], line["middle"], color=colour, linewidth=2.8,
                linestyle=_DASHES[position % len(_DASHES)],
            )  # fmt: skip
            ends.append((float(line["middle"].iloc[-1]), str(name), colour))
        _names(axes, ends)
        for name, sizes in (break_evens or {}).items():
            _mark(axes, name, sizes)
        return axes


def describe_cost_by_users(
    table: pd.DataFrame, *, currency: str, break_evens: Mapping[str, BreakEven] | None = None
) -> str:
    """Return in words what :func:`plot_cost_by_users` draws.

    Args:
        table: as for :func:`plot_cost_by_users`.
        currency: likewise.
        break_evens: likewise.

    Returns:
        A sentence a design, with its cost for the fewest and the most users; one a break-even.
    """
    if table.empty:
        return "Nothing."
    sentences = []
    for name, line in table.groupby("design", sort=False):
        ends = [
            f"{row['middle']:.2f} (from {row['low']:.2f} to {row['high']:.2f}) "
            f"for {row['users']:.0f} users"
            for row in (line.iloc[0], line.iloc[-1])
        ]
        sentences.append(f"{name}: {' and '.join(ends)}, in {currency} a user a month.")
    sentences += [_told(name, sizes) for name, sizes in (break_evens or {}).items()]
    return " ".join(sentences)


def plot_cheapest(table: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw in how many of the drawn cases each design is the cheapest, by the number of users.

    Args:
        table: as :func:`voiplab.costs.cost_by_users` returns.
        ax: where to draw; a new figure by default.

    Returns:
        The axes, whose label is the text of :func:`describe_cheapest`.
    """
    with drawn_on(ax, width_inches=9.5, height_inches=4) as axes:
        axes.set(xscale="log", xlabel="users", ylabel="share of the cases")
        axes.set_title("Which design is the cheapest?")
        axes.set_label(describe_cheapest(table))
        if table.empty:
            axes.text(0.5, 0.5, "nothing", transform=axes.transAxes, ha="center")
            return axes
        _user_axis(axes, table)
        axes.set_ylim(0, 1)
        axes.yaxis.set_major_formatter(PercentFormatter(1, symbol=" %"))
        wide = table.pivot_table("cheapest", "users", "design", sort=False)
        below = 0 * wide.iloc[:, 0]
        for position, name in enumerate(wide):
            share = wide[name]
            axes.fill_between(
                wide.index, below, below + share, color=colour_of(position), linewidth=0.8,
                edgecolor="white",
            )  # fmt: skip
            if share.max() > _NAMED_FROM:
                _name_area(axes, str(name), share, below)
            below = below + share
        axes.axhline(0.5, color="black", linewidth=1.2, linestyle=(0, (4, 2)))
        axes.grid(visible=False)
        return axes


def describe_cheapest(table: pd.DataFrame) -> str:
    """Return in words what :func:`plot_cheapest` draws.

    Args:
        table: as for :func:`plot_cheapest`.

    Returns:
        A sentence a size, with each design that is ever the cheapest there.
    """
    sentences = []
    for users, rows in table.groupby("users"):
        shares = [
            f"{row['design']} in {100 * row['cheapest']:.0f} %"
            for row in rows.sort_values("cheapest", ascending=False).to_dict("records")
            if row["cheapest"]
        ]
        sentences.append(f"{users} users, cheapest: {', '.join(shares)}.")
    return " ".join(sentences) or "Nothing."


def _name_area(axes: Axes, name: str, share: "pd.Series[float]", below: "pd.Series[float]") -> None:
    """Write the name into the middle of where the area is about as high as it gets."""
    high = share[share > _NEARLY * share.max()].index
    users = float(high.min() * high.max()) ** 0.5
    nearest = min(share.index, key=lambda size: abs(float(size) / users - 1))
    axes.text(
        users, float(below[nearest] + share[nearest] / 3), name, ha="center", va="center",
        weight="bold", bbox={"boxstyle": "round,pad=0.25", "facecolor": "white", "linewidth": 0},
    )  # fmt: skip


def _user_axis(axes: Axes, table: pd.DataFrame) -> None:
    axes.set_xlim(table["users"].min(), table["users"].max())
    axes.xaxis.set_major_locator(FixedLocator(_USERS))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda users, _: f"{users:,.0f}"))
    axes.xaxis.set_minor_locator(NullLocator())


def _names(axes: Axes, ends: list[tuple[float, str, str]]) -> None:
    """Name each line at its end, no two names on top of each other."""
    height = 0.0
    for money, name, colour in sorted(ends):
        height = max(money, _APART * height)
        axes.annotate(
            name.replace(", ", ",\n"), (axes.get_xlim()[1], height), xytext=(8, 0),
            textcoords="offset points", va="center", color=colour, weight="bold", size=11,
            annotation_clip=False,
        )  # fmt: skip


def _mark(axes: Axes, name: str, sizes: BreakEven) -> None:
    if sizes.middle is None:
        return
    if sizes.low is not None and sizes.high is not None:
        axes.axvspan(sizes.low, sizes.high, color="black", alpha=0.07, linewidth=0, zorder=0)
    axes.axvline(sizes.middle, color="black", linewidth=1.4, linestyle=(0, (4, 2)))
    axes.annotate(
        f"{name}:\nfrom {sizes.middle} users on ({_span(sizes)})",
        (sizes.middle, 0.97), xycoords=("data", "axes fraction"), xytext=(6, 0),
        textcoords="offset points", va="top", size=11,
        bbox={"boxstyle": "square,pad=0.1", "facecolor": "white", "linewidth": 0, "alpha": 0.8},
    )  # fmt: skip


def _span(sizes: BreakEven) -> str:
    low = "fewer than 5" if sizes.low is None else f"{sizes.low}"
    high = "more than 5,000" if sizes.high is None else f"{sizes.high}"
    return f"{low} to {high}"


def _told(name: str, sizes: BreakEven) -> str:
    if sizes.middle is None:
        return f"{name}: for no number of users in half of the cases."
    return f"{name}: from {sizes.middle} users on in half of the cases ({_span(sizes)})."
