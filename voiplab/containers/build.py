"""Building the lab's images, and finding those that have been built."""

import threading
from collections import deque
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from voiplab.containers.base_image import provide_base_image
from voiplab.containers.build_context import BuildContext, build_contexts
from voiplab.containers.engine import Engine
from voiplab.containers.failure import engine_asked
from voiplab.containers.progress import Progress, silent
from voiplab.errors import EngineError, ImageMissing

TAIL_LINES = 15


def image(engine: Engine, name: str) -> str:
    """Return the tag of one of the lab's images.

    Args:
        engine: the engine that should hold it.
        name: its folder below `docker/`: `asterisk`, `phone` …

    Raises:
        ImageMissing: if its folder, as it is now, has not been built.
    """
    for context in build_contexts():
        if context.name == name:
            if not engine.has_image(context.tag):
                raise ImageMissing(
                    f"The image {context.tag} has not been built, or its folder "
                    f"{context.folder} has changed since: run `make images`."
                )
            return context.tag
    names = ", ".join(context.name for context in build_contexts())
    raise ImageMissing(f"There is no image {name}: there are {names}.")


def missing_images(engine: Engine) -> list[str]:
    """Return the names of the images that `build_images` would build."""
    return [context.name for context in build_contexts() if not engine.has_image(context.tag)]


def build_images(
    engine: Engine, on_progress: Progress = silent, names: Iterable[str] | None = None
) -> list[str]:
    """Build the images that are missing, side by side, and return their tags.

    Args:
        engine: the engine to build on.
        on_progress: called with each line of progress.
        names: the images to consider; all without it.

    Raises:
        EngineError: if one can't be built, with the last lines of its build.
    """
    wanted = [context for context in build_contexts() if names is None or context.name in names]
    missing = [context for context in wanted if not engine.has_image(context.tag)]
    for base in sorted({base for context in missing for base in context.bases}):
        provide_base_image(engine, base, on_progress)
    abandoned = threading.Event()
    with ThreadPoolExecutor(max(len(missing), 1)) as threads:
        try:
            list(threads.map(partial(_build, engine, on_progress, abandoned), missing))
        finally:
            abandoned.set()
    return [context.tag for context in missing]


def _build(
    engine: Engine, on_progress: Progress, abandoned: threading.Event, context: BuildContext
) -> None:
    tail: deque[str] = deque(maxlen=TAIL_LINES)
    with engine_asked(f"build the image {context.tag}"):
        for event in engine.api.build(
            path=str(context.folder), tag=context.tag, rm=True, forcerm=True, decode=True
        ):
            if abandoned.is_set():
                return
            _raise_if_failed(event, context, tail)
            for line in _lines(event):
                tail.append(line)
                on_progress(f"{context.name}: {line}")
        engine.api.tag(context.tag, context.repository, "latest")


def _lines(event: dict[str, Any]) -> list[str]:
    text = str(event.get("stream") or event.get("status") or "")
    return [line.rstrip() for line in text.splitlines() if line.strip()]


def _raise_if_failed(event: dict[str, Any], context: BuildContext, tail: Iterable[str]) -> None:
    if "error" not in event:
        return
    said = "\n".join(f"    {line}" for line in tail)
    raise EngineError(
        f"The image {context.repository} can't be built from {context.folder}: "
        f"{str(event['error']).strip()}. Its build ended with\n{said}"
    )
