"""A panel's last lines: what is under way or came of it, and the Python that does the same."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import anywidget
import traitlets

from voiplab.widgets.words import _

STATIC: Final = Path(__file__).parent / "static"


class Report(anywidget.AnyWidget):
    """What a panel says to its user.

    Args:
        title: the panel's title, which names its region for a screen reader.
        cancel: is called when Cancel is pressed.

    Attributes:
        state: ``idle``, ``busy``, ``done``, ``failed`` or ``cancelled``.
        sentence: what to say about it.
        share: how much is done, from 0 to 1; -1 when nobody knows.
        cancellable: whether Cancel is offered while busy.
        python: the line of Python that does the same as the last action.
        trace: where a programming error came from; "" when there was none.
    """

    _esm = STATIC / "report.js"
    _css = STATIC / "panel.css"

    title = traitlets.Unicode().tag(sync=True)
    state = traitlets.Unicode("idle").tag(sync=True)
    sentence = traitlets.Unicode().tag(sync=True)
    share = traitlets.Float(-1.0).tag(sync=True)
    cancellable = traitlets.Bool(default_value=False).tag(sync=True)
    python = traitlets.Unicode().tag(sync=True)
    trace = traitlets.Unicode().tag(sync=True)
    texts = traitlets.Dict().tag(sync=True)

    def __init__(self, title: str, *, cancel: Callable[[], None]) -> None:
        super().__init__(
            title=title,
            texts={
                "cancel": _("Cancel"),
                "progress": _("Progress"),
                "python": _("In Python:"),
                "details": _("Where it happened"),
            },
        )
        self._cancel = cancel
        self.on_msg(self._hear)

    def _hear(self, _widget: object, content: dict[str, Any], _buffers: object) -> None:
        if content.get("order") == "cancel":
            self._cancel()
