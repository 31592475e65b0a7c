"""What codecs take of a link, header by header."""

from collections.abc import Sequence
from typing import Final

from matplotlib.axes import Axes
from matplotlib.patches import Patch

from voiplab.plots.key import key_below
from voiplab.plots.style import colour_of, drawn_on
from voiplab.quality import Bandwidth

_GROUPS: Final = ("speech", "RTP", "UDP", "IP", "link")
_GROUP_OF: Final = {
    "speech": "speech", "RTP": "RTP", "SRTP tag": "RTP", "UDP": "UDP", "IPv4": "IP", "IPv6": "IP",
}  # fmt: skip
_LABELS: Final = {"RTP": "RTP, SRTP's tag", "link": "link's frames"}
_ROOM_FOR_FIGURE = 0.05  # of the axis


def plot_bandwidth(calls: Sequence[Bandwidth], ax: Axes | None = None) -> Axes:
    """Draw a bar a call: the speech, then what each header adds to it.

    Args:
        calls: as :func:`voiplab.quality.bandwidth` returns them.
        ax: where to draw; a new figure by default.

    Returns:
        The axes, whose label is the text of :func:`describe_bandwidth`.

    >>> import matplotlib.pyplot as plt
    >>> from voiplab.quality import bandwidth
    >>> ax = plot_bandwidth([bandwidth("PCMU"), bandwidth("G729")])
    >>> ax.get_xlabel()
    'kbit/s in one direction'
    >>> plt.close(ax.figure)
    """
    with drawn_on(ax, width_inches=10.5, height_inches=2.1 + 0.62 * max(1, len(calls))) as axes:
        axes.set(xlabel="kbit/s in one direction")
        axes.set_title("What a call takes of the link")
        axes.set_label(describe_bandwidth(calls))
        greatest = max([1.0, *(call.kbit_per_s for call in calls)])
        axes.set_xlim(0, 1.45 * greatest)
        axes.set_ylim(max(1, len(calls)) - 0.4, -0.6)
        axes.set_yticks(range(len(calls)), [_name(call) for call in calls])
        axes.tick_params(axis="y", length=0)
        axes.grid(visible=False)
        for row, call in enumerate(calls):
            _bar(axes, row, call, axes.get_xlim()[1])
        if not calls:
            axes.text(0.5, 0.5, "no call", transform=axes.transAxes, ha="center")
            return axes
        handles = [
            Patch(facecolor=colour_of(position), label=_LABELS.get(group, group))
            for position, group in enumerate(_GROUPS)
        ]
        key_below(axes, handles, columns=len(_GROUPS))
        return axes


def describe_bandwidth(calls: Sequence[Bandwidth]) -> str:
    """Return in words what :func:`plot_bandwidth` draws.

    Args:
        calls: as for :func:`plot_bandwidth`.

    Returns:
        A sentence a call.

    >>> from voiplab.quality import bandwidth
    >>> describe_bandwidth([bandwidth("PCMU")])
    'G.711 µ-law, 20 ms, Ethernet: 87.2 kbit/s, of which 64.0 are speech (27 % overhead).'
    """
    if not calls:
        return "No call."
    return " ".join(
        f"{call.codec}, {call.ptime_ms:g} ms, {call.link}: {call.kbit_per_s:.1f} kbit/s, of which "
        f"{call.kbit_per_s_at('speech'):.1f} are speech ({call.overhead:.0%} overhead).".replace(
            "%", " %"
        )
        for call in calls
    )


def _name(call: Bandwidth) -> str:
    return f"{call.codec}, {call.ptime_ms:g} ms\n{call.link}"


def _bar(axes: Axes, row: int, call: Bandwidth, scale: float) -> None:
    left = 0.0
    for position, group in enumerate(_GROUPS):
        octets = sum(
            layer.octets for layer in call.layers if _GROUP_OF.get(layer.name, "link") == group
        )
        width = octets * 8 / call.ptime_ms
        axes.barh(
            row, width, left=left, height=0.6, color=colour_of(position), edgecolor="white",
            linewidth=1,
        )  # fmt: skip
        if width > _ROOM_FOR_FIGURE * scale:
            axes.text(
                left + width / 2, row, f"{width:.0f}", ha="center", va="center", size=11,
                bbox={"boxstyle": "round,pad=0.15", "facecolor": "white", "linewidth": 0},
            )  # fmt: skip
        left += width
    axes.text(
        left, row, f"  {call.kbit_per_s:.1f}   ({100 * call.overhead:.0f} % overhead)",
        va="center", weight="bold",
    )  # fmt: skip
