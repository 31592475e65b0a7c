"""The hour that circuits are counted for."""

from math import inf
from typing import Final

from voiplab.errors import TrafficError

MINUTES_PER_HOUR: Final = 60


def busy_hour_erlang(minutes_per_day: float, busy_hour_share: float) -> float:
    """Return the traffic of the busiest hour, in erlang.

    One erlang is one circuit in use all the time: sixty minutes of calls in an hour.

    Source: ITU-T E.600, terms 2.1 and 2.12.

    Args:
        minutes_per_day: how long all calls of a day last together, in minutes.
        busy_hour_share: how much of that falls into the busiest hour, 0 to 1.

    Raises:
        TrafficError: when the minutes aren't a finite number, 0 or more, or the share isn't 0 to 1.

    >>> busy_hour_erlang(900, 0.2)
    3.0
    """
    if not 0 <= minutes_per_day < inf:
        raise TrafficError(
            f"A day's calls last a finite number of minutes, 0 or more; not {minutes_per_day}."
        )
    if not 0 <= busy_hour_share <= 1:
        raise TrafficError(f"The busy hour's share of a day is 0 to 1; not {busy_hour_share}.")
    return minutes_per_day * busy_hour_share / MINUTES_PER_HOUR
