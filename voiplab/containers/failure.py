"""What the engine refuses, said in sentences that help."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from voiplab.errors import EngineError, ImageMissing, LabStopped, PortTaken, VoipLabError

if TYPE_CHECKING:
    from docker.errors import APIError

CONFLICT = 409


@contextmanager
def engine_asked(to: str) -> Iterator[None]:
    """Turn what the engine and the way to it can raise into voiplab's errors.

    Args:
        to: what the engine is asked to do, as a verb: "start the container demo-pbx".

    Raises:
        ImageMissing: if the image has not been built.
        PortTaken: if another program has the port.
        LabStopped: if the container is gone or does not run.
        EngineError: for all the rest.
    """
    from docker.errors import APIError, DockerException  # noqa: PLC0415  (0.13 s)
    from requests import RequestException  # noqa: PLC0415
    from urllib3.exceptions import HTTPError  # noqa: PLC0415

    try:
        yield
    except APIError as error:
        raise explained(error, to) from error
    except (DockerException, RequestException, HTTPError) as error:
        raise EngineError(
            f"The container engine stopped answering when asked to {to} ({error}). "
            "See with `docker info` whether it still runs."
        ) from error


REFUSALS: tuple[tuple[str, type[VoipLabError], str], ...] = (
    (
        r"no such image:?\s*(?P<what>[\w./:@-]*\w)",
        ImageMissing,
        "Could not {to}: the image {what} has not been built. Run `make images`.",
    ),
    (
        (
            r"(127\.0\.0\.1:(?P<what>\d+).*)?"
            r"(port is already allocated|address already in use|ports are not available)"
        ),
        PortTaken,
        (
            "Could not {to}: port {what} is already in use. Stop the program that has it (another "
            "lab? see `voiplab status`), or let the engine choose the port."
        ),
    ),
    (
        r"no space left on device|disk quota exceeded",
        EngineError,
        (
            "Could not {to}: no space left on the engine's disk. `docker system df` shows what "
            "takes it; `voiplab clean` and `docker system prune` make room. ({said})"
        ),
    ),
    (
        r"address pool|predefined address pools|free subnet",
        EngineError,
        (
            "Could not {to}: the engine has no network address range left. `voiplab clean` removes "
            "the networks of labs that ended, `docker network prune` all unused ones."
        ),
    ),
    (
        r"already in use|already exists",
        EngineError,
        (
            "Could not {to}: the name is taken. Another lab of that name is up, or remains of one "
            "are there: see `voiplab status` and `voiplab clean`."
        ),
    ),
    (r"no such container", LabStopped, "Could not {to}: there is no such container any more."),
    (
        r"is not running|container state improper",
        LabStopped,
        "Could not {to}: the container has stopped.",
    ),
)
"""What the engine's refusals mean, most telling first.

The engine gives one status for many troubles; only its words tell them apart. These are the
words of Docker 20.10 to 29 and of Podman.
"""


def explained(error: "APIError", to: str) -> VoipLabError:
    """Return the error of ours that says what the engine's refusal means."""
    said = str(error.explanation or error).strip()
    for words, kind, sentence in REFUSALS:
        found = re.search(words, said, re.IGNORECASE)
        if found:
            what = found.groupdict().get("what") or "that it publishes"
            return kind(sentence.format(to=to, what=what, said=said))
    return EngineError(f"The container engine would not {to}: {said}")
