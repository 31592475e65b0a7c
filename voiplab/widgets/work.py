"""An action that takes its time, beside the kernel, and can be cancelled."""

import threading
from collections.abc import Callable


class Cancelled(Exception):
    """The action ended because it was told to.

    Args:
        remains: what is so now, in a sentence.
    """

    def __init__(self, remains: str) -> None:
        super().__init__(remains)
        self.remains = remains


class Work:
    """What an action under way tells, and is told.

    Args:
        tell: is given each step in a sentence, with the share that is done or None.

    >>> work = Work(lambda sentence, share: print(sentence, share))
    >>> work.step("Adding 2001", 0.5)
    Adding 2001 0.5
    >>> work.cancel()
    >>> work.stop_if_cancelled("Nobody was added.")
    Traceback (most recent call last):
    voiplab.widgets.work.Cancelled: Nobody was added.
    """

    def __init__(self, tell: Callable[[str, float | None], None]) -> None:
        self._tell = tell
        self._cancelled = threading.Event()

    def step(self, sentence: str, share: float | None = None) -> None:
        """Say what is being done.

        Args:
            sentence: in a few words.
            share: how much of the whole is done, from 0 to 1; None when nobody knows.
        """
        self._tell(sentence, share)

    def cancel(self) -> None:
        """Ask for the end of it."""
        self._cancelled.set()

    @property
    def cancelled(self) -> bool:
        """Whether its end was asked for."""
        return self._cancelled.is_set()

    def wait(self, seconds: float) -> bool:
        """Wait, unless it is cancelled.

        Args:
            seconds: how long, in seconds.

        Returns:
            Whether it was cancelled.
        """
        return self._cancelled.wait(seconds)

    def stop_if_cancelled(self, remains: str) -> None:
        """End here when that was asked for.

        Args:
            remains: what is so now, in a sentence.

        Raises:
            Cancelled: when it was.
        """
        if self.cancelled:
            raise Cancelled(remains)
