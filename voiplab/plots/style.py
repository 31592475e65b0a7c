"""The one style of all figures, worn only while a figure is drawn."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

STYLE = "voiplab.plots.voiplab"
"""For a figure of one's own: ``plt.style.use("voiplab.plots.voiplab")``."""


@contextmanager
def drawn_on(
    ax: Axes | None, *, width_inches: float = 9, height_inches: float = 4.5
) -> Iterator[Axes]:
    """Give the axes to draw on, in the project's style; what the user had set stays as it was.

    Args:
        ax: the axes to use; None makes a new figure.
        width_inches: how wide that figure is.
        height_inches: how high it is.

    >>> before = plt.rcParams["font.size"]
    >>> with drawn_on(None) as ax:
    ...     inside = plt.rcParams["font.size"]
    >>> inside, plt.rcParams["font.size"] == before
    (12.0, True)
    >>> plt.close(ax.figure)
    """
    with plt.style.context(STYLE):
        if ax is None:
            ax = plt.subplots(figsize=(width_inches, height_inches))[1]
        yield ax
        _tell_its_alternative(ax.figure.figure)
        interactive = plt.isinteractive()
    # The first figure loads the notebook's backend, which turns interaction on: leaving the style
    # must not turn it off again, or later figures would not show.
    mpl.interactive(interactive)


def alternative(figure: Figure) -> str:
    """Return what a figure's axes say in words, in their order; empty when they say nothing.

    >>> figure, axes = plt.subplots()
    >>> axes.set_label("Jitter stays below 2 ms.")
    >>> alternative(figure)
    'Jitter stays below 2 ms.'
    >>> plt.close(figure)
    """
    return "\n".join(str(axes.get_label()) for axes in figure.axes if axes.get_label())


def _tell_its_alternative(figure: Figure | None) -> None:
    """Have a notebook keep the figure's words beside its picture, where nbconvert looks for them.

    https://github.com/jupyter/enhancement-proposals/issues/120
    """
    if figure is not None:
        vars(figure)["_repr_mimebundle_"] = partial(_words_of_picture, figure)


def _words_of_picture(
    figure: Figure, **_: object
) -> tuple[dict[str, Any], dict[str, dict[str, str]]]:
    words = alternative(figure)
    return {}, {"image/png": {"alt": words}} if words else {}


def colour_of(position: int) -> str:
    """Return the style's colour for the n-th thing in a figure, counted from 0."""
    colours = plt.rcParams["axes.prop_cycle"].by_key()["color"]
    return f"#{colours[position % len(colours)].lstrip('#')}"
