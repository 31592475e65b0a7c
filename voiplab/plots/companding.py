"""What eight bits make of a sample: evenly spaced, and by G.711."""

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter

from voiplab.packets.g711 import MU_LAW
from voiplab.plots.style import colour_of, drawn_on

_EVEN_STEPS = 128  # for each sign: eight bits
_EDGES = 2.0 ** np.arange(-11, 1)  # of loudness: 6 dB each
_FEWEST = 20  # samples, for a median to mean something
_WAYS = {"8 bits by G.711": False, "8 bits in even steps": True}


def plot_companding(samples: npt.NDArray[np.floating], ax: Axes | None = None) -> Axes:
    """Draw by how much each sample is off once eight bits have to do, against how loud it is.

    Once by G.711's µ-law, once with 256 even steps.

    Source: ITU-T G.711 (11/1988), tables 2a and 2b.

    Args:
        samples: mono, from −1 to 1.
        ax: where to draw; a new figure by default.

    Returns:
        The axes, whose label is the text of :func:`describe_companding`.

    >>> import matplotlib.pyplot as plt
    >>> ax = plot_companding(np.linspace(-0.5, 0.5, 9999))
    >>> ax.get_xscale(), ax.get_yscale()
    ('log', 'log')
    >>> plt.close(ax.figure)
    """
    with drawn_on(ax) as axes:
        axes.set_title("What eight bits cost: G.711 against even steps")
        axes.set_label(describe_companding(samples))
        axes.set(xlabel="how large the sample is (of full scale)", ylabel="error (% of the sample)")
        axes.set_xscale("log", base=2)
        axes.set_yscale("log")
        for position, (name, even) in enumerate(_WAYS.items()):
            middles, low, median, high = _bands(_audible(samples), even=even)
            axes.fill_between(
                middles, low, high, color=colour_of(position), alpha=0.18, linewidth=0
            )
            axes.plot(middles, median, "o-", color=colour_of(position), label=name)
        axes.xaxis.set_major_formatter(FuncFormatter(_as_fraction))
        axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g} %"))
        axes.legend(loc="upper right", title="median, and the middle half")
        return axes


def describe_companding(samples: npt.NDArray[np.floating]) -> str:
    """Return in words what :func:`plot_companding` draws.

    Args:
        samples: as for :func:`plot_companding`.

    >>> describe_companding(np.full(10, 0.01))
    'By G.711, the median sample is off by 1.1 % of its size; with 8 even bits, by 21.9 %.'
    """
    heard = _audible(samples)
    if not len(heard):
        return "No sample is loud enough to tell."
    by_law, by_even = (float(np.median(_error_pct(heard, even=even))) for even in (False, True))
    return (
        f"By G.711, the median sample is off by {by_law:.1f} % of its size; "
        f"with 8 even bits, by {by_even:.1f} %."
    )


def _bands(samples: npt.NDArray[np.floating], *, even: bool) -> tuple[npt.NDArray[np.float64], ...]:
    """Return, for each band of loudness, its middle, and the quartiles of the error in it."""
    errors, band = _error_pct(samples, even=even), np.digitize(np.abs(samples), _EDGES)
    rows = [
        (np.sqrt(_EDGES[number - 1] * _EDGES[number]), *np.percentile(inside, [25, 50, 75]))
        for number in range(1, len(_EDGES))
        if len(inside := errors[band == number]) >= _FEWEST
    ]
    return tuple(np.array(rows, np.float64).reshape(-1, 4).T)


def _as_fraction(value: float, _: object) -> str:
    return "1" if value == 1 else f"1/{1 / value:g}"


def _audible(samples: npt.NDArray[np.floating]) -> npt.NDArray[np.floating]:
    audible: npt.NDArray[np.floating] = samples[np.abs(samples) >= _EDGES[0]]
    return audible


def _error_pct(samples: npt.NDArray[np.floating], *, even: bool) -> npt.NDArray[np.float64]:
    """Return how far each sample is from the nearest value that there is, in per cent of it."""
    values = np.arange(-_EVEN_STEPS, _EVEN_STEPS) / _EVEN_STEPS if even else np.unique(MU_LAW)
    between = (values[:-1] + values[1:]) / 2
    nearest = values[np.searchsorted(between, samples)]
    error: npt.NDArray[np.float64] = 100 * np.abs(nearest - samples) / np.abs(samples)
    return error
