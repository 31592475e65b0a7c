"""One event loop on one background thread: asynchronous inside, plain calls outside.

A notebook cell that waits blocks its own thread only; events keep arriving on this one.
"""

import asyncio
import threading
from collections.abc import Coroutine
from functools import cache
from typing import Any, TypeVar

T = TypeVar("T")


@cache
def loop() -> asyncio.AbstractEventLoop:
    """Return the background event loop, started at the first call.

    Returns:
        The one loop of this process. It runs until the process ends.

    >>> loop() is loop(), loop().is_running()
    (True, True)
    """
    started = threading.Event()
    background = asyncio.new_event_loop()

    def serve() -> None:
        asyncio.set_event_loop(background)
        background.call_soon(started.set)
        background.run_forever()

    threading.Thread(target=serve, name="voiplab-events", daemon=True).start()
    started.wait()
    return background


def run(coroutine: Coroutine[Any, Any, T], timeout_s: float | None = None) -> T:
    """Run a coroutine on the background loop and return its result.

    Args:
        coroutine: what to run; it is cancelled when the caller is interrupted or time is up.
        timeout_s: the longest to wait, in seconds; None waits as long as it takes.

    Returns:
        What the coroutine returned.

    Raises:
        TimeoutError: when the coroutine was not done in time. What it raises itself
            comes through unchanged.

    >>> run(asyncio.sleep(0, result="done"), timeout_s=1)
    'done'
    """
    future = asyncio.run_coroutine_threadsafe(coroutine, loop())
    try:
        return future.result(timeout_s)
    except BaseException:
        future.cancel()
        raise
