"""What each design's money is spent on."""

from collections.abc import Sequence
from typing import Final

from matplotlib.axes import Axes
from matplotlib.patches import Patch

from voiplab.costs import Cost, Part
from voiplab.plots.key import key_below
from voiplab.plots.style import colour_of, drawn_on

_ROOM_FOR_FIGURE = 0.045  # of the axis
_COLUMNS = 4
_COLOURS = 6
_LINE_LETTERS: Final = 22


def plot_cost_parts(costs: Sequence[Cost], ax: Axes | None = None) -> Axes:
    """Draw a bar a design: what goes to which part, as an even monthly payment a user.

    A part has the same colour in all figures. Of drawn cases, the mean is drawn.

    Args:
        costs: of one office, or of several that are told by the number of users.
        ax: where to draw; a new figure by default.

    Returns:
        The axes, whose label is the text of :func:`describe_cost_parts`.
    """
    with drawn_on(ax, width_inches=10.5, height_inches=2.3 + 0.6 * max(1, len(costs))) as axes:
        axes.grid(visible=False)
        axes.set_label(describe_cost_parts(costs))
        axes.set_title(_title(costs))
        axes.set_ylim(max(1, len(costs)) - 0.4, -0.6)
        axes.set_yticks(range(len(costs)), [_name(cost, costs) for cost in costs])
        axes.tick_params(axis="y", length=0)
        if not costs:
            axes.text(0.5, 0.5, "nothing", transform=axes.transAxes, ha="center")
            return axes
        axes.set(xlabel=f"{costs[0].currency} a user a month")
        greatest = max(cost.per_user_month.mean() for cost in costs)
        axes.set_xlim(0, 1.1 * greatest)
        for row, cost in enumerate(costs):
            _bar(axes, row, _means(cost), greatest)
        used = [part for part in Part if any(_means(cost)[part] for cost in costs)]
        key_below(axes, [_patch(part) for part in used], columns=_COLUMNS)
        return axes


def describe_cost_parts(costs: Sequence[Cost]) -> str:
    """Return in words what :func:`plot_cost_parts` draws.

    Args:
        costs: as for :func:`plot_cost_parts`.

    Returns:
        A sentence a design, its greatest part first.
    """
    return " ".join(_sentence(cost, costs) for cost in costs) or "Nothing."


def _sentence(cost: Cost, costs: Sequence[Cost]) -> str:
    parts = sorted(_means(cost).items(), key=lambda each: -each[1])
    told = ", ".join(f"{part} {size:.2f}" for part, size in parts if size)
    name = _name(cost, costs).replace("\n", " ")
    return (
        f"{name}: {cost.per_user_month.mean():.2f} {cost.currency} a user a month "
        f"({told or 'all free'})."
    )


def _title(costs: Sequence[Cost]) -> str:
    offices = {(cost.office.users, cost.office.years) for cost in costs}
    if len(offices) != 1:
        return "What the money is spent on"
    ((users, years),) = offices
    spell = "a year" if years == 1 else f"{years} years"
    return f"What the money is spent on: {users} users, {spell}"


def _name(cost: Cost, costs: Sequence[Cost]) -> str:
    name = cost.design
    if len({each.office.users for each in costs}) > 1:
        name = f"{cost.office.users} users, {name}"
    if len(name) <= _LINE_LETTERS:
        return name
    # Broken where the two lines come out the most alike.
    breaks = [place for place, letter in enumerate(name) if letter == " "]
    middle = min(breaks, key=lambda place: abs(2 * place - len(name)), default=0)
    return f"{name[:middle]}\n{name[middle + 1 :]}" if middle else name


def _means(cost: Cost) -> dict[Part, float]:
    return {part: float(values.mean()) for part, values in cost.by_part().items()}


def _patch(part: Part) -> Patch:
    position = list(Part).index(part)
    return Patch(
        facecolor=colour_of(position), hatch="///" * (position >= _COLOURS), edgecolor="white",
        label=part.value,
    )  # fmt: skip


def _bar(axes: Axes, row: int, parts: dict[Part, float], greatest: float) -> None:
    begin = 0.0
    for part, size in parts.items():
        look = _patch(part)
        axes.barh(
            row, size, left=begin, height=0.6, color=look.get_facecolor(), hatch=look.get_hatch(),
            edgecolor="white", linewidth=1,
        )  # fmt: skip
        if size > _ROOM_FOR_FIGURE * greatest:
            axes.text(
                begin + size / 2, row, f"{size:.1f}", ha="center", va="center", size=11,
                bbox={"boxstyle": "round,pad=0.15", "facecolor": "white", "linewidth": 0},
            )  # fmt: skip
        begin += size
    axes.text(begin + 0.01 * greatest, row, f"{begin:.1f}", va="center", weight="bold")
