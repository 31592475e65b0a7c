"""The set-up: what it says, what it repairs, and what it must not touch."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SCRIPTS = sorted(ROOT.glob("setup/*.sh"))

# What a set-up that changes the machine would call.
CHANGERS = ("apt-get", "dockerd", "dpkg", "rm", "sudo", "systemctl", "usermod")

BUILD_BACKEND = """
import pathlib, zipfile

def build_editable(wheel_directory, config_settings=None, metadata_directory=None):
    name = "tiny-1-py3-none-any.whl"
    with zipfile.ZipFile(pathlib.Path(wheel_directory, name), "w") as wheel:
        info = "tiny-1.dist-info/"
        wheel.writestr(info + "METADATA", "Metadata-Version: 2.1\\nName: tiny\\nVersion: 1\\n")
        wheel.writestr(info + "WHEEL", "Wheel-Version: 1.0\\nGenerator: t\\nTag: py3-none-any\\n")
        wheel.writestr(info + "RECORD", "")
    return name
"""


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A folder with the set-up's own files and nothing else."""
    shutil.copytree(ROOT / "setup", tmp_path / "setup")
    shutil.copy(ROOT / "Makefile", tmp_path)
    return tmp_path


def executable(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)


def use_this_python(folder: Path) -> None:
    """Stand in for a finished environment: the tests' own."""
    executable(folder / ".venv/bin/python", f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')


def watch_changers(folder: Path) -> Path:
    """Put commands that only note their being called before the real ones."""
    calls = folder / "calls"
    for name in CHANGERS:
        executable(folder / "bin" / name, f'#!/bin/sh\necho "{name} $*" >>"{calls}"\n')
    return calls


def run(folder: Path, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    inherited = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("DOCKER_", "ENGINE", "MAKE", "MFLAGS", "PYTHON", "VOIPLAB_"))
    }
    return subprocess.run(
        command,
        cwd=folder,
        env=inherited | {"PATH": f"{folder / 'bin'}:{os.environ['PATH']}"} | environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def test_scripts_pass_shellcheck() -> None:
    shellcheck = Path(sys.executable).with_name("shellcheck")
    checked = run(ROOT, str(shellcheck), *map(str, SCRIPTS), str(ROOT / ".ci/run"))
    assert checked.returncode == 0, checked.stdout


def test_help_lists_every_target() -> None:
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    shown = run(ROOT, "make", "help").stdout
    assert re.findall(r"^make ([a-z]+) +\S", shown, re.MULTILINE) == targets
    assert {"help", "setup", "lab", "test", "check", "bench", "images", "clean"} <= set(targets)


def test_make_alone_shows_the_help() -> None:
    assert run(ROOT, "make").stdout == run(ROOT, "make", "help").stdout


def test_ci_calls_make_test(tmp_path: Path) -> None:
    executable(tmp_path / "bin/make", "#!/bin/sh\npwd\necho make $*\n")
    called = run(tmp_path, str(ROOT / ".ci/run"))
    assert called.stdout.splitlines() == [str(ROOT), "make test"]
    assert called.returncode == 0


def test_a_half_made_environment_is_made_anew_and_a_whole_one_left_alone(copy: Path) -> None:
    (copy / "requirements.lock").write_text("# empty\n")
    (copy / "backend.py").write_text(BUILD_BACKEND)
    (copy / "pyproject.toml").write_text(
        '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'
        '[project]\nname = "tiny"\nversion = "1"\n'
    )
    executable(copy / ".venv/bin/python", "#!/bin/sh\nexit 1\n")

    repaired = run(copy, "setup/environment.sh", PYTHON=sys.executable)
    assert repaired.returncode == 0, repaired.stderr
    assert ".venv is unfinished or no longer fits: making it anew" in repaired.stdout
    assert list(copy.glob(".venv/lib/*/site-packages/tiny-1.dist-info"))

    left_alone = run(copy, "setup/environment.sh", PYTHON=sys.executable)
    assert left_alone.stdout == "==> Python environment .venv: already there\n"

    (copy / "requirements.lock").write_text("# another\n")
    no_venv = f'#!/bin/sh\n[ "$2" != venv ] || exit 7\nexec "{sys.executable}" "$@"\n'
    executable(copy / "no-venv", no_venv)
    interrupted = run(copy, "setup/environment.sh", PYTHON=str(copy / "no-venv"))
    assert "making it anew" in interrupted.stdout
    assert interrupted.returncode == 7


@pytest.mark.parametrize("python", ["/nowhere/python3", "/bin/false"])
def test_a_python_of_no_use_is_named(copy: Path, python: str) -> None:
    refused = run(copy, "setup/environment.sh", PYTHON=python)
    assert refused.returncode != 0
    assert f"PYTHON={python} is not a Python of 3.11 or later." in refused.stderr
    assert not (copy / ".venv").exists()


def test_manual_engine_that_does_not_answer_is_explained(copy: Path) -> None:
    use_this_python(copy)
    calls = watch_changers(copy)
    nowhere = f"unix://{copy}/nowhere.sock"
    refused = run(copy, "setup/engine.sh", ENGINE="manual", DOCKER_HOST=nowhere)
    assert refused.returncode != 0
    assert "ENGINE=manual forbids changing that" in refused.stderr
    assert nowhere in refused.stderr
    assert "apt-get install docker.io" in refused.stderr
    assert not calls.exists()


@pytest.mark.parametrize("status", [1, 3])
def test_manual_engine_changes_nothing(copy: Path, status: int) -> None:
    use_this_python(copy)
    calls = watch_changers(copy)
    (copy / "setup/find_engine.py").write_text(f"raise SystemExit({status})")
    refused = run(copy, "setup/engine.sh", ENGINE="manual")
    assert refused.returncode != 0
    assert "ENGINE=manual forbids changing that" in refused.stderr
    assert not calls.exists()


def test_an_engine_named_by_docker_host_is_never_replaced(copy: Path) -> None:
    use_this_python(copy)
    calls = watch_changers(copy)
    refused = run(copy, "setup/engine.sh", DOCKER_HOST=f"unix://{copy}/nowhere.sock")
    assert refused.returncode != 0
    assert "unset DOCKER_HOST" in refused.stderr
    assert not calls.exists()


def test_no_command_runs_without_an_engine(copy: Path) -> None:
    use_this_python(copy)
    nowhere = f"unix://{copy}/nowhere.sock"
    refused = run(copy, "setup/with-engine.sh", "touch", "ran", DOCKER_HOST=nowhere)
    assert refused.returncode != 0
    assert nowhere in refused.stderr
    assert not (copy / "ran").exists()


def test_a_long_step_that_fails_shows_its_last_lines(copy: Path) -> None:
    script = (
        ". setup/steps.sh; "
        "follow boom sh -c 'echo out of paper; exit 3' || fail_with_log boom 'Broken.' 'Mend it.'"
    )
    failed = run(copy, "bash", "-c", script)
    assert failed.returncode == 1
    assert failed.stderr.splitlines() == [
        "The last lines of .setup/boom.log:",
        "    | out of paper",
        "ERROR: Broken.",
        "       Mend it.",
    ]


def test_what_is_installed_from_is_the_hosts_own_choice() -> None:
    files = [ROOT / name for name in ("Makefile", "environment.yml", "requirements.lock")]
    files += [path for path in ROOT.glob("setup/**/*") if path.suffix in (".sh", ".py", ".json")]
    for path in [*files, ROOT / ".ci/run", ROOT / "pyproject.toml"]:
        assert not re.search(r"(https?|ftp|file)://", path.read_text()), path
