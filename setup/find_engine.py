"""Print the address of the container engine that voiplab will use.

Exit status: 0 with the address on standard output; otherwise the reason on standard error, and
1 when nobody listens, 2 when an engine is there and of no use, 3 when this user may not use
Docker's socket.
"""

import os
import sys
from pathlib import Path

from voiplab.containers import Engine
from voiplab.errors import EngineError

NOBODY_LISTENS, OF_NO_USE, NO_PERMISSION = 1, 2, 3
DOCKER_SOCKET = Path("/var/run/docker.sock")


def status(error: EngineError) -> int:
    """What an engine's silence means for the set-up."""
    if error.__cause__ is None:
        return NOBODY_LISTENS
    if not isinstance(error.__cause__, PermissionError) or os.environ.get("DOCKER_HOST"):
        return OF_NO_USE
    # Another engine's socket, closed to this user, leaves Docker's to be installed.
    return NO_PERMISSION if DOCKER_SOCKET.exists() else NOBODY_LISTENS


def main() -> int:
    """Ask the engine."""
    try:
        engine = Engine.connect()
    except EngineError as error:
        sys.stderr.write(f"{error}\n")
        return status(error)
    sys.stdout.write(f"{engine.url}\n")
    engine.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
