"""What Asterisk 22 knows: its objects in pjsip.conf with their options, applications, codecs.

Written by Asterisk itself: extracted from its own documentation and its command line, and kept in
`reference.json` with its version. `setup/asterisk_reference.py` writes it anew.
"""

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

DOCUMENTATION = "/usr/share/asterisk/documentation/core-en_US.xml"
"""Where Asterisk's documentation is in its container."""

COMMANDS = ("core show version", "core show codecs", "core show applications")
"""What Asterisk is asked besides."""

_INTERNAL = {"contact", "subscription_persistence"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """What a version of Asterisk knows.

    Attributes:
        version: for example ``22.10.1``.
        objects: the options of each type of object in pjsip.conf, with their defaults; None where
            the documentation names none.
        applications: the modules, of which any has it, of each application of the dial plan.
        codecs: the names that `allow` and `disallow` take.
    """

    version: str
    objects: Mapping[str, Mapping[str, str | None]]
    applications: Mapping[str, tuple[str, ...]]
    codecs: frozenset[str]


@cache
def reference() -> Reference:
    """What the lab's Asterisk knows.

    >>> reference().objects["aor"]["max_contacts"]
    '0'
    """
    text = (files(__package__) / "reference.json").read_text(encoding="utf-8")
    known = json.loads(text)
    return Reference(
        version=known["version"],
        objects=known["objects"],
        applications={name: tuple(modules) for name, modules in known["applications"].items()},
        codecs=frozenset(known["codecs"]),
    )


def extract(documentation: bytes, answers: Mapping[str, str]) -> dict[str, Any]:
    """What `reference.json` is to hold.

    Args:
        documentation: the content of `DOCUMENTATION`.
        answers: what Asterisk's command line says to each of `COMMANDS`.
    """
    root = ET.fromstring(documentation)  # noqa: S314 - from the image that we built
    version = re.search(r"\d+(?:\.\d+)+", answers["core show version"])
    objects = {
        kind.get("name", ""): {
            option.get("name", ""): option.get("default") for option in kind.iter("configOption")
        }
        for file in root.iter("configFile")
        if file.get("name") == "pjsip.conf"
        for kind in file.iter("configObject")
        if kind.get("name") not in _INTERNAL
    }
    applications: dict[str, set[str]] = {
        name: set()
        for name in re.findall(r"^ *(\w+): ", answers["core show applications"], re.MULTILINE)
    }
    for each in root.iter("application"):
        applications.setdefault(each.get("name", ""), set()).add(each.get("module", ""))
    codecs = re.findall(r"^ +\d+ \w+ +\w+ +(\w+)", answers["core show codecs"], re.MULTILINE)
    return {
        "version": version[0] if version else "",
        "objects": {kind: dict(sorted(objects[kind].items())) for kind in sorted(objects)},
        "applications": {name: sorted(applications[name]) for name in sorted(applications)},
        "codecs": sorted(set(codecs)),
    }
