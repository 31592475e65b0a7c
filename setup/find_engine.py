"""Print the address of the container engine that answers.

Exit status: 0 with the address on standard output; 3 when an engine is there and this user may
not speak to it; 1 when none answers. The reasons go to standard error.
"""

import os
import sys
from pathlib import Path

import docker
from docker.errors import DockerException

ANSWER_TIMEOUT_S = 10
NONE_ANSWERS, FORBIDDEN = 1, 3


def addresses() -> list[str]:
    """Where to look: DOCKER_HOST alone if it is set, else the sockets of Docker's own kinds."""
    if given := os.environ.get("DOCKER_HOST"):
        return [given]
    sockets = [Path("/var/run/docker.sock")]
    if runtime := os.environ.get("XDG_RUNTIME_DIR"):
        sockets.append(Path(runtime, "docker.sock"))
    sockets.append(Path.home() / ".docker/run/docker.sock")
    return [f"unix://{socket}" for socket in sockets]


def forbidden(address: str) -> bool:
    """Whether there is a socket at the address that this user may not write to."""
    if not address.startswith("unix://"):
        return False
    socket = address.removeprefix("unix://")
    return Path(socket).exists() and not os.access(socket, os.R_OK | os.W_OK)


def ask(address: str) -> None:
    """Have the engine say its version.

    Raises:
        DockerException: nothing answers there.
    """
    environment = {**os.environ, "DOCKER_HOST": address}
    docker.from_env(environment=environment, timeout=ANSWER_TIMEOUT_S).version()


def main() -> int:
    status = NONE_ANSWERS
    for address in addresses():
        if forbidden(address):
            status = FORBIDDEN
            print(f"{address}: no permission", file=sys.stderr)
            continue
        try:
            ask(address)
        except (DockerException, OSError) as error:
            print(f"{address}: {error}", file=sys.stderr)
        else:
            print(address)
            return 0
    return status


if __name__ == "__main__":
    sys.exit(main())
