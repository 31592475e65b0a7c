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

PROBE_TIMEOUT_S = 5


@dataclass(frozen=True)
class Endpoint:
    """One address at which an engine may listen.

    Args:
        url: `unix:///run/docker.sock`, `tcp://host:2376`, `npipe:////./pipe/docker_engine` …
        tls: the certificates for it, if it wants any.
    """

    url: str
    tls: "TLSConfig | None" = None

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
            return APIClient(
                base_url=self.url,
                version="auto",
                timeout=TIMEOUT_S,
                tls=self.tls or False,
                max_pool_size=CONNECTIONS,
            )
        except DockerException as error:
            raise EngineError(_trouble(self.url, str(error))) from error


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
    tried: list[str] = []
    refused: EngineError | None = None
    for endpoint in [Endpoint(url)] if url else list(_usual_endpoints()):
        try:
            return endpoint, endpoint.connect()
        except NobodyListens:
            tried.append(endpoint.url)
        except EngineError as error:
            refused = refused or error
    raise refused or EngineError(
        f"No container engine runs: nobody listens at {', '.join(tried)}. "
        "Run `make setup` (Debian, Ubuntu) or start Docker Desktop (macOS, Windows)."
    )


def _usual_endpoints() -> Iterator[Endpoint]:
    """The endpoint that the user chose, else those at which engines listen by default."""
    from docker.context import ContextAPI  # noqa: PLC0415
    from docker.errors import DockerException  # noqa: PLC0415
    from docker.utils import kwargs_from_env  # noqa: PLC0415

    try:
        if os.environ.get("DOCKER_HOST"):
            chosen = kwargs_from_env()
            yield Endpoint(chosen["base_url"], chosen.get("tls"))
            return
        name = os.environ.get("DOCKER_CONTEXT")
        context = ContextAPI.get_context(name)
    except DockerException as error:
        raise EngineError(
            _trouble(os.environ.get("DOCKER_HOST", "its context"), str(error))
        ) from error
    if context is None:
        raise EngineError(
            f"There is no Docker context {name or 'of the name in ~/.docker/config.json'}: "
            "`docker context ls` shows those there are."
        )
    if context.name != "default":
        yield Endpoint(context.Host or "", context.TLSConfig)
        return
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
        probe.settimeout(PROBE_TIMEOUT_S)
        try:
            probe.connect(str(path))
        except (FileNotFoundError, ConnectionRefusedError) as error:
            raise NobodyListens(f"Nobody listens at {path}.") from error
        except PermissionError as error:
            raise EngineError(_no_permission(path)) from error
        except OSError as error:
            raise EngineError(_trouble(f"unix://{path}", str(error))) from error


def _no_permission(path: Path) -> str:
    import getpass  # noqa: PLC0415
    import grp  # noqa: PLC0415  (not on Windows)

    user = getpass.getuser()
    try:
        group = grp.getgrgid(path.stat().st_gid)
    except (OSError, KeyError):
        return f"You ({user}) may not use the engine's socket {path}: ask who runs the engine."
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
    if "ssl" in words or "tls" in words or "certificate" in words:
        return (
            f"The engine at {url} and this machine don't agree on TLS ({said}): "
            "see DOCKER_TLS_VERIFY and DOCKER_CERT_PATH."
        )
    return (
        f"The container engine at {url} can't be used ({said}): see DOCKER_HOST, "
        "and `docker context ls`."
    )
