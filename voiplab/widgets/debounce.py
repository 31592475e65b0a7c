"""Doing something once, after the last of many reasons for it."""

import threading
from collections.abc import Callable

from voiplab.widgets.kernel import on_kernel


class Debounce:
    """Does something when nothing has asked for it for a while: once, not each time.

    Args:
        act: does it, on the kernel's loop.
        after_s: how long nothing must have asked, in seconds.
    """

    def __init__(self, act: Callable[[], object], *, after_s: float) -> None:
        self._act = act
        self._after_s = after_s
        self._timer: threading.Timer | None = None

    def ask(self) -> None:
        """Ask for it."""
        self.forget()
        self._timer = threading.Timer(self._after_s, lambda: on_kernel(self._act))
        self._timer.daemon = True
        self._timer.start()

    def forget(self) -> None:
        """Don't do it, unless it is asked for again."""
        if self._timer is not None:
            self._timer.cancel()
