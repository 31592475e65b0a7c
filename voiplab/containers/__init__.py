"""Containers: the engine, what runs on it for a lab, and its removal.

The only package that speaks to Docker, or to Podman behind its Docker-compatible socket.
"""

from voiplab.containers.archive import Private
from voiplab.containers.base_image import make_base_image
from voiplab.containers.build import build_images, image, missing_images
from voiplab.containers.command import Completed
from voiplab.containers.container import Container
from voiplab.containers.engine import Engine
from voiplab.containers.label import LAB, OWNER, ROLE, lab_labels
from voiplab.containers.network import Network
from voiplab.containers.owner import Owner
from voiplab.containers.recipe import LOOPBACK
from voiplab.containers.sweep import FoundLab, Part, Swept, labs, orphans, sweep
from voiplab.containers.wait import wait_until

__all__ = [
    "LAB",
    "LOOPBACK",
    "OWNER",
    "ROLE",
    "Completed",
    "Container",
    "Engine",
    "FoundLab",
    "Network",
    "Owner",
    "Part",
    "Private",
    "Swept",
    "build_images",
    "image",
    "lab_labels",
    "labs",
    "make_base_image",
    "missing_images",
    "orphans",
    "sweep",
    "wait_until",
]
