"""Whose a lab is: the process that started it, told apart from a later one with the same pid."""

import os
import socket
from dataclasses import dataclass
from pathlib import Path

DETACHED = "detached"
"""What the owner label of a lab says that was left running with no process behind it."""

UNKNOWN = "unknown"
"""The start of a process that is there but hidden from this user."""


@dataclass(frozen=True)
class Owner:
    """A process that has labs up.

    Args:
        host: the name of the machine that it runs on.
        pid: its process id there.
        started: when it started, in a unit of the host's own: pids are used again, and a later
            process must not be taken for the owner.

    >>> Owner.read(str(Owner.this_process())).is_dead()
    False
    """

    host: str
    pid: int
    started: str

    @classmethod
    def this_process(cls) -> "Owner":
        """Return the process that runs this line."""
        return cls(socket.gethostname(), os.getpid(), _started(os.getpid()) or UNKNOWN)

    @classmethod
    def read(cls, label: str) -> "Owner | None":
        """Read an owner label; None is nobody, for a detached lab or a label of another make.

        >>> Owner.read("front-desk:4711:812345")
        Owner(host='front-desk', pid=4711, started='812345')
        >>> Owner.read("detached") is None
        True
        """
        host, _, rest = label.partition(":")
        pid, _, started = rest.partition(":")
        if not (host and started and pid.isdecimal()):
            return None
        return cls(host, int(pid), started)

    def __str__(self) -> str:
        return f"{self.host}:{self.pid}:{self.started}"

    def is_dead(self) -> bool:
        """Tell whether the process is known to have ended.

        Another host's process, or one that may not be looked at, counts as alive.
        """
        if self.host != socket.gethostname():
            return False
        return _started(self.pid) not in (self.started, UNKNOWN)


def _started(pid: int) -> str | None:
    """When a process started; None when there is none, or only its unreaped remains."""
    import psutil  # noqa: PLC0415  (35 ms that `import voiplab` need not pay)

    try:
        process = psutil.Process(pid)
        if process.status() == psutil.STATUS_ZOMBIE:
            return None
        return _ticks_since_boot(pid) if psutil.LINUX else str(process.create_time())
    except psutil.AccessDenied:
        return UNKNOWN
    except (psutil.NoSuchProcess, FileNotFoundError, ProcessLookupError):
        return UNKNOWN if psutil.pid_exists(pid) else None


def _ticks_since_boot(pid: int) -> str:
    """Field 22 of /proc/PID/stat (proc(5)), which a clock set anew doesn't change."""
    after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return after_name[22 - 3]
