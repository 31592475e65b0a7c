"""One event loop on one background thread: asynchronous inside, plain calls outside.

A notebook cell that waits blocks its own thread only; events keep arriving on this one.
"""

import asyncio
import signal
import threading
from collections.abc import Callable, Coroutine, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any, TypeVar

S = TypeVar("S")
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


def side_by_side(work: Callable[[S], T], items: Iterable[S], *, at_once: int = 8) -> list[T]:
    """Do the same work for several items at once.

    While the interpreter is ending it starts no threads any more: then one after the other.

    Args:
        work: what to do for an item.
        items: the items.
        at_once: how many threads to use at most.

    Returns:
        The results, in the order of the items.

    Raises:
        Exception: what the work raised first, once all that had begun is done.

    >>> side_by_side(str.upper, ["a", "b"])
    ['A', 'B']
    """
    items = list(items)
    if not items:
        return []
    with ThreadPoolExecutor(min(at_once, len(items))) as threads:
        try:
            futures = [threads.submit(work, item) for item in items]
        except RuntimeError:
            return [work(item) for item in items]
    return [future.result() for future in futures]


def in_one_piece(work: Callable[[], T]) -> T:
    """Do something that Ctrl-C must not cut in two: it comes through when that is done.

    What an engine has begun to make is there then, and can be found and removed. A second Ctrl-C
    comes through at once. In another thread than the main one, none ever does.

    Args:
        work: what to do.

    Returns:
        What the work returned.

    Raises:
        KeyboardInterrupt: when it was interrupted meanwhile.

    >>> in_one_piece(lambda: "made")
    'made'
    """
    if threading.current_thread() is not threading.main_thread():
        return work()
    interrupts = 0

    def put_off(_signal: int, _frame: object) -> None:
        nonlocal interrupts
        interrupts += 1
        if interrupts > 1:
            raise KeyboardInterrupt

    former = signal.signal(signal.SIGINT, put_off)
    try:
        done = work()
    finally:
        signal.signal(signal.SIGINT, former)
    if interrupts:
        raise KeyboardInterrupt
    return done
