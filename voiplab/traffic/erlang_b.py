"""Erlang's loss formula, and what it is asked for: a blocking, a number of circuits, a traffic."""

from typing import TYPE_CHECKING, overload

import numpy as np

from voiplab.errors import TrafficError

if TYPE_CHECKING:
    from numpy.typing import NDArray


def erlang_b(circuits: int, offered_erlang: float) -> float:
    """Return the share of calls that find all circuits busy, 0 to 1.

    Calls come at random from many callers; one that finds no circuit is lost, and not tried again.

    Source: A. K. Erlang (1917); the recursion over the circuits, which neither overflows nor
    cancels, as in ITU-D's Teletraffic Engineering Handbook, section on the evaluation of the
    formula.

    Args:
        circuits: how many there are.
        offered_erlang: the traffic that would be carried if there were circuits without end.

    Raises:
        TrafficError: when the circuits or the traffic are less than nothing, or without end.

    >>> round(erlang_b(circuits=15, offered_erlang=10), 4)
    0.0365
    >>> erlang_b(circuits=0, offered_erlang=1), erlang_b(circuits=5, offered_erlang=0)
    (1.0, 0.0)
    """
    if circuits < 0:
        raise TrafficError(f"A group has 0 circuits or more; not {circuits}.")
    _check_offered(np.asarray(offered_erlang))
    blocking = 1.0
    for circuit in range(1, circuits + 1):
        blocking = offered_erlang * blocking / (circuit + offered_erlang * blocking)
    return blocking


@overload
def circuits_for(offered_erlang: float, blocking: float) -> int: ...
@overload
def circuits_for(
    offered_erlang: "NDArray[np.float64]", blocking: "float | NDArray[np.float64]"
) -> "NDArray[np.int64]": ...
def circuits_for(
    offered_erlang: "float | NDArray[np.float64]", blocking: "float | NDArray[np.float64]"
) -> "int | NDArray[np.int64]":
    """Return the fewest circuits that lose no more than this share of the calls.

    Where there is no traffic, there is nothing to lose, and no circuit is needed.

    Source: ITU-T E.520 (11/1988), section 1: groups are read from Erlang's loss formula, for 1 %
    in automatic operation.

    Args:
        offered_erlang: the traffic offered; with an array, each is sized.
        blocking: the share of calls that may be lost, above 0, up to 1.

    Raises:
        TrafficError: when the traffic is less than nothing or without end, or when no number of
            circuits would do.

    >>> circuits_for(4.46, blocking=0.01)
    10
    >>> circuits_for(np.array([0, 4.46, 84.06]), blocking=0.01)
    array([  0,  10, 100])
    """
    offered, allowed = np.broadcast_arrays(
        np.asarray(offered_erlang, dtype=np.float64), np.asarray(blocking, dtype=np.float64)
    )
    _check_offered(offered)
    _check_blocking(allowed)
    lost = np.where(offered > 0, 1.0, 0.0)
    circuits = np.zeros(offered.shape, dtype=np.int64)
    while (short := lost > allowed).any():
        circuits = circuits + short
        again = offered * lost
        np.divide(again, circuits + again, out=lost, where=short)
    return circuits if circuits.ndim else int(circuits)


def offered_erlang_for(circuits: int, blocking: float) -> float:
    """Return the greatest traffic of which a group loses no more than this share, in erlang.

    Args:
        circuits: how many there are.
        blocking: the share of calls that may be lost, above 0 and under 1.

    Raises:
        TrafficError: as for :func:`erlang_b`, or when every call may be lost.

    >>> round(offered_erlang_for(15, blocking=0.01), 3)
    8.108
    """
    from scipy.optimize import brentq  # noqa: PLC0415 - heavy, and nothing else here wants it

    _check_blocking(np.asarray(blocking))
    if blocking == 1:
        raise TrafficError("Where every call may be lost, there is no greatest traffic.")
    if erlang_b(circuits, 0) > blocking:
        return 0.0
    # What is carried, offered x (1 - blocking), is less than the circuits.
    greatest = circuits / (1 - blocking)
    return float(brentq(lambda offered: erlang_b(circuits, offered) - blocking, 0, greatest))


def _check_offered(offered_erlang: "NDArray[np.float64]") -> None:
    wrong = offered_erlang[~((offered_erlang >= 0) & (offered_erlang < np.inf))]
    if wrong.size:
        raise TrafficError(
            f"A traffic is a finite number of erlang, 0 or more; not {wrong.flat[0]}."
        )


def _check_blocking(blocking: "NDArray[np.float64]") -> None:
    wrong = blocking[~((blocking > 0) & (blocking <= 1))]
    if wrong.size:
        raise TrafficError(
            f"The share of calls that may be lost is above 0, up to 1; not {wrong.flat[0]}."
        )
