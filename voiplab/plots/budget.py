"""Where the time between mouth and ear goes, against what people bear."""

from collections.abc import Mapping
from typing import Final

from matplotlib.axes import Axes
from matplotlib.patches import Patch

from voiplab.plots.key import key_below
from voiplab.plots.style import colour_of, drawn_on
from voiplab.quality import UNACCEPTABLE_MS, UNNOTICED_MS, Basis, DelayBudget

_HATCHES: Final = {Basis.MEASURED: "", Basis.SET: "//", Basis.ASSUMED: ".."}
_MEANINGS: Final = {
    Basis.MEASURED: "measured",
    Basis.SET: "by a setting",
    Basis.ASSUMED: "assumed",
}
_LEAST_SCALE_MS = 440.0
_ROOM_FOR_FIGURE = 0.04  # of the axis


def plot_delay_budget(budgets: Mapping[str, DelayBudget], ax: Axes | None = None) -> Axes:
    """Draw a bar a call: its parts one after the other, from the mouth to the ear.

    Plain parts were measured; hatched ones follow from a setting, dotted ones are assumed.

    Source: ITU-T G.114 (05/2003), section 4, for the limits.

    Args:
        budgets: for each call, such as ``"office LAN"``, where its time goes.
        ax: where to draw; a new figure by default.

    Returns:
        The axes, whose label is the text of :func:`describe_delay_budget`.

    >>> import matplotlib.pyplot as plt
    >>> from voiplab.quality import Delay, delay_budget
    >>> lan = delay_budget(
    ...     "PCMU",
    ...     network=Delay.of_round_trip(1),
    ...     jitter_buffer=Delay.set(40, "two packets"),
    ...     playout=Delay.assumed(20, "one period"),
    ... )
    >>> ax = plot_delay_budget({"office LAN": lan})
    >>> ax.get_xlabel()
    'delay from mouth to ear (ms)'
    >>> plt.close(ax.figure)
    """
    with drawn_on(ax, width_inches=10.5, height_inches=3.0 + 0.75 * len(budgets)) as axes:
        axes.set(xlabel="delay from mouth to ear (ms)")
        axes.set_title("Where the time goes", pad=44)
        axes.set_label(describe_delay_budget(budgets))
        greatest = max([0.0, *(budget.total_ms for budget in budgets.values())])
        scale_ms = max(_LEAST_SCALE_MS, 1.12 * greatest)
        axes.set_xlim(0, scale_ms)
        axes.set_ylim(max(1, len(budgets)) - 0.4, -0.6)
        axes.set_yticks(range(len(budgets)), list(budgets))
        axes.tick_params(axis="y", length=0)
        axes.grid(visible=False)
        _limits(axes)
        for row, budget in enumerate(budgets.values()):
            _bar(axes, row, budget, scale_ms)
        _keys(axes, budgets)
        if not budgets:
            axes.text(0.5, 0.5, "no budget", transform=axes.transAxes, ha="center")
        return axes


def describe_delay_budget(budgets: Mapping[str, DelayBudget]) -> str:
    """Return in words what :func:`plot_delay_budget` draws.

    Args:
        budgets: as for :func:`plot_delay_budget`.

    Returns:
        A sentence a call.

    >>> describe_delay_budget({})
    'No delay budget.'
    """
    if not budgets:
        return "No delay budget."
    return " ".join(_sentence(name, budget) for name, budget in budgets.items())


def _sentence(name: str, budget: DelayBudget) -> str:
    parts = ", ".join(
        f"{part} {delay.ms:.1f} ({delay.basis})" for part, delay in budget.parts.items() if delay.ms
    )
    return f"{name}: {budget.total_ms:.1f} ms, {budget.verdict}; {parts or 'no part takes time'}."


def _limits(axes: Axes) -> None:
    for limit, meaning in (
        (UNNOTICED_MS, "150 ms: up to here\nhardly noticed"),
        (UNACCEPTABLE_MS, "400 ms: beyond,\nunacceptable"),
    ):
        axes.axvline(limit, color="black", linewidth=1.6, linestyle=(0, (4, 2)), zorder=3)
        axes.annotate(
            meaning, (limit, 1), xycoords=("data", "axes fraction"), xytext=(0, 3),
            textcoords="offset points", ha="center", va="bottom", size=11, annotation_clip=False,
        )  # fmt: skip


def _bar(axes: Axes, row: int, budget: DelayBudget, scale_ms: float) -> None:
    left = 0.0
    for position, delay in enumerate(budget.parts.values()):
        if delay.ms:
            axes.barh(
                row, delay.ms, left=left, height=0.55, color=colour_of(position),
                hatch=_HATCHES[delay.basis], edgecolor="white", linewidth=1, zorder=2,
            )  # fmt: skip
        if delay.ms > _ROOM_FOR_FIGURE * scale_ms:
            axes.text(
                left + delay.ms / 2, row, f"{delay.ms:.0f}", ha="center", va="center", size=11,
                bbox={"boxstyle": "round,pad=0.15", "facecolor": "white", "linewidth": 0}, zorder=4,
            )  # fmt: skip
        left += delay.ms
    axes.text(
        left, row, f"  {budget.total_ms:.1f} ms", va="center", weight="bold", zorder=4,
        bbox={"boxstyle": "square,pad=0.05", "facecolor": "white", "linewidth": 0, "alpha": 0.85},
    )  # fmt: skip


def _keys(axes: Axes, budgets: Mapping[str, DelayBudget]) -> None:
    present = [budget.parts for budget in budgets.values()]
    names = list(present[0]) if present else []
    handles = [
        Patch(facecolor=colour_of(position), label=name)
        for position, name in enumerate(names)
        if any(parts[name].ms for parts in present)
    ]
    bases = {delay.basis for parts in present for delay in parts.values() if delay.ms}
    handles += [
        Patch(facecolor="#777777", edgecolor="white", hatch=_HATCHES[basis], label=meaning)
        for basis, meaning in _MEANINGS.items()
        if basis in bases
    ]
    if handles:
        key_below(axes, handles, columns=5)
