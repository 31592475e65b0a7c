"""The keys of a telephone."""

from collections.abc import Callable
from typing import Any, Final

import anywidget
import traitlets

from voiplab.widgets.report import STATIC
from voiplab.widgets.words import _

KEYS: Final = frozenset("0123456789*#")


class Keypad(anywidget.AnyWidget):
    """Twelve keys.

    Args:
        press: is given each key that is pressed.

    >>> pressed = []
    >>> keypad = Keypad(pressed.append)
    >>> keypad.press("*")
    >>> pressed
    ['*']
    """

    _esm = STATIC / "keypad.js"
    _css = STATIC / "keypad.css"

    label = traitlets.Unicode().tag(sync=True)
    names = traitlets.Dict().tag(sync=True)

    def __init__(self, press: Callable[[str], object]) -> None:
        super().__init__(label=_("Dial pad"), names={"*": _("star"), "#": _("hash")})
        self.press = press
        self.on_msg(self._hear)

    def _hear(self, _widget: object, content: dict[str, Any], _buffers: object) -> None:
        if content.get("key") in KEYS:
            self.press(content["key"])
