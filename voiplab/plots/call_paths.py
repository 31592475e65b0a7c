"""Where signalling and speech of an inside call go, by who answers for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import FancyBboxPatch

from voiplab.plots.key import key_below
from voiplab.plots.style import colour_of, drawn_on

Point = tuple[float, float]

_ANNA: Final[Point] = (0.17, 0.17)
_BERT: Final[Point] = (0.83, 0.17)
_AT_HOME: Final[Point] = (0.5, 0.42)
_AWAY: Final[Point] = (0.5, 0.86)
_APART = 0.022
_FIGURES: Final = ((0.16, 0.12), (0.24, 0.14))  # half of a phone's box, and of a server's
_SIGNALLING, _SPEECH = 0, 1  # colours


@dataclass(frozen=True)
class CallPath:
    """How a call between two telephones in one building goes.

    Attributes:
        title: what kind of server it is.
        examples: which ones, in a few words.
        server: what stands in its box.
        at_home: whether it stands in the building.
        carries_speech: whether speech goes through it.
    """

    title: str
    examples: str
    server: str
    at_home: bool
    carries_speech: bool

    def __str__(self) -> str:
        """Where signalling and speech go, in a sentence."""
        where = "in the building" if self.at_home else "in the provider's data centre"
        speech = "speech too" if self.carries_speech else "speech goes straight between the phones"
        return (
            f"{self.title} ({self.examples}): signalling goes through the {self.server} {where}, "
            f"{speech}."
        )


CALL_PATHS: Final = (
    CallPath("Your own PBX", "Asterisk, FreeSWITCH, FreePBX, 3CX", "PBX", True, True),  # noqa: FBT003
    CallPath("SIP proxy", "Kamailio, OpenSIPS", "proxy", True, False),  # noqa: FBT003
    CallPath("Hosted service", "RingCentral, Zoom, Teams", "PBX", False, True),  # noqa: FBT003
)
"""The three kinds, as each works unless it is told otherwise."""


def plot_call_paths(paths: Sequence[CallPath] = CALL_PATHS, *, ax: Axes | None = None) -> Axes:
    """Draw an inside call for each kind of server: where signalling and speech go.

    Args:
        paths: the kinds, from left to right.
        ax: where to draw; a new figure by default.

    Returns:
        The axes, whose label is the text of :func:`describe_call_paths`.

    >>> import matplotlib.pyplot as plt
    >>> ax = plot_call_paths()
    >>> sum(text.get_text() == "PBX" for text in ax.texts)
    2
    >>> plt.close(ax.figure)
    """
    with drawn_on(ax, width_inches=12.5, height_inches=5.2) as axes:
        axes.set_label(describe_call_paths(paths))
        axes.set_xlim(0, 1.12 * len(paths) - 0.12)
        axes.set_ylim(0, 1.22)
        axes.set_xticks([])
        axes.set_yticks([])
        axes.grid(visible=False)
        for side in ("left", "bottom"):
            axes.spines[side].set_visible(False)
        for place, path in enumerate(paths):
            _draw(axes, 1.12 * place, path)
        handles = [
            Line2D([], [], color=colour_of(_SIGNALLING), linestyle="--", label="signalling (SIP)"),
            Line2D([], [], color=colour_of(_SPEECH), linewidth=4, label="speech (RTP)"),
            Line2D([], [], color="#666666", linestyle=":", label="to the public network"),
        ]
        key_below(axes, handles, columns=3)
        legend = axes.get_legend()
        if legend is not None:  # there is no axis under which it would have to stand
            legend.set_bbox_to_anchor((0, 0), transform=axes.transAxes)
        return axes


def describe_call_paths(paths: Sequence[CallPath] = CALL_PATHS) -> str:
    """Return in words what :func:`plot_call_paths` draws.

    Args:
        paths: as for :func:`plot_call_paths`.

    Returns:
        A sentence a kind.

    >>> print(describe_call_paths(CALL_PATHS[1:2]))
    SIP proxy (Kamailio, OpenSIPS): signalling goes through the proxy in the building, speech \
goes straight between the phones.
    """
    return " ".join(map(str, paths))


def _draw(axes: Axes, left: float, path: CallPath) -> None:
    axes.text(left + 0.5, 1.17, path.title, ha="center", va="center", weight="bold", size=13)
    axes.text(left + 0.5, 1.085, path.examples, ha="center", va="center", size=11)
    _region(axes, (left, 0.02), 0.58, "your building")
    _region(axes, (left, 0.7), 0.32, "the provider, over the Internet")
    server = _moved(_AT_HOME if path.at_home else _AWAY, left)
    anna, bert = _moved(_ANNA, left), _moved(_BERT, left)
    for phone in (anna, bert):
        _line(axes, phone, server, speech=False)
    if path.carries_speech:
        for phone in (anna, bert):
            _line(axes, phone, server, speech=True)
    else:
        _line(axes, anna, bert, speech=True)
    carrier = _moved((_AWAY[0] if path.at_home else 0.9, _AWAY[1]), left)
    axes.plot(*zip(server, carrier, strict=True), color="#666666", linestyle=":", zorder=2)
    _box(axes, anna, "Anna", _FIGURES[0])
    _box(axes, bert, "Bert", _FIGURES[0])
    _box(axes, server, path.server, _FIGURES[1], filled=True)
    if path.at_home:
        _box(axes, carrier, "carrier", _FIGURES[1])


def _moved(point: Point, right: float) -> Point:
    return point[0] + right, point[1]


def _line(axes: Axes, begin: Point, end: Point, *, speech: bool) -> None:
    """Speech runs beside signalling, on the side of the other phone, and below it."""
    inwards = _APART if end[0] > begin[0] else -_APART
    right, up = (inwards, -_APART) if speech else (-inwards, _APART)
    axes.plot(
        [begin[0] + right, end[0] + right],
        [begin[1] + up, end[1] + up],
        color=colour_of(_SPEECH if speech else _SIGNALLING),
        linestyle="-" if speech else "--",
        linewidth=4 if speech else 2,
        zorder=2,
    )


def _region(axes: Axes, corner: Point, height: float, name: str) -> None:
    axes.add_patch(
        FancyBboxPatch(
            corner, 1, height, boxstyle="round,pad=0,rounding_size=0.03",
            facecolor="#F2F4F6", edgecolor="#9AA5B0", linewidth=1, zorder=0,
        )
    )  # fmt: skip
    axes.text(corner[0] + 0.03, corner[1] + height - 0.05, name, size=11, color="#444444")


def _box(
    axes: Axes, centre: Point, name: str, half: tuple[float, float], *, filled: bool = False
) -> None:
    width, height = half
    axes.add_patch(
        FancyBboxPatch(
            (centre[0] - width / 2, centre[1] - height / 2), width, height,
            boxstyle="round,pad=0,rounding_size=0.025", linewidth=1.5, zorder=3,
            facecolor="#16202B" if filled else "white", edgecolor="#16202B",
        )
    )  # fmt: skip
    axes.text(
        *centre, name, ha="center", va="center", zorder=4, size=12,
        color="white" if filled else "black",
    )  # fmt: skip
