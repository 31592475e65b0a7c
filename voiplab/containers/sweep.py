"""What labs have left on the engine, and its removal: nothing without our labels is touched."""

from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from voiplab.background import side_by_side
from voiplab.containers.container import Container
from voiplab.containers.engine import Engine
from voiplab.containers.failure import CONFLICT, engine_asked
from voiplab.containers.label import LAB, OWNER, ROLE
from voiplab.containers.network import Network
from voiplab.containers.owner import Owner

ROUNDS = 5
"""A dying lab may still be creating containers while its remains are being removed."""


@dataclass(frozen=True)
class Part:
    """A container of a lab, as the engine lists it."""

    name: str
    role: str
    status: str


@dataclass(frozen=True)
class FoundLab:
    """A lab of which something is on the engine.

    Args:
        name: the lab's name.
        owners: the processes it was started by; none if it was left running on purpose.
        parts: its containers, running or not.
    """

    name: str
    owners: frozenset[Owner | None]
    parts: tuple[Part, ...]

    @property
    def orphaned(self) -> bool:
        """Whether every process that it belongs to has ended."""
        return all(owner is not None and owner.is_dead() for owner in self.owners)


@dataclass(frozen=True)
class Swept:
    """How much was removed."""

    containers: int = 0
    networks: int = 0
    volumes: int = 0
    images: int = 0

    def __bool__(self) -> bool:
        return self != Swept()


def labs(engine: Engine) -> list[FoundLab]:
    """Return the labs of which a container, a network, a volume or an image exists, by name."""
    containers, networks, volumes, images = _labelled(engine, LAB)
    found: dict[str, FoundLab] = {}
    for row in [*containers, *networks, *volumes, *images]:
        labels = row["Labels"]
        lab = found.setdefault(labels[LAB], FoundLab(labels[LAB], frozenset(), ()))
        owner = Owner.read(labels.get(OWNER, ""))
        found[lab.name] = lab = replace(lab, owners=lab.owners | {owner})
        if "Names" in row:
            part = Part(row["Names"][0].lstrip("/"), labels.get(ROLE, ""), row["State"])
            found[lab.name] = replace(lab, parts=(*lab.parts, part))
    return [found[name] for name in sorted(found)]


def orphans(engine: Engine) -> list[FoundLab]:
    """Return the labs whose owner, a process of this machine, has ended."""
    return [lab for lab in labs(engine) if lab.orphaned]


def sweep(engine: Engine, lab: str) -> Swept:
    """Remove every container, network, volume and image labelled with exactly this lab.

    Removing them twice at the same time does no harm. An image that another lab uses stays.

    Raises:
        EngineError: if something can't be removed.
    """
    swept = Swept()
    for _ in range(ROUNDS):
        containers, networks, volumes, images = _labelled(engine, f"{LAB}={lab}")
        if not (containers or networks or volumes or images):
            break
        for remove, rows in (
            (_remove_container, containers),
            (_remove_network, networks),
            (_remove_volume, volumes),
        ):
            side_by_side(partial(remove, engine), rows)
        # The newest first: an image that another one was made from can't go before that.
        newest_first = sorted(images, key=lambda row: -int(row["Created"]))
        unused = [_remove_image(engine, row) for row in newest_first]
        swept = Swept(
            swept.containers + len(containers),
            swept.networks + len(networks),
            swept.volumes + len(volumes),
            swept.images + sum(unused),
        )
    return swept


_Rows = list[dict[str, Any]]


def _labelled(engine: Engine, label: str) -> tuple[_Rows, _Rows, _Rows, _Rows]:
    """List the containers, networks, volumes and images with a label, `key` or `key=value`."""
    wanted = {"label": [label]}
    with engine_asked("list what labs have left"):
        containers = engine.api.containers(all=True, filters=wanted)
        networks = engine.api.networks(filters=wanted)
        volumes = engine.api.volumes(filters=wanted)["Volumes"] or []
        images = engine.api.images(filters=wanted)
    return containers, networks, volumes, images


def _remove_container(engine: Engine, row: dict[str, Any]) -> None:
    Container(engine.api, row["Id"], name=row["Names"][0].lstrip("/")).remove()


def _remove_network(engine: Engine, row: dict[str, Any]) -> None:
    Network(engine.api, row["Id"], name=row["Name"]).remove()


def _remove_volume(engine: Engine, row: dict[str, Any]) -> None:
    from docker.errors import NotFound  # noqa: PLC0415

    with engine_asked(f"remove the volume {row['Name']}"):
        try:
            engine.api.remove_volume(row["Name"], force=True)
        except NotFound:
            return


def _remove_image(engine: Engine, row: dict[str, Any]) -> bool:
    """Remove an image, unless it is in use; return whether it was there and is gone."""
    from docker.errors import APIError, ImageNotFound  # noqa: PLC0415

    with engine_asked(f"remove the image {row['Id']}"):
        try:
            engine.api.remove_image(row["Id"], force=True)
        except ImageNotFound:
            return False
        except APIError as error:
            if error.status_code != CONFLICT:
                raise
            return False
    return True
