"""Where widgets may be touched: on the kernel's own loop, whichever thread it is asked from."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

T = TypeVar("T")


def kernel_loop() -> asyncio.AbstractEventLoop | None:
    """Return the loop on which this process' kernel hears its page; None without a kernel."""
    from IPython.core.getipython import get_ipython  # noqa: PLC0415 - only where a page may be

    shell = get_ipython()
    kernel = getattr(shell, "kernel", None)
    io_loop = getattr(kernel, "io_loop", None)
    return getattr(io_loop, "asyncio_loop", None)


def on_kernel(act: Callable[[], T]) -> "Future[T]":
    """Do something to widgets, from any thread, when the kernel is free.

    Without a kernel it is done at once, in the calling thread.

    Args:
        act: what to do.

    Returns:
        What comes of it; never wait for that in a cell, which is what keeps the kernel from it.

    >>> on_kernel(lambda: 6 * 7).result()
    42
    """
    future: Future[T] = Future()

    def settle() -> None:
        try:
            future.set_result(act())
        except BaseException as error:  # noqa: BLE001 - it is whoever waits for it who minds
            future.set_exception(error)

    loop = kernel_loop()
    if loop is None:
        settle()
    else:
        loop.call_soon_threadsafe(settle)
    return future
