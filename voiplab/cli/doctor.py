"""``voiplab doctor``: what is wrong with this machine, and how to mend it."""

import importlib.metadata
import platform
import shutil
import socket
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass

import typer

from voiplab.cli.output import AsJson, print_json, print_table, say
from voiplab.containers import Engine, missing_images, orphans
from voiplab.errors import VoipLabError
from voiplab.lab.runs import runs_folder

_PYTHON_AT_LEAST = (3, 11)
_ROOM_GIB = 2.0
_JUPYTER_PORT = 8888
_PACKAGES = (
    "jupyterlab",
    "ipywidgets",
    "ipykernel",
    "pandas",
    "matplotlib",
    "docker",
    "panoramisk",
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at.

    Attributes:
        name: what.
        ok: whether it is as it should be.
        found: what it is.
        remedy: what to do when it is not; "" when it is.
    """

    name: str
    ok: bool
    found: str
    remedy: str = ""


def doctor(*, as_json: AsJson = False) -> None:
    """Look at engine, images, ports, versions and room, and say how to mend what is wrong."""
    findings = list(_examine())
    well = all(finding.ok for finding in findings)
    if as_json:
        print_json({"ok": well, "checks": [asdict(finding) for finding in findings]})
    else:
        print_table(
            ("", "what", "found"),
            [("✓" if each.ok else "✗", each.name, each.found) for each in findings],
        )
        for each in findings:
            if each.remedy:
                say(f"{each.name}: {each.remedy}")
        say("All is well." if well else "Mend what is marked ✗, then run voiplab doctor again.")
    if not well:
        raise typer.Exit(1)


def _examine() -> Iterator[Finding]:
    yield _python()
    yield from _packages()
    try:
        engine = Engine.connect()
    except VoipLabError as error:
        yield Finding("engine", ok=False, found="none answers", remedy=str(error))
    else:
        yield Finding("engine", ok=True, found=engine.describe())
        yield _guarded("images", lambda: _images(engine))
        yield _guarded("orphaned labs", lambda: _orphans(engine))
    yield _room()
    yield _port()


def _guarded(name: str, examine: Callable[[], Finding]) -> Finding:
    try:
        return examine()
    except VoipLabError as error:
        return Finding(name, ok=False, found="can't tell", remedy=str(error))


def _python() -> Finding:
    ok = sys.version_info[:2] >= _PYTHON_AT_LEAST
    remedy = "" if ok else "install Python 3.11 or newer, then run make setup"
    return Finding("Python", ok=ok, found=platform.python_version(), remedy=remedy)


def _packages() -> Iterator[Finding]:
    for package in _PACKAGES:
        try:
            version = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            yield Finding(package, ok=False, found="not installed", remedy="run make setup")
            continue
        wrong = package == "ipykernel" and version.split(".")[0] != "6"
        remedy = "version 7 loses widget messages: run make setup" if wrong else ""
        yield Finding(package, ok=not wrong, found=version, remedy=remedy)


def _images(engine: Engine) -> Finding:
    missing = missing_images(engine)
    if missing:
        return Finding(
            "images", ok=False, found=f"missing: {', '.join(missing)}", remedy="run make images"
        )
    return Finding("images", ok=True, found="all built")


def _orphans(engine: Engine) -> Finding:
    left = [lab.name for lab in orphans(engine)]
    if left:
        return Finding("orphaned labs", ok=False, found=", ".join(left), remedy="run voiplab clean")
    return Finding("orphaned labs", ok=True, found="none")


def _room() -> Finding:
    folder = runs_folder()
    while not folder.exists():
        folder = folder.parent
    free_gib = shutil.disk_usage(folder).free / 2**30
    ok = free_gib >= _ROOM_GIB
    remedy = "" if ok else f"make room in {folder}, or set VOIPLAB_RUNS to another disk's folder"
    return Finding("room for evidence", ok=ok, found=f"{free_gib:.0f} GiB free", remedy=remedy)


def _port() -> Finding:
    with socket.socket() as probe:
        taken = probe.connect_ex(("127.0.0.1", _JUPYTER_PORT)) == 0
    # JupyterLab takes the next free port by itself, so this is never wrong.
    found = f"{_JUPYTER_PORT} in use: JupyterLab takes the next one" if taken else "8888 free"
    return Finding("port for JupyterLab", ok=True, found=found)
