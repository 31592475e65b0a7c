"""The container engine: Docker, or Podman behind its Docker-compatible socket."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from voiplab.background import in_one_piece
from voiplab.containers.container import Container
from voiplab.containers.endpoint import first_that_answers
from voiplab.containers.failure import engine_asked
from voiplab.containers.network import Network
from voiplab.containers.recipe import Recipe

if TYPE_CHECKING:
    from docker import APIClient


class Engine:
    """A container engine that has answered. It may be used from several threads at once.

    Args:
        api: the connected client; the rest of this package speaks through it.
        url: where the engine listens.
    """

    def __init__(self, api: "APIClient", url: str) -> None:
        self.api = api
        self.url = url

    @classmethod
    def connect(cls, url: str | None = None) -> "Engine":
        """Connect to the engine.

        Args:
            url: its address; without it `DOCKER_HOST`, the current Docker context, and the
                usual sockets of Docker and Podman are tried, in this order.

        Raises:
            EngineError: if none answers, with the reason and the remedy in one sentence.
        """
        endpoint, api = first_that_answers(url)
        return cls(api, endpoint.url)

    def __repr__(self) -> str:
        return f"Engine({self.url!r})"

    def describe(self) -> str:
        """Return the engine's name and versions: `Docker 20.10.24 (API 1.41)`."""
        with engine_asked("tell its version"):
            version = self.api.version()
        components = [part.get("Name", "") for part in version.get("Components", [])]
        name = "Podman" if any("Podman" in part for part in components) else "Docker"
        return f"{name} {version['Version']} (API {self.api.api_version})"

    def close(self) -> None:
        """Close the connections to the engine; what runs there goes on."""
        self.api.close()

    def has_image(self, reference: str) -> bool:
        """Tell whether the engine holds an image of that tag or id."""
        from docker.errors import ImageNotFound  # noqa: PLC0415  (0.13 s)

        with engine_asked(f"look for the image {reference}"):
            try:
                self.api.inspect_image(reference)  # type: ignore[no-untyped-call]
            except ImageNotFound:
                return False
        return True

    def run(  # noqa: PLR0913  (a container has that many sides; all are named by the caller)
        self,
        *,
        image: str,
        name: str,
        labels: Mapping[str, str],
        hostname: str | None = None,
        network: Network | None = None,
        aliases: Iterable[str] = (),
        files: Mapping[str, bytes | str] | None = None,
        ports: Iterable[int | str] | Mapping[int | str, int | None] = (),
        ports_elsewhere: Mapping[int | str, str] | None = None,
        command: Iterable[str] | None = None,
        environment: Mapping[str, str] | None = None,
        cap_add: Iterable[str] = (),
        devices: Iterable[str] = (),
        tmpfs: Mapping[str, str] | None = None,
        volumes: Mapping[str, str] | None = None,
        memory_mib: int | None = None,
        init: bool = True,
        shares_network_with: Container | None = None,
    ) -> Container:
        """Create a container, put its files in, start it, and return it running.

        Args:
            image: the image's tag or id.
            name: the container's name, unique on the engine.
            labels: see `voiplab.containers.lab_labels`.
            hostname: what it calls itself; without it, the beginning of its id.
            network: the network to join; without it, the engine's default one.
            aliases: further host names of the container in that network.
            files: content by absolute path, there before the first process starts. Not below a
                `tmpfs`, which is empty at the start.
            ports: what to publish on 127.0.0.1: `5038` or `"10000/udp"`, at a host port that the
                engine chooses; or a mapping to the host port that it must be.
            ports_elsewhere: what to publish, at ports that the engine chooses, on other addresses
                of the engine's machine, by port: whoever reaches that address reaches the port.
            command: what to run instead of the image's own command.
            environment: environment variables.
            cap_add: kernel capabilities to add, such as `NET_ADMIN` (capabilities(7)).
            devices: the host's devices to give it, such as `/dev/net/tun`.
            tmpfs: mount options by folder to keep in memory: `{"/captures": "size=64m"}`.
            volumes: the engine's volumes by folder, made at first use: what is in them outlives
                the container.
            memory_mib: the memory it may use, in MiB; without it, as much as there is.
            init: have a small init process reap children and pass signals on.
            shares_network_with: the container whose network it lives in, for a sidecar.

        Raises:
            ImageMissing: if the image has not been built.
            PortTaken: if a host port that was asked for is in use.
            EngineError: if the engine refuses for another reason.
        """
        recipe = Recipe(
            image=image,
            name=name,
            hostname=hostname,
            labels=dict(labels),
            network=None if network is None else network.name,
            aliases=tuple(aliases),
            files=dict(files or {}),
            ports=dict(ports) if isinstance(ports, Mapping) else dict.fromkeys(ports),
            ports_elsewhere=dict(ports_elsewhere or {}),
            command=None if command is None else tuple(command),
            environment=dict(environment or {}),
            cap_add=tuple(cap_add),
            devices=tuple(devices),
            tmpfs=dict(tmpfs or {}),
            volumes=dict(volumes or {}),
            memory_mib=memory_mib,
            init=init,
            shares_network_with=None if shares_network_with is None else shares_network_with.id,
        )
        return Container(self.api, recipe.start(self.api), name=name, tmpfs=tuple(recipe.tmpfs))

    def container(self, name: str) -> Container:
        """Return a container that exists, by name or id.

        Raises:
            LabStopped: if there is none.
        """
        with engine_asked(f"find the container {name}"):
            found = self.api.inspect_container(name)
        return Container(
            self.api,
            found["Id"],
            name=found["Name"].lstrip("/"),
            tmpfs=tuple(found["HostConfig"].get("Tmpfs") or ()),
        )

    def containers(self, labels: Mapping[str, str]) -> list[Container]:
        """Return the containers, running or not, that carry all of the labels."""
        wanted = [f"{key}={value}" for key, value in labels.items()]
        with engine_asked("list containers"):
            found = self.api.containers(all=True, filters={"label": wanted})
        return [self.container(row["Id"]) for row in found]

    def network(self, name: str) -> Network:
        """Return a network that exists.

        Raises:
            EngineError: if there is none.
        """
        with engine_asked(f"find the network {name}"):
            found = self.api.inspect_network(name)
        return Network(self.api, found["Id"], name=name)

    def create_volume(self, name: str, labels: Mapping[str, str]) -> None:
        """Create a volume; nothing happens when it is there."""
        with engine_asked(f"create the volume {name}"):
            in_one_piece(lambda: self.api.create_volume(name, labels=dict(labels)))

    def create_network(self, name: str, labels: Mapping[str, str]) -> Network:
        """Create a bridge network whose containers reach one another by name.

        It is not an internal one: the engine publishes no port from such a network.

        Raises:
            EngineError: if the name is taken, or no address range is left.
        """
        with engine_asked(f"create the network {name}"):
            made = in_one_piece(
                lambda: self.api.create_network(
                    name, driver="bridge", check_duplicate=True, labels=dict(labels)
                )
            )
        return Network(self.api, made["Id"], name=name)
