"""The network that the containers of one lab share."""

from typing import TYPE_CHECKING

from voiplab.containers.failure import engine_asked

if TYPE_CHECKING:
    from docker import APIClient


class Network:
    """A network on the engine, made by `Engine.create_network`."""

    def __init__(self, api: "APIClient", id: str, *, name: str) -> None:  # noqa: A002  (the engine's word)
        self._api = api
        self.id = id
        self.name = name

    def __repr__(self) -> str:
        return f"Network({self.name!r})"

    def remove(self) -> None:
        """Remove the network; nothing happens if it is gone.

        Raises:
            EngineError: if a container still uses it.
        """
        from docker.errors import NotFound  # noqa: PLC0415

        with engine_asked(f"remove the network {self.name}"):
            try:
                self._api.remove_network(self.id)
            except NotFound:
                return
