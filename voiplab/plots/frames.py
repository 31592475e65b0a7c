"""How many frames of a modem come whole over a line that loses packets."""

from collections.abc import Mapping, Sequence

from matplotlib.axes import Axes

from voiplab.plots.style import colour_of, drawn_on

_MARKS = "os^Dv"
_LINES = ("-", "--", ":", "-.")

Points = Sequence[tuple[float, float]]


def plot_frames(series: Mapping[str, Points], ax: Axes | None = None) -> Axes:
    """Draw how many frames came whole against how many packets were lost, a line a series.

    Args:
        series: by name, pairs of packets lost and frames that came whole, both in per cent.
        ax: where to draw; a new figure by default.

    Returns:
        The axes, whose label is the text of :func:`describe_frames`.

    >>> import matplotlib.pyplot as plt
    >>> ax = plot_frames({"fax as sound": [(0, 100), (1, 72)]})
    >>> ax.get_label()
    'fax as sound: 100 % of frames whole with 0 % of packets lost, 72 % with 1 %.'
    >>> plt.close(ax.figure)
    """
    with drawn_on(ax) as axes:
        axes.set_title("What comes whole of a fax")
        axes.set(xlabel="packets lost (%)", ylabel="frames that came whole (%)")
        axes.set_label(describe_frames(series))
        axes.set_ylim(-4, 104)
        for place, (name, points) in enumerate(series.items()):
            axes.plot(
                [loss for loss, _ in points], [whole for _, whole in points],
                marker=_MARKS[place % len(_MARKS)], linestyle=_LINES[place % len(_LINES)],
                color=colour_of(place), label=name,
            )  # fmt: skip
        if series:
            axes.legend(loc="best", frameon=False)
        else:
            axes.text(0.5, 0.5, "nothing was sent", transform=axes.transAxes, ha="center")
        return axes


def describe_frames(series: Mapping[str, Points]) -> str:
    """Return in words what :func:`plot_frames` draws.

    Args:
        series: as for :func:`plot_frames`.

    Returns:
        A sentence a series.
    """
    if not series:
        return "Nothing was sent."
    return " ".join(_sentence(name, points) for name, points in series.items())


def _sentence(name: str, points: Points) -> str:
    first, *rest = points
    words = [f"{first[1]:.0f} % of frames whole with {first[0]:g} % of packets lost"]
    words += [f"{whole:.0f} % with {loss:g} %" for loss, whole in rest]
    return f"{name}: {', '.join(words)}."
