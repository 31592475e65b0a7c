"""How callers fare with each number of agents: in theory, simulated and measured."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import isfinite, nan
from typing import Literal, get_args

from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator

from voiplab.errors import TrafficError
from voiplab.plots.style import colour_of, drawn_on
from voiplab.traffic import AgentGroup, Estimate, Summary

Figure = Literal["service_level", "mean_wait_s", "abandonment", "occupancy"]

_AXIS_WORDS: dict[Figure, str] = {
    "service_level": "callers answered within {:g} s",
    "mean_wait_s": "mean wait in s",
    "abandonment": "callers who give up",
    "occupancy": "time that an agent is busy",
}
_NAMES: dict[Figure, str] = {
    "service_level": "service level",
    "mean_wait_s": "mean wait",
    "abandonment": "share of callers who give up",
    "occupancy": "occupancy",
}


def plot_staffing(
    group: AgentGroup,
    *,
    simulated: Mapping[int, Summary],
    measured: Mapping[int, Summary] | None = None,
    figure: Figure = "service_level",
    ax: Axes | None = None,
) -> Axes:
    """Draw a figure against the number of agents: theory's curve, and what was tried.

    What is simulated is a band, what is measured are points with their intervals. For a band in
    which one measured run is to be looked for, summarise the simulated runs with
    :func:`voiplab.traffic.next_interval`, of as many callers as were measured, from an empty start.

    Source: the formulas of :class:`voiplab.traffic.AgentGroup`.

    Args:
        group: who comes, and how they talk and wait; its own number of agents is left aside.
        simulated: for each number of agents, what :func:`voiplab.traffic.summary` returned.
        measured: likewise.
        figure: which one.
        ax: where to draw; a new figure by default.

    Returns:
        The axes, whose label is the text of :func:`describe_staffing`.

    Raises:
        TrafficError: when nothing was simulated, the times of the service levels differ, or there
            is no such figure.

    >>> import matplotlib.pyplot as plt
    >>> from voiplab.traffic import CallCentre, Demand, replicate, summary
    >>> demands = [Demand(calls_per_hour=60, mean_talk_s=120)]
    >>> simulated = {
    ...     agents: summary(
    ...         replicate(CallCentre.of_equals(agents), demands, for_s=3600, runs=3, seed=1)
    ...     )
    ...     for agents in (3, 4, 5)
    ... }
    >>> group = AgentGroup(agents=4, offered_erlang=2, mean_talk_s=120)
    >>> ax = plot_staffing(group, simulated=simulated)
    >>> ax.get_xlabel(), ax.get_ylabel()
    ('agents', 'callers answered within 20 s')
    >>> plt.close(ax.figure)
    """
    staffing = _Staffing.of(group, simulated, measured or {}, figure)
    agents = sorted(staffing.theory)
    with drawn_on(ax, width_inches=9.5, height_inches=4.8) as axes:
        axes.set(xlabel="agents", ylabel=_AXIS_WORDS[figure].format(staffing.within_s))
        axes.set_title(f"{group.offered_erlang:.3g} erlang offered: {_NAMES[figure]}")
        axes.set_label(
            describe_staffing(group, simulated=simulated, measured=measured, figure=figure)
        )
        _draw_band(axes, staffing.simulated)
        finite = [number for number in agents if isfinite(staffing.theory[number])]
        axes.plot(
            finite, [staffing.theory[number] for number in finite],
            color=colour_of(0), marker="o", markersize=5, label=f"theory: {_formula(group)}",
        )  # fmt: skip
        _draw_points(axes, staffing.measured)
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        axes.set_xlim(agents[0] - 0.5, agents[-1] + 0.5)
        axes.set_ylim(bottom=0)
        if figure in {"service_level", "occupancy"}:
            axes.set_ylim(top=1.04)
        if figure != "mean_wait_s":
            axes.yaxis.set_major_formatter(FuncFormatter(lambda share, _: f"{100 * share:g} %"))
        axes.legend(loc="best")
        return axes


def describe_staffing(
    group: AgentGroup,
    *,
    simulated: Mapping[int, Summary],
    measured: Mapping[int, Summary] | None = None,
    figure: Figure = "service_level",
) -> str:
    """Return in words what :func:`plot_staffing` draws.

    Args:
        group: as for :func:`plot_staffing`.
        simulated: likewise.
        measured: likewise.
        figure: likewise.

    Raises:
        TrafficError: likewise.

    >>> from voiplab.traffic import CallCentre, Demand, replicate, summary
    >>> demands = [Demand(calls_per_hour=60, mean_talk_s=120)]
    >>> runs = replicate(CallCentre.of_equals(3), demands, for_s=36_000, runs=5, seed=1)
    >>> group = AgentGroup(agents=3, offered_erlang=2, mean_talk_s=120)
    >>> print(describe_staffing(group, simulated={3: summary(runs)}))
    Of 2 erlang, service level by number of agents. 3 agents: 62.4 % in theory (Erlang C), ...
    """
    staffing = _Staffing.of(group, simulated, measured or {}, figure)
    sentences = [
        f"Of {group.offered_erlang:.3g} erlang, {_NAMES[figure]} by number of agents.",
        *(_sentence(staffing, agents, group) for agents in sorted(staffing.theory)),
    ]
    return " ".join(sentences)


@dataclass(frozen=True, kw_only=True)
class _Staffing:
    """One figure, by number of agents."""

    figure: Figure
    within_s: float
    theory: Mapping[int, float]
    simulated: Mapping[int, Estimate]
    measured: Mapping[int, Estimate]

    @classmethod
    def of(
        cls,
        group: AgentGroup,
        simulated: Mapping[int, Summary],
        measured: Mapping[int, Summary],
        figure: Figure,
    ) -> "_Staffing":
        if figure not in get_args(Figure):
            raise TrafficError(f"{figure!r} isn't drawn: choose one of {', '.join(_NAMES)}.")
        summaries = [*simulated.values(), *measured.values()]
        times_s = {summary.within_s for summary in summaries}
        if not simulated or len(times_s) != 1:
            raise TrafficError(
                "Theory is drawn beside what was simulated, with one time to answer within; here "
                f"are {len(simulated)} numbers of agents simulated, and {len(times_s)} such times."
            )
        (within_s,) = times_s
        return cls(
            figure=figure,
            within_s=within_s,
            theory={
                agents: _in_theory(replace(group, agents=agents), figure, within_s)
                for agents in {*simulated, *measured}
            },
            simulated=_estimates(simulated, figure),
            measured=_estimates(measured, figure),
        )


def _in_theory(group: AgentGroup, figure: Figure, within_s: float) -> float:
    if figure == "service_level":
        return group.service_level(within_s)
    return float(getattr(group, figure))


def _estimates(summaries: Mapping[int, Summary], figure: Figure) -> dict[int, Estimate]:
    return {
        agents: estimate
        for agents, summary in sorted(summaries.items())
        if (estimate := getattr(summary, figure)) is not None
    }


def _draw_band(axes: Axes, simulated: Mapping[int, Estimate]) -> None:
    if not simulated:
        return
    low = [estimate.low for estimate in simulated.values()]
    high = [estimate.high for estimate in simulated.values()]
    label = f"simulated, {_confidence(simulated)}"
    axes.fill_between(list(simulated), low, high, color=colour_of(1), alpha=0.3, label=label)
    # A band over one number of agents has no width: the bars are seen even then.
    axes.vlines(list(simulated), low, high, color=colour_of(1), alpha=0.5, linewidth=6)


def _draw_points(axes: Axes, measured: Mapping[int, Estimate]) -> None:
    if not measured:
        return
    values = [estimate.value for estimate in measured.values()]
    below = [_bar(estimate.value - estimate.low) for estimate in measured.values()]
    above = [_bar(estimate.high - estimate.value) for estimate in measured.values()]
    axes.errorbar(
        list(measured), values, [below, above], color=colour_of(2), linestyle="", marker="D",
        markersize=8, capsize=5, zorder=4, label=f"measured, {_confidence(measured)}",
    )  # fmt: skip


def _bar(length: float) -> float:
    return length if isfinite(length) else nan


def _confidence(found: Mapping[int, Estimate]) -> str:
    shares = sorted({f"{100 * estimate.confidence:g} %" for estimate in found.values()})
    return " and ".join(shares)


def _formula(group: AgentGroup) -> str:
    if group.waiting_places is not None:
        return f"{group.waiting_places} waiting places"
    return "Erlang A" if isfinite(group.mean_patience_s) else "Erlang C"


def _sentence(staffing: _Staffing, agents: int, group: AgentGroup) -> str:
    say = _seconds if staffing.figure == "mean_wait_s" else _percent
    parts = [f"{say(staffing.theory[agents])} in theory ({_formula(group)})"]
    for name, found in (("simulated", staffing.simulated), ("measured", staffing.measured)):
        if agents in found:
            estimate = found[agents]
            parts.append(
                f"{say(estimate.value)} {name} ({say(estimate.low)} to {say(estimate.high)})"
            )
    return f"{agents} agents: {', '.join(parts)}."


def _percent(share: float) -> str:
    return f"{100 * share:.3g} %" if isfinite(share) else "unknown"


def _seconds(seconds: float) -> str:
    return f"{seconds:.3g} s" if isfinite(seconds) else "without end"
