"""What all panels of the control room have in common."""

import logging
import threading
import traceback
from collections.abc import Callable, Sequence
from html import escape
from typing import Any, TypeVar

import ipywidgets

from voiplab.errors import VoipLabError
from voiplab.widgets.kernel import on_kernel
from voiplab.widgets.refresh import Refresh
from voiplab.widgets.report import Report
from voiplab.widgets.words import _
from voiplab.widgets.work import Cancelled, Work

T = TypeVar("T")

_log = logging.getLogger(__name__)


class Panel(ipywidgets.VBox):  # type: ignore[misc]  # ipywidgets has no types
    """A titled region: a heading, a body, and what is said about what is done in it.

    Its actions run beside the kernel, one at a time; what comes of them is shown when the kernel
    is free. An error appears in the panel, as its sentence.

    Args:
        title: its heading.
        body: the widgets in it, from top to bottom.

    Attributes:
        report: its last lines.

    >>> panel = Panel("Users")
    >>> panel.do(lambda work: 6 * 7, says="Counting.", done=lambda found: f"It is {found}.")
    True
    >>> panel.wait()
    >>> panel.report.state, panel.report.sentence
    ('done', 'It is 42.')
    """

    # One that was refused its arguments is closed without ever having been set up.
    _work: Work | None = None
    _refreshes: tuple[Refresh[Any], ...] = ()

    def __init__(self, title: str, body: Sequence[ipywidgets.Widget] = ()) -> None:
        self.title = title
        self.report = Report(title, cancel=self.cancel)
        self.body = ipywidgets.VBox(list(body))
        self.body.add_class("voiplab-body")
        heading = ipywidgets.HTML(f"<h2>{escape(title)}</h2>")
        heading.add_class("voiplab-heading")
        self._thread: threading.Thread | None = None
        super().__init__([heading, self.body, self.report])
        self.add_class("voiplab-panel")
        # UsersPanel is .voiplab-users in style sheets and tests.
        self.add_class(f"voiplab-{type(self).__name__.removesuffix('Panel').lower() or 'plain'}")

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.title!r}, {self.report.state}>"

    # Actions

    @property
    def busy(self) -> bool:
        """Whether an action is under way."""
        return self._work is not None

    def do(  # noqa: PLR0913 - all but the work are named
        self,
        work: Callable[[Work], T],
        *,
        says: str,
        done: str | Callable[[T], str] = "",
        python: str = "",
        then: Callable[[T], object] = lambda _found: None,
        lastly: Callable[[], object] = lambda: None,
        cancellable: bool = False,
    ) -> bool:
        """Do something beside the kernel.

        While it is under way, a second click does nothing: it is not done, nor remembered.

        Args:
            work: does it, in a thread of its own, where no widget may be touched. It may tell
                its steps; when it is cancelled it raises `Cancelled` as soon as it can.
            says: what is being done, in a sentence.
            done: what was done, in a sentence; given what the work returned.
            python: the line of Python that does the same.
            then: shows what the work returned, on the kernel's loop.
            lastly: is called there at the end, whatever came of it.
            cancellable: whether Cancel is offered.

        Returns:
            Whether it began.
        """
        if self.busy:
            return False
        current = self._work = Work(lambda *step: _hand_over(lambda: self._step(*step)))
        self._tell("busy", says, python=python, cancellable=cancellable)

        def run() -> None:
            try:
                found = work(current)
            except Cancelled as cancelled:
                ended = cancelled
                _hand_over(lambda: self._end("cancelled", ended.remains), lastly)
            except Exception as error:  # noqa: BLE001 - shown for what it is, and logged
                failed = error
                _hand_over(lambda: self._fail_with(failed), lastly)
            else:
                _hand_over(lambda: self._finish(found, done, then), lastly)

        self._thread = threading.Thread(target=run, daemon=True, name=f"voiplab-{self.title}")
        self._thread.start()
        return True

    def _step(self, sentence: str, share: float | None) -> None:
        if self.busy:
            self.report.sentence = sentence
            self.report.share = -1.0 if share is None else share

    def _finish(
        self, found: T, done: str | Callable[[T], str], then: Callable[[T], object]
    ) -> None:
        late = self._work is not None and self._work.cancelled
        try:
            then(found)
            sentence = done(found) if callable(done) else done
        except Exception as error:  # noqa: BLE001 - as above
            self._fail_with(error)
            return
        if late:
            sentence = _("{done} It was done before it could be cancelled.").format(done=sentence)
        self._end("done", sentence.strip())

    def _fail_with(self, error: Exception) -> None:
        self._work = None
        self.fail(error)

    def _end(self, state: str, sentence: str) -> None:
        self._work = None
        self._tell(state, sentence, python=self.report.python)

    def cancel(self) -> None:
        """Ask for the end of the action under way, if there is one that can be cancelled."""
        if self._work is not None and self.report.cancellable:
            self.report.sentence = _("Cancelling.")
            self._work.cancel()

    def wait(self, timeout_s: float | None = None) -> None:
        """Wait until the action under way has ended; not in a notebook's cell.

        Args:
            timeout_s: the longest to wait, in seconds.
        """
        if self._thread is not None:
            self._thread.join(timeout_s)

    # What is said

    def say(self, sentence: str, *, python: str = "") -> None:
        """Say what was done at once.

        Args:
            sentence: what was done.
            python: the line of Python that does the same.
        """
        if not self.busy:
            self._tell("done", sentence, python=python or self.report.python)

    def fail(self, error: Exception) -> None:
        """Show an error: a `VoipLabError` by its sentence, any other as the defect that it is."""
        if isinstance(error, VoipLabError):
            self._tell("failed", str(error), python=self.report.python)
            return
        _log.error("A defect of the panel %s", self.title, exc_info=error)
        said = traceback.format_exception_only(error)[-1].strip()
        self._tell(
            "failed",
            _("This is a defect of voiplab, not of what you did: {error}").format(error=said),
            python=self.report.python,
            trace="".join(traceback.format_exception(error)),
        )

    def _tell(
        self,
        state: str,
        sentence: str,
        *,
        python: str = "",
        trace: str = "",
        cancellable: bool = False,
    ) -> None:
        with self.report.hold_sync():
            self.report.state = state
            self.report.sentence = sentence
            self.report.python = python
            self.report.trace = trace
            self.report.share = -1.0
            self.report.cancellable = cancellable

    # What is read again and again

    def every(self, seconds: float, read: Callable[[], T], show: Callable[[T], None]) -> Refresh[T]:
        """Read something at an interval and show it, until the panel is closed.

        An error is shown when it is first met, and again when it has changed.

        Args:
            seconds: the interval, in seconds.
            read: reads it, in a thread of its own, where no widget may be touched.
            show: shows it, on the kernel's loop.

        Returns:
            It, started.
        """
        trouble = told = ""

        def shown(found: T) -> None:
            nonlocal trouble, told
            show(found)
            if trouble and self.report.sentence == told:
                self._tell("idle", "", python=self.report.python)
            trouble = told = ""

        def failed(error: Exception) -> None:
            nonlocal trouble, told
            if repr(error) != trouble and not self.busy:
                self.fail(error)
                trouble, told = repr(error), self.report.sentence

        refresh = Refresh(read, shown, failed, every_s=seconds)
        self._refreshes += (refresh,)
        refresh.start()
        return refresh

    def close(self) -> None:
        """End what is read again and again, and take the panel from the page."""
        for refresh in self._refreshes:
            refresh.stop()
        if self._work is not None:
            self._work.cancel()
        close_inside(self)
        super().close()


def close_inside(box: ipywidgets.Box) -> None:
    """Close all that is in a box: a page that is loaded again asks for each widget that is left.

    Args:
        box: what holds it; it stays open itself.
    """
    for child in box.children:
        if isinstance(child, ipywidgets.Box):
            close_inside(child)
        child.close()


def _hand_over(*acts: Callable[[], object]) -> None:
    """Have widgets touched, and a defect of that seen in the log."""

    def log(done: Any) -> None:  # noqa: ANN401 - a Future
        if (error := done.exception()) is not None:
            _log.error("A panel could not be brought up to date", exc_info=error)

    for act in acts:
        on_kernel(act).add_done_callback(log)
