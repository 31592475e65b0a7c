"""A shell line's progress, shown while it runs: in a notebook, or on a terminal."""

import html
import sys
from typing import Any

from voiplab.installation.meter import Meter
from voiplab.installation.ran import Ran, screen

BAR_CELLS = 30


class Screen:
    """Shows how far a line has come, and at its end what came of it.

    Args:
        heading: the prompt and the line.
        meter: what counts.
    """

    def __init__(self, heading: str, meter: Meter) -> None:
        self._heading = heading
        self._meter = meter
        self._page = _page()
        self._on_terminal = self._page is None and sys.stdout.isatty()
        self.show(0.0)

    def show(self, seconds: float) -> None:
        """Show the last line of the output, the time, and a bar where the whole is known."""
        if self._page is not None:
            content = (
                f"<b>{html.escape(self._heading)}</b>\n{html.escape(self._meter.last_line[:120])}"
            )
            self._page.update(_html(screen(content, state(self._meter, seconds))), raw=True)
        elif self._on_terminal:
            said = f"{state(self._meter, seconds)}  {self._meter.last_line}"[:100]
            sys.stdout.write(f"\r\033[K{said}")
            sys.stdout.flush()

    def end(self, ran: Ran) -> None:
        """Leave what came of the line on the screen."""
        if self._page is not None:
            self._page.update({"text/plain": repr(ran), "text/html": ran.as_html()}, raw=True)
        elif self._on_terminal:
            sys.stdout.write(f"\r\033[K{ran!r}\n")


def state(meter: Meter, seconds: float) -> str:
    """Return how far it is, in a line.

    >>> state(Meter(total=240, done=60), 31.4)
    '███████▌······················  60 of 240  31 s'
    >>> state(Meter(), 2.0)
    '2 s'
    """
    if meter.share is None:
        return f"{seconds:.0f} s"
    halves = round(2 * BAR_CELLS * meter.share)
    bar = "█" * (halves // 2) + "▌" * (halves % 2)
    return f"{bar.ljust(BAR_CELLS, '·')}  {meter.done} of {meter.total}  {seconds:.0f} s"


def _html(page: str) -> dict[str, str]:
    return {"text/html": page, "text/plain": ""}


def _page() -> Any:  # noqa: ANN401 - IPython's handle has no type
    """Return a place in the notebook that can be written anew; None outside of one."""
    from IPython import get_ipython  # noqa: PLC0415 - only where something is shown
    from IPython.display import display  # noqa: PLC0415 - as above

    shell = get_ipython()
    if shell is None or not hasattr(shell, "kernel"):
        return None
    return display(_html(""), raw=True, display_id=True)  # type: ignore[no-untyped-call]
