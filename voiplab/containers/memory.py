"""How much memory a container really uses."""

from collections.abc import Mapping
from typing import Any


def working_set(memory_stats: Mapping[str, Any]) -> int | None:
    """Return the bytes in use without the page cache that the kernel would give back.

    The same sum as the docker command's `stats`: usage less inactive file pages, which cgroup v1
    calls `total_inactive_file` and cgroup v2 `inactive_file`.

    Args:
        memory_stats: `memory_stats` of the engine's container statistics; empty when it is
            stopped, and the result None then.

    >>> working_set({"usage": 9000, "stats": {"inactive_file": 4000}})
    5000
    """
    usage = memory_stats.get("usage")
    if usage is None:
        return None
    stats = memory_stats.get("stats") or {}
    inactive = stats.get("total_inactive_file", stats.get("inactive_file", 0))
    return int(usage - inactive if inactive < usage else usage)
