"""Waiting until something is ready: a question asked again and again, never a sleep."""

import time
from collections.abc import Callable, Sequence
from typing import TypeVar

from voiplab.containers.container import Container
from voiplab.errors import LabStopped, NotReady

T = TypeVar("T")

CHECK_INTERVAL_S = 0.2
"""How often the containers are looked at while the answer is awaited."""

LOG_LINES = 15


def wait_until(  # noqa: PLR0913  (what is awaited, for how long, and what to say if it fails)
    what: str,
    probe: Callable[[], T | None],
    *,
    timeout_s: float,
    containers: Sequence[Container] = (),
    hint: str = "",
    interval_s: float = 0.02,
) -> T:
    """Return the probe's first answer that is neither None nor False.

    Args:
        what: what is awaited, to complete "waited for": `Asterisk to boot`.
        probe: asks once, and returns at once.
        timeout_s: how long to go on asking.
        containers: those that the answer depends on: when one of them ends, so does the wait.
        hint: what the reader of a time-out might try.
        interval_s: pause between two questions.

    Raises:
        NotReady: at the time-out, or as soon as one of the containers has ended. It tells each
            container's status and last log lines.

    >>> answers = iter([None, None, "ready"])
    >>> wait_until("the third answer", lambda: next(answers), timeout_s=5)
    'ready'
    """
    started = looked = time.monotonic()
    while True:
        try:
            answer = probe()
        except LabStopped as error:
            _check_all_run(what, containers, hint, cause=error)
            raise
        if answer is not None and answer is not False:
            return answer
        now = time.monotonic()
        if now - looked >= CHECK_INTERVAL_S:
            _check_all_run(what, containers, hint)
            looked = now
        if now - started >= timeout_s:
            raise NotReady(_report(f"Waited {timeout_s:g} s for {what}.", containers, hint))
        time.sleep(min(interval_s, timeout_s))


def _check_all_run(
    what: str, containers: Sequence[Container], hint: str, cause: Exception | None = None
) -> None:
    ended = [
        container for container in containers if container.status() in ("exited", "dead", "gone")
    ]
    if ended:
        names = ", ".join(container.name for container in ended)
        raise NotReady(_report(f"{names} ended while waiting for {what}.", ended, hint)) from cause


def _report(sentence: str, containers: Sequence[Container], hint: str) -> str:
    lines = [sentence]
    for container in containers:
        lines.append(f"{container.name} is {container.status()}. Its last log lines:")
        lines += [f"    {line}" for line in container.logs(tail=LOG_LINES).splitlines()] or [
            "    (none)"
        ]
    return "\n".join([*lines, hint] if hint else lines)
