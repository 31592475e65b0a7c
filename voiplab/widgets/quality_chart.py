"""Loss, jitter and rating of calls over time, drawn in the page while they go on."""

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

import anywidget
import traitlets

from voiplab.quality import BANDS, mos_from_r
from voiplab.widgets.report import STATIC
from voiplab.widgets.words import _

if TYPE_CHECKING:
    from voiplab.evidence import QualitySecond

Point = tuple[
    int, int, int, float | None, float | None, float | None, float | None, float | None, int | None
]
"""A second as the page takes it: time_s, packets, lost, loss_pct, jitter_ms, R on the scale of the
bands, R, MOS, and which band that is."""


class QualityChart(anywidget.AnyWidget):
    """Three charts with one time axis, R on the E-model's bands, and all their numbers as tables.

    What it draws is sent to each page that shows it, and into nothing that is saved.

    Args:
        history: returns all that is to be drawn: the rows and their seconds, as for :meth:`tell`.

    Attributes:
        note: a sentence above the charts.
    """

    _esm = STATIC / "quality_chart.js"
    _css = STATIC / "quality_chart.css"

    note = traitlets.Unicode().tag(sync=True)
    texts = traitlets.Dict().tag(sync=True)
    bands: traitlets.List[list[Any]] = traitlets.List().tag(sync=True)
    colours: traitlets.List[str] = traitlets.List().tag(sync=True)

    def __init__(
        self,
        history: Callable[[], tuple[Iterable[Mapping[str, Any]], Mapping[str, Iterable[Point]]]],
    ) -> None:
        super().__init__(texts=_texts(), bands=_bands(), colours=_colours())
        self._history = history
        self.on_msg(self._hear)

    def tell(
        self,
        rows: Iterable[Mapping[str, Any]],
        seconds: Mapping[str, Iterable[Point]],
        *,
        replace: bool = False,
    ) -> None:
        """Send what is new to the pages.

        Args:
            rows: a row a direction: key, label, state, packets, lost, reason (why there is no
                rating).
            seconds: new or changed seconds by the keys of the rows.
            replace: whether what was sent before goes.
        """
        told = {key: [list(each) for each in found] for key, found in seconds.items()}
        self.send({"rows": [dict(row) for row in rows], "seconds": told, "replace": replace})

    def _hear(self, _widget: object, content: dict[str, Any], _buffers: object) -> None:
        if content.get("ask") == "all":
            rows, seconds = self._history()
            self.tell(rows, seconds, replace=True)


def point(second: "QualitySecond") -> Point:
    """Return a second as the page takes it.

    >>> from voiplab.evidence import QualitySecond
    >>> from voiplab.packets.seconds import Second
    >>> point(QualitySecond.of(Second(7, packets=49, lost=1, jitter_ms=1.26), "PCMU", 80))
    (7, 49, 1, 2.0, 1.26, 60.92, 60.92, 3.15, 3)
    """
    rx = second.rating.rx
    band = None if rx is None else next(at for at, each in enumerate(BANDS) if rx >= each.lowest_r)
    height = None if rx is None else max(rx, 0.0)
    return (
        second.time_s,
        second.packets,
        second.lost,
        _rounded(second.loss_pct),
        _rounded(second.jitter_ms),
        _rounded(height),
        _rounded(second.r),
        _rounded(second.mos),
        band,
    )


def _rounded(figure: float | None) -> float | None:
    return None if figure is None else round(figure, 2)


def _bands() -> list[list[Any]]:
    """The bands of satisfaction from best to worst: lowest R or None, words, colour, MOS there."""
    from voiplab.plots.mos import BAND_COLOURS  # noqa: PLC0415 - matplotlib: loaded when shown

    return [
        [
            max(band.lowest_r, 0) or None,
            band.satisfaction,
            colour,
            mos_from_r(max(band.lowest_r, 0)),
        ]
        for band, colour in zip(BANDS, BAND_COLOURS, strict=True)
    ]


def _colours() -> list[str]:
    """Colours of lines that keep 3:1 on each band's (WCAG 2.1, 1.4.11)."""
    return ["#00527F", "#9C2A00", "#5B2A86", "#16202B", "#00563F", "#8A0F4B"]


def _texts() -> dict[str, str]:
    return {
        "chart": _("Rating, loss and jitter over the last five minutes"),
        "table": _("The last second of each direction"),
        "numbers": _("Second by second"),
        "choose": _("Show this direction alone"),
        "empty": _("No call is in progress: make one, and its quality appears here."),
        "rating": _("Rating R, and MOS on the right"),
        "loss": _("Loss %"),
        "jitter": _("Jitter ms"),
        "direction": _("Direction"),
        "state": _("State"),
        "packets": _("Packets"),
        "lost": _("Lost"),
        "r": _("R"),
        "mos": _("MOS"),
        "satisfaction": _("Users would be"),
        "time": _("Time"),
    }
