"""What several captures saw of the same thing."""

from collections.abc import Callable, Hashable, Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")


def each_once(captures: Iterable[Iterable[T]], identity: Callable[[T], Hashable]) -> Iterator[T]:
    """Yield what captures hold, without a second sight of it in another capture.

    Within one capture a repetition is a retransmission, and stays.

    Args:
        captures: what each holds.
        identity: what tells one thing from another, wherever it is seen.

    >>> list(each_once([["INVITE", "INVITE"], ["INVITE", "ACK"]], str))
    ['INVITE', 'INVITE', 'ACK']
    """
    seen_before: set[tuple[Hashable, int]] = set()
    for capture in captures:
        times_here: dict[Hashable, int] = {}
        for thing in capture:
            what = identity(thing)
            times_here[what] = times_here.get(what, 0) + 1
            sight = what, times_here[what]
            if sight not in seen_before:
                seen_before.add(sight)
                yield thing
