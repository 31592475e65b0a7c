"""What is read again and again, beside the kernel, and shown when the kernel is free."""

import threading
from collections.abc import Callable
from functools import partial
from typing import Generic, TypeVar

from voiplab.errors import VoipLabError
from voiplab.widgets.kernel import on_kernel

T = TypeVar("T")


class Refresh(Generic[T]):
    """Reads something at each interval and shows it.

    A reading that is late, or a kernel that is busy, makes for fewer of them: none queues up.

    Args:
        read: is called in a thread of its own.
        show: is given what was read, on the kernel's loop.
        fail: is given the error of reading or showing, there too; reading goes on.
        every_s: the interval, in seconds.
    """

    def __init__(
        self,
        read: Callable[[], T],
        show: Callable[[T], None],
        fail: Callable[[Exception], None],
        *,
        every_s: float,
    ) -> None:
        self._read = read
        self._show = show
        self._fail = fail
        self._every_s = every_s
        self._stopped = threading.Event()
        self._due = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def running(self) -> bool:
        """Whether it goes on."""
        return self._thread is not None and not self._stopped.is_set()

    def start(self) -> None:
        """Begin; nothing happens when it has begun."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._go_on, daemon=True, name="voiplab-refresh")
            self._thread.start()

    def stop(self) -> None:
        """End for good, soon: a reading under way is not shown any more."""
        self._stopped.set()
        self._due.set()

    def soon(self) -> None:
        """Read now rather than at the next interval."""
        self._due.set()

    def once(self) -> None:
        """Read and show now, in this thread."""
        try:
            found = self._read()
        except VoipLabError as error:
            self._fail(error)
        else:
            self._show(found)

    def _go_on(self) -> None:
        while not self._stopped.is_set():
            self._due.clear()
            try:
                found = self._read()
                self._on_kernel(partial(self._show, found))
            except Exception as error:  # noqa: BLE001 - it is told, and the next may succeed
                self._on_kernel(partial(self._fail, error))
            self._due.wait(self._every_s)

    def _on_kernel(self, act: Callable[[], None]) -> None:
        """Have it done, and wait for that, so that nothing queues up."""
        if self._stopped.is_set():
            return
        done = on_kernel(lambda: None if self._stopped.is_set() else act())
        done.result()
