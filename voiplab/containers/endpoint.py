"""Where the container engine listens, and why nobody answers there."""

import os
import socket
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from voiplab.errors import EngineError

if TYPE_CHECKING:
    from docker import APIClient
    from docker.tls import TLSConfig

CONNECTIONS = 64
"""Connections kept open: a lab starts its containers from as many threads as it has phones."""

TIMEOUT_S = 60
"""Longest silence of the engine in the middle of an answer."""

CONNECT_TIMEOUT_S = 10


@dataclass(frozen=True)
class Endpoint:
    """One address at which an engine may listen.

    Args:
        url: `unix:///run/docker.sock`, `tcp://host:2376`, `npipe:////./pipe/docker_engine` …
        tls: the certificates for it, if it wants any.
        chosen_by: what names it, if the user set that: `DOCKER_HOST`, or a context.
    """

    url: str
    tls: "TLSConfig | None" = None
    chosen_by: str = ""

    def __str__(self) -> str:
        return f"{self.url} (from {self.chosen_by})" if self.chosen_by else self.url

    @property
    def socket_path(self) -> Path | None:
        """The Unix socket's path, or None for another kind of address."""
        scheme, _, path = self.url.partition("://")
        return Path(path) if scheme in ("unix", "http+unix") else None

    def connect(self) -> "APIClient":
        """Return a client whose engine has answered.

        Raises:
            EngineError: that says why none did.
        """
        from docker import APIClient  # noqa: PLC0415  (0.13 s)
        from docker.errors import DockerException  # noqa: PLC0415

        if self.socket_path is not None:
            _knock(self.socket_path)
        try:
            api = APIClient(
                base_url=self.url,
                version="auto",
                timeout=CONNECT_TIMEOUT_S,
                tls=self.tls or False,
                max_pool_size=CONNECTIONS,
            )
        except (DockerException, ValueError) as error:
            if "refused" in str(error):
                raise NobodyListens(f"Nobody listens at {self}.") from error
            raise EngineError(_trouble(str(self), str(error))) from error
        api.timeout = TIMEOUT_S
        return api


class NobodyListens(EngineError):
    """There is no socket at an address, or nobody listens behind it."""


def first_that_answers(url: str | None = None) -> "tuple[Endpoint, APIClient]":
    """Return the wanted endpoint, or the first of the usual ones, that answers.

    Args:
        url: the address to try; without it `DOCKER_HOST`, then the current Docker context, then
            the sockets of Docker, of Docker Desktop and of Podman are tried.

    Raises:
        EngineError: that says in one sentence why none answers.
    """
    chosen = Endpoint(url) if url else _chosen_endpoint()
    tried: list[str] = []
    refused: EngineError | None = None
    for endpoint in [chosen] if chosen else _usual_endpoints():
        try:
            return endpoint, endpoint.connect()
        except NobodyListens:
            tried.append(str(endpoint))
        except EngineError as error:
            refused = refused or error
    raise refused or EngineError(
        f"No container engine runs: nobody listens at {', '.join(tried)}. "
        "Run `make setup` (Debian, Ubuntu) or start Docker Desktop (macOS, Windows)."
    )


def _chosen_endpoint() -> Endpoint | None:
    """The endpoint that the user's environment or current Docker context names."""
    from docker.context import ContextAPI  # noqa: PLC0415  (0.13 s)
    from docker.errors import DockerException  # noqa: PLC0415
    from docker.utils import kwargs_from_env  # noqa: PLC0415

    if os.environ.get("DOCKER_HOST"):
        try:
            chosen = kwargs_from_env()
        except DockerException as error:
            raise EngineError(_trouble(os.environ["DOCKER_HOST"], str(error))) from error
        return Endpoint(chosen["base_url"], chosen.get("tls"), "DOCKER_HOST")
    context = ContextAPI.get_context(os.environ.get("DOCKER_CONTEXT"))
    if context is None:
        raise EngineError(
            "The current Docker context does not exist: `docker context ls` shows those that do, "
            "`docker context use default` goes back to this machine's engine."
        )
    if context.name == "default":
        return None
    return Endpoint(context.Host or "", context.TLSConfig, f"the Docker context {context.name}")


def _usual_endpoints() -> Iterator[Endpoint]:
    """The addresses at which Docker, Docker Desktop and Podman listen by default."""
    if sys.platform == "win32":
        yield Endpoint("npipe:////./pipe/docker_engine")
        return
    runtime = Path(os.environ.get("XDG_RUNTIME_DIR", f"/run/user/{os.getuid()}"))
    for path in (
        Path("/var/run/docker.sock"),
        Path.home() / ".docker/run/docker.sock",
        Path.home() / ".docker/desktop/docker.sock",
        runtime / "docker.sock",
        runtime / "podman/podman.sock",
        Path("/run/podman/podman.sock"),
    ):
        yield Endpoint(f"unix://{path}")


def _knock(path: Path) -> None:
    """Connect to a Unix socket once, for the operating system's own word on what is wrong."""
    with socket.socket(socket.AF_UNIX) as probe:
        probe.settimeout(CONNECT_TIMEOUT_S)
        try:
            probe.connect(str(path))
        except (FileNotFoundError, ConnectionRefusedError) as error:
            raise NobodyListens(f"Nobody listens at {path}.") from error
        except PermissionError as error:
            raise EngineError(_no_permission(path)) from error
        except OSError as error:
            raise EngineError(_trouble(f"unix://{path}", str(error))) from error


def _no_permission(path: Path) -> str:
    import grp  # noqa: PLC0415  (not on Windows)
    import pwd  # noqa: PLC0415

    try:
        user = pwd.getpwuid(os.getuid()).pw_name
        group = grp.getgrgid(path.stat().st_gid)
    except (OSError, KeyError):
        return f"You may not use the engine's socket {path}: ask who administers this machine."
    if group.gr_gid == 0:
        return f"Only root may use the engine's socket {path}: run this as root, or with sudo."
    if user in group.gr_mem:
        return (
            f"You ({user}) are in the group {group.gr_name}, but this session began before that: "
            f"log out and in again to use the engine's socket {path}."
        )
    return (
        f"You ({user}) may not use the engine's socket {path}: join its group with "
        f"`sudo usermod -aG {group.gr_name} {user}`, then log out and in again."
    )


def _trouble(url: str, said: str) -> str:
    words = said.lower()
    said = said.splitlines()[0]
    if "ssl" in words or "tls" in words or "certificate" in words:
        return (
            f"The engine at {url} and this machine don't agree on TLS ({said}): "
            "see DOCKER_TLS_VERIFY and DOCKER_CERT_PATH."
        )
    return (
        f"The container engine at {url} can't be used ({said}): see DOCKER_HOST, "
        "and `docker context ls`."
    )
