"""The folder that an image is built from, and the tag that its content gives the image."""

import hashlib
import os
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from voiplab.errors import EngineError

FOLDER_VARIABLE = "VOIPLAB_DOCKER"
"""Environment variable that names another folder of build contexts than the checkout's own."""

TAG_DIGITS = 12


@dataclass(frozen=True)
class BuildContext:
    """A folder with a Dockerfile.

    Args:
        name: the image's name: `asterisk` for `voiplab/asterisk`.
        folder: the Dockerfile and what it copies, less what .dockerignore names.
    """

    name: str
    folder: Path

    @property
    def repository(self) -> str:
        """The image's name without a tag."""
        return f"voiplab/{self.name}"

    @cached_property
    def tag(self) -> str:
        """The image's name and tag: another content is another image, so that none is stale.

        The tag is the start of a SHA-256 over the files' names, contents and executable bits;
        the Dockerfile among them names the base image.
        """
        digest = hashlib.sha256()
        for file in self._files():
            content = (self.folder / file).read_bytes()
            executable = os.access(self.folder / file, os.X_OK)
            digest.update(f"{file}\0{executable}\0{len(content)}\0".encode() + content)
        return f"{self.repository}:{digest.hexdigest()[:TAG_DIGITS]}"

    @cached_property
    def bases(self) -> frozenset[str]:
        """The images that the Dockerfile starts from, less its own earlier stages."""
        dockerfile = (self.folder / "Dockerfile").read_text()
        found = re.findall(
            r"^FROM\s+(?:--\S+\s+)*(\S+)(?:\s+AS\s+(\S+))?",
            dockerfile,
            re.MULTILINE | re.IGNORECASE,
        )
        return frozenset(image for image, _ in found) - {stage for _, stage in found}

    def _files(self) -> list[str]:
        from docker.utils import exclude_paths  # noqa: PLC0415  (0.13 s)

        ignore = self.folder / ".dockerignore"
        patterns = ignore.read_text().splitlines() if ignore.exists() else []
        kept = exclude_paths(str(self.folder), [line for line in patterns if line.strip()])
        return sorted(Path(path).as_posix() for path in kept if (self.folder / path).is_file())


def build_contexts() -> list[BuildContext]:
    """Return the build contexts, by name.

    Raises:
        EngineError: if their folder is not there.
    """
    root = Path(os.environ.get(FOLDER_VARIABLE) or Path(__file__).parents[2] / "docker")
    found = [BuildContext(file.parent.name, file.parent) for file in root.glob("*/Dockerfile")]
    if not found:
        raise EngineError(
            f"There are no image folders in {root}. Use voiplab from a checkout of its "
            f"repository, or set {FOLDER_VARIABLE} to that checkout's folder `docker`."
        )
    return sorted(found, key=lambda context: context.name)
