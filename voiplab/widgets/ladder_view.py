"""A ladder in the page that grows with its call."""

from typing import TYPE_CHECKING

import anywidget
import traitlets

from voiplab.widgets.report import STATIC
from voiplab.widgets.words import _

if TYPE_CHECKING:
    from voiplab.packets import Ladder


class LadderView(anywidget.AnyWidget):
    """A call's ladder: a message that was opened stays open while more of them come.

    Attributes:
        html: the ladder, as `Ladder.html` draws it; "" when none is shown.
        key: whose ladder it is.
        label: what it is called for a screen reader.

    >>> view = LadderView()
    >>> view.html
    ''
    """

    _esm = STATIC / "ladder_view.js"
    _css = STATIC / "ladder_view.css"

    html = traitlets.Unicode().tag(sync=True)
    key = traitlets.Unicode().tag(sync=True)
    label = traitlets.Unicode(_("Ladder")).tag(sync=True)

    def show(self, ladder: "Ladder", *, key: str, label: str) -> None:
        """Show a ladder.

        Args:
            ladder: it, as far as it has come.
            key: whose it is: with another key it is shown from its top.
            label: what it is called.
        """
        with self.hold_sync():
            self.key = key
            self.label = label
            self.html = ladder.html()

    def clear(self) -> None:
        """Show none."""
        with self.hold_sync():
            self.key = self.html = ""
