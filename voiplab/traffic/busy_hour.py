"""The hour that circuits are counted for."""

from typing import TYPE_CHECKING, Final, overload

import numpy as np

from voiplab.errors import TrafficError

if TYPE_CHECKING:
    from numpy.typing import NDArray

MINUTES_PER_HOUR: Final = 60


@overload
def busy_hour_erlang(minutes_per_day: float, busy_hour_share: float) -> float: ...
@overload
def busy_hour_erlang(
    minutes_per_day: "NDArray[np.float64]", busy_hour_share: "float | NDArray[np.float64]"
) -> "NDArray[np.float64]": ...
def busy_hour_erlang(
    minutes_per_day: "float | NDArray[np.float64]",
    busy_hour_share: "float | NDArray[np.float64]",
) -> "float | NDArray[np.float64]":
    """Return the traffic of the busiest hour, in erlang.

    One erlang is one circuit in use all the time: sixty minutes of calls in an hour.

    Source: ITU-T E.600, on traffic intensity, the erlang and the busy hour.

    Args:
        minutes_per_day: how long all calls of a day last together, in minutes; with an array, each.
        busy_hour_share: how much of that falls into the busiest hour, 0 to 1.

    Raises:
        TrafficError: when the minutes aren't a finite number, 0 or more, or the share isn't 0 to 1.

    >>> busy_hour_erlang(900, 0.2)
    3.0
    """
    minutes, share = np.asarray(minutes_per_day), np.asarray(busy_hour_share)
    if not ((minutes >= 0) & (minutes < np.inf)).all():
        raise TrafficError(
            f"A day's calls last a finite number of minutes, 0 or more; not {minutes_per_day}."
        )
    if not ((share >= 0) & (share <= 1)).all():
        raise TrafficError(f"The busy hour's share of a day is 0 to 1; not {busy_hour_share}.")
    return minutes_per_day * busy_hour_share / MINUTES_PER_HOUR
