"""What a container uses of its machine, as the engine measures it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from voiplab.containers.memory import working_set


@dataclass(frozen=True, kw_only=True)
class Usage:
    """What a container had used at a moment.

    Attributes:
        time_s: when, by the engine's clock, in seconds since the epoch.
        cpu_s: the time of a processor core that it has taken since it started, in seconds.
        memory_bytes: the memory that it uses, as `docker stats` shows it.
    """

    time_s: float
    cpu_s: float
    memory_bytes: int

    def cpu_share(self, since: "Usage") -> float:
        """Return the share of one core that it took between an earlier moment and this one.

        Args:
            since: the earlier moment.

        Returns:
            1.0 for one core all the time, 2.0 for two; 0.0 when no time has passed, or when it
            was started anew in between.

        >>> start = Usage(time_s=100.0, cpu_s=2.0, memory_bytes=0)
        >>> Usage(time_s=102.0, cpu_s=2.5, memory_bytes=0).cpu_share(start)
        0.25
        """
        passed_s, taken_s = self.time_s - since.time_s, self.cpu_s - since.cpu_s
        return taken_s / passed_s if passed_s > 0 and taken_s > 0 else 0.0


def usage(stats: Mapping[str, Any]) -> Usage | None:
    """Read the engine's container statistics (Docker Engine API, ContainerStats).

    Args:
        stats: the statistics of one moment.

    Returns:
        What was used; None when the container does not run.

    >>> found = usage(
    ...     {
    ...         "read": "2026-11-25T10:00:00.250000001Z",
    ...         "cpu_stats": {"cpu_usage": {"total_usage": 1_500_000_000}},
    ...         "memory_stats": {"usage": 9000, "stats": {"inactive_file": 4000}},
    ...     }
    ... )
    >>> found.cpu_s, found.memory_bytes, found.time_s % 60
    (1.5, 5000, 0.25)
    """
    memory_bytes = working_set(stats.get("memory_stats", {}))
    if memory_bytes is None:
        return None
    # Nanoseconds are more than Python's times hold.
    read = re.sub(r"(\.\d{6})\d+", r"\1", str(stats["read"]))
    return Usage(
        time_s=datetime.fromisoformat(read).timestamp(),
        cpu_s=stats["cpu_stats"]["cpu_usage"]["total_usage"] / 1e9,
        memory_bytes=memory_bytes,
    )
