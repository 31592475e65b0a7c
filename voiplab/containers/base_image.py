"""The image that the lab's images start from: pulled, or made from Debian's packages."""

import os
import re
import shlex
import shutil
import signal
import subprocess
import tempfile
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from voiplab.containers.engine import Engine
from voiplab.containers.failure import engine_asked
from voiplab.containers.progress import Progress, silent
from voiplab.containers.registry import pull
from voiplab.errors import EngineError

BASE_IMAGE = "debian:forky-slim"

NO_EXPIRY = 'Acquire::Check-Valid-Until "false"'
"""A mirror's Release file of a suite still in the making can be past its date (apt.conf(5))."""

KEYRINGS = (
    Path("/usr/share/keyrings/debian-archive-keyring.pgp"),
    Path("/usr/share/keyrings/debian-archive-keyring.gpg"),
)

INDEX_TARGETS = (
    "apt-get indextargets --format '$(ORIGIN)|$(LABEL)|$(REPO_URI)' 'Created-By: Packages'"
)

UNSHARE_MOUNTS = ("unshare", "--mount", "--propagation=private")

TAIL_LINES = 15


def provide_base_image(engine: Engine, reference: str, on_progress: Progress) -> None:
    """Have the engine hold a base image: leave it, pull it, or make it.

    Args:
        engine: the engine that is to hold it.
        reference: the image, as a Dockerfile's FROM names it.
        on_progress: called with each line of progress.

    Raises:
        EngineError: if it can be neither pulled nor made.
    """
    if reference == "scratch" or engine.has_image(reference):
        return
    on_progress(f"{reference}: asking its registry")
    try:
        pull(engine, reference, on_progress)
    except EngineError as error:
        if "no space left" in str(error):
            raise
        on_progress(f"{reference}: no registry gives it ({error})")
        make_base_image(engine, on_progress, reference=reference)


def make_base_image(
    engine: Engine, on_progress: Progress = silent, *, reference: str = BASE_IMAGE
) -> None:
    """Make a Debian image from Debian's packages, with mmdebstrap, for want of a registry.

    Args:
        engine: the engine that is to hold it.
        on_progress: called with each line of progress.
        reference: the tag to give it, which ends in its suite: `debian:forky-slim`.

    Raises:
        EngineError: if it can't be made here, with the reason.
    """
    repository, _, tag = reference.partition(":")
    suite = re.fullmatch(r"([a-z]+)(-slim)?", tag)
    if suite is None or "debian" not in repository:
        raise EngineError(
            f"The base image {reference} is not there, no registry gives it, and only Debian's "
            "own images can be made here: see why the registry can't be reached."
        )
    if shutil.which("mmdebstrap") is None:
        raise EngineError(
            f"No registry gives the base image {reference}, and making it takes mmdebstrap: "
            "`sudo apt-get install mmdebstrap debian-archive-keyring`, or run `make setup`."
        )
    on_progress(f"{reference}: making it from Debian's packages")
    with tempfile.TemporaryDirectory(prefix="voiplab-base-") as folder:
        Path(folder).chmod(0o755)  # apt downloads as a user of its own
        archive = Path(folder) / "base.tar"
        _bootstrap(suite[1], archive, on_progress)
        on_progress(f"{reference}: importing it")
        with engine_asked(f"import the image {reference}"):
            said = engine.api.import_image_from_file(
                str(archive),
                repository=repository,
                tag=tag,
                changes=[
                    'CMD ["bash"]',
                    f'LABEL org.opencontainers.image.title="Debian {suite[1]}, minimal"',
                    'LABEL voiplab.made-by="mmdebstrap --variant=minbase"',
                ],
            )
            # Podman 4 names what it imports `latest`, whatever it was asked for.
            imported = re.findall(r"(?:sha256:)?([0-9a-f]{64})", said)
            engine.api.tag(imported[-1], repository, tag)


def host_mirror() -> str | None:
    """Return the Debian mirror that this machine's own apt uses, or None if it has none."""
    try:
        listed = subprocess.run(  # noqa: S603  (a constant)
            shlex.split(INDEX_TARGETS), capture_output=True, check=True, text=True
        ).stdout
    except (FileNotFoundError, subprocess.CalledProcessError):
        return None
    found = re.search(r"^Debian\|Debian\|(https?://\S+)$", listed, re.MULTILINE)
    return found[1] if found else None


def _bootstrap(suite: str, archive: Path, on_progress: Progress) -> None:
    """Install a minimal Debian into a tar archive, as root or in a user namespace."""
    mirror = host_mirror()
    keyring = next((path for path in KEYRINGS if path.exists()), None)
    command = [
        "mmdebstrap",
        "--variant=minbase",
        "--skip=check/signed-by",
        f"--aptopt={NO_EXPIRY}",
        *([] if keyring is None else [f"--keyring={keyring}"]),
        suite,
        str(archive),
        *([] if mirror is None else [mirror]),
    ]
    environment = dict(os.environ)
    if _may_unshare_mounts():
        command = [*UNSHARE_MOUNTS, *command]
        environment["TMPDIR"] = str(archive.parent)
    tail: deque[str] = deque(maxlen=TAIL_LINES)
    with _running(command, environment) as process:
        for line in process.stderr or ():
            tail.append(line.rstrip())
            on_progress(f"mmdebstrap: {line.rstrip()}")
    if process.returncode != 0:
        said = "\n".join(f"    {line}" for line in tail)
        raise EngineError(f"{_remedy(said, suite)} mmdebstrap ended with\n{said}")


def _may_unshare_mounts() -> bool:
    """Whether root may give mmdebstrap mounts of its own, that nobody else sees.

    It binds the host's /dev/shm and the like below its temporary folder. Were they mounted for
    all, and left there by an interrupt, whoever removes that folder would empty them. A user's
    mmdebstrap has a namespace of its own anyway.
    """
    if os.geteuid() != 0 or shutil.which(UNSHARE_MOUNTS[0]) is None:
        return False
    allowed = subprocess.run(  # noqa: S603  (a constant)
        [*UNSHARE_MOUNTS, "true"], capture_output=True, check=False
    )
    return allowed.returncode == 0


@contextmanager
def _running(command: list[str], environment: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    """Run a command that ends, with all that it started, at the latest with the block."""
    with subprocess.Popen(  # noqa: S603  (its arguments are this module's own)
        command,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
        start_new_session=True,
    ) as process:
        try:
            yield process
        except BaseException:
            os.killpg(process.pid, signal.SIGTERM)
            raise


def _remedy(said: str, suite: str) -> str:
    if "NO_PUBKEY" in said or "not signed" in said:
        return (
            f"This machine does not know the key that signs Debian {suite}: "
            "`sudo apt-get install debian-archive-keyring`, in its newest version."
        )
    if re.search("newuidmap|unshare|subuid|must be root|namespace", said):
        return (
            "Making the base image without root's rights takes user namespaces: "
            "`sudo apt-get install uidmap`, or run `make setup` as root once."
        )
    return f"The base image can't be made from Debian's packages: is a mirror of {suite} in reach?"
