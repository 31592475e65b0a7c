"""What a container is made from, and the three requests that make it run."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from voiplab.background import in_one_piece
from voiplab.containers.archive import packed
from voiplab.containers.failure import engine_asked

if TYPE_CHECKING:
    from docker import APIClient

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True)
class Recipe:
    """A container to be. `Engine.run` says what the fields mean."""

    image: str
    name: str
    hostname: str | None
    labels: dict[str, str]
    network: str | None
    aliases: tuple[str, ...]
    files: Mapping[str, bytes | str]
    ports: Mapping[int | str, int | None]
    ports_elsewhere: Mapping[int | str, str]
    command: tuple[str, ...] | None
    environment: dict[str, str]
    cap_add: tuple[str, ...]
    devices: tuple[str, ...]
    tmpfs: dict[str, str]
    volumes: dict[str, str]
    memory_mib: int | None
    init: bool
    shares_network_with: str | None

    def start(self, api: "APIClient") -> str:
        """Create the container, put its files in, start it, and return its id.

        Whatever stops this halfway, Ctrl-C included, leaves no container behind.
        """
        with engine_asked(f"start the container {self.name}"):
            container_id: str = in_one_piece(lambda: self._create(api))
            try:
                if self.files:
                    api.put_archive(container_id, "/", packed(self.files))
                api.start(container_id)
            except BaseException:
                api.remove_container(container_id, v=True, force=True)
                raise
        return container_id

    def _create(self, api: "APIClient") -> Any:  # noqa: ANN401  (the engine's JSON)
        published = {_with_protocol(port): host_port for port, host_port in self.ports.items()}
        elsewhere = {_with_protocol(port): at for port, at in self.ports_elsewhere.items()}
        host_config = api.create_host_config(
            network_mode=self._network_mode(),
            port_bindings={
                port: (LOOPBACK,) if host_port is None else (LOOPBACK, host_port)
                for port, host_port in published.items()
            }
            | {port: (address,) for port, address in elsewhere.items()},  # type: ignore[arg-type]  # the stubs miss its union
            cap_add=list(self.cap_add),
            devices=list(self.devices),
            tmpfs=self.tmpfs,
            binds=[f"{volume}:{folder}" for folder, volume in self.volumes.items()],
            mem_limit=None if self.memory_mib is None else self.memory_mib * 1024**2,
            init=self.init,
        )
        networking = None
        if self.network is not None:
            endpoint = api.create_endpoint_config(aliases=list(self.aliases))
            networking = api.create_networking_config(
                {self.network: endpoint}  # type: ignore[arg-type]  # the stubs miss the mapping
            )
        return api.create_container(
            self.image,
            command=None if self.command is None else list(self.command),
            name=self.name,
            hostname=self.hostname,
            labels=self.labels,
            ports=[tuple(port.split("/")) for port in (*published, *elsewhere)],
            environment=self.environment,
            host_config=host_config,
            networking_config=networking,
        )["Id"]

    def _network_mode(self) -> str | None:
        if self.shares_network_with is not None:
            return f"container:{self.shares_network_with}"
        return self.network


def _with_protocol(port: int | str) -> str:
    return str(port) if "/" in str(port) else f"{port}/tcp"
