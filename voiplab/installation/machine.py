"""A clean Debian machine to install things on: a container that behaves like a server."""

import re
import secrets
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

from voiplab.background import in_one_piece
from voiplab.containers import (
    Container,
    Engine,
    Network,
    Owner,
    image,
    lab_labels,
    sweep,
    wait_until,
)
from voiplab.containers.execution import Execution
from voiplab.errors import ConfigError, LabStopped, LineFailed
from voiplab.installation.meter import DRY_RUN, Meter, compiles
from voiplab.installation.ran import Ran, prompt
from voiplab.installation.screen import Screen

IMAGE = "machine"
CACHES = {
    "/var/cache/packages": "voiplab-cache-packages",
    "/var/cache/ccache": "voiplab-cache-compiler",
}
"""What is kept from one machine to the next, by folder: fetched packages, compiled files."""

_BOOTED = "/run/booted"
_FOLDER = "/run/folder"
_HOME = "/root"
_LOOK_S = 0.25
_INTERRUPT_S = 15.0

# The line runs in a process group of its own, which gets what Ctrl-C would send once the input
# ends: when the caller is interrupted, or killed. What a terminal keeps from one line to the next
# is the folder.
_SHELL = f"""
exec 3<&0 2>&1
set -m
bash -lc 'trap "pwd > {_FOLDER}" EXIT; cd "$2" && eval "$1"' bash "$1" "$2" < /dev/null 3<&- &
line=$!
set +m
{{
    read -r _ <&3
    kill -INT -- -$line
    for _ in {{1..100}}; do sleep 0.1; kill -0 -- -$line || exit; done
    kill -KILL -- -$line
}} > /dev/null 2>&1 &
watch=$!
wait $line
ended=$?
kill $watch 2> /dev/null
exit $ended
"""


class Machine:
    """A clean Debian machine; what is typed on it stays on it until it is stopped.

    It has init, apt and a compiler's cache, and no telephony. It outlives this process: start it
    again under its name, and it is as it was left. ``voiplab clean`` removes it once nobody has
    it any more.

    Args:
        name: its host name: lower-case letters, digits and hyphens, at most 30.
        engine: where it runs; without it, the engine that answers.

    Attributes:
        name: its host name.
        history: the lines that were run by this object, with what they took.
    """

    def __init__(self, name: str = "install", *, engine: Engine | None = None) -> None:
        if not re.fullmatch(r"[a-z0-9](?:[a-z0-9-]{0,28}[a-z0-9])?", name):
            raise ConfigError(
                f"A machine can't be called {name!r}: take 1 to 30 lower-case letters, digits and "
                "hyphens, with a letter or digit at both ends."
            )
        self.name = name
        self.history: list[Ran] = []
        self._engine = engine or Engine.connect()
        self._owner = Owner.this_process()

    def __repr__(self) -> str:
        try:
            state = self.container.status()
        except LabStopped:
            state = "stopped"
        return f"<Machine {self.name}, {state}>"

    @classmethod
    def start(
        cls, name: str = "install", *, disk: str | None = None, engine: Engine | None = None
    ) -> Self:
        """Start a machine, or take up the one of that name as it was left.

        Args:
            name: its host name.
            disk: what :meth:`copy_of_disk` returned: begin with that; without it, clean.
            engine: where it runs; without it, the engine that answers.

        Raises:
            EngineError: when there is no engine, the image is missing, or it can't start.
        """
        machine = cls(name, engine=engine)
        machine.begin(disk)
        return machine

    def __enter__(self) -> Self:
        self.begin()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()

    def begin(self, disk: str | None = None) -> None:
        """Switch it on, or take it up when it is there.

        Args:
            disk: as for :meth:`start`.

        Raises:
            EngineError: as for :meth:`start`.
        """
        if self._is_there():
            self.container.start()
            self._claim()
        else:
            self._make(disk)
        self._wait_for_boot()

    def _is_there(self) -> bool:
        try:
            return self.container.status() != "gone"
        except LabStopped:
            return False

    def _make(self, disk: str | None) -> None:
        base = image(self._engine, IMAGE)
        sweep(self._engine, self.name)
        try:
            network = self._engine.create_network(self._full_name, self._labels("network"))
            self._engine.run(
                image=disk or base,
                name=self._full_name,
                hostname=self.name,
                labels=self._labels("machine"),
                network=network,
                aliases=[self.name],
                tmpfs={"/run": "exec", "/tmp": "exec"},  # noqa: S108 - the machine's own
                volumes=CACHES,
                cap_add=["SYS_PTRACE"],  # root may look at all processes, as start scripts do
                init=False,
            )
        except BaseException:
            self.stop()
            raise

    def _claim(self) -> None:
        """Say that this process has it: a label can't be changed, but something can be added."""
        claim = f"{self._full_name}-{secrets.token_hex(4)}"
        self._engine.create_volume(claim, self._labels("claim"))

    def _wait_for_boot(self) -> None:
        container = self.container
        wait_until(
            f"machine {self.name} to boot",
            lambda: container.exec(["test", "-e", _BOOTED], check=False).exit_code == 0 or None,
            timeout_s=60,
            containers=[container],
            hint="See /var/log/boot on it.",
            interval_s=0.1,
        )

    def stop(self) -> None:
        """Remove it, with all that is on it; what is fetched and compiled stays in the caches."""
        sweep(self._engine, self.name)

    def reset(self, disk: str | None = None) -> None:
        """Replace it by a clean one.

        Args:
            disk: begin with this instead: what :meth:`copy_of_disk` returned.
        """
        self.stop()
        self.history.clear()
        self.begin(disk)

    def reboot(self) -> None:
        """Switch it off and on again, as a power cut does: nothing is stopped before."""
        self.container.restart(timeout_s=0)
        self._wait_for_boot()

    def copy_of_disk(self, owner: str) -> str:
        """Keep a copy of its disk, to begin other machines with.

        Args:
            owner: the lab or machine with which the copy goes: :func:`voiplab.containers.sweep`.

        Returns:
            The copy's id.
        """
        return self.container.commit(lab_labels(owner, role="disk", owner=self._owner))

    @property
    def container(self) -> Container:
        """The container that it is.

        Raises:
            LabStopped: when there is none.
        """
        try:
            return self._engine.container(self._full_name)
        except LabStopped:
            raise LabStopped(
                f"There is no machine {self.name!r}: start one, Machine.start({self.name!r})."
            ) from None

    def check_running(self) -> None:
        """Make sure that it runs.

        Raises:
            LabStopped: when it does not.
        """
        if not self.container.running:
            raise LabStopped(f"Machine {self.name!r} is off: Machine.start({self.name!r}).")

    @property
    def network(self) -> Network:
        """The network that it is in, under its name."""
        return self._engine.network(self._full_name)

    @property
    def engine(self) -> Engine:
        """Where it runs."""
        return self._engine

    def labels(self, role: str) -> dict[str, str]:
        """Return the labels of what goes with the machine.

        Args:
            role: what it is.
        """
        return self._labels(role)

    def run(self, line: str, *, check: bool = True) -> Ran:
        """Type a line on the machine, as root, and show how far it is until it ends.

        Each line has a shell of its own, which starts in the folder where the last one ended.
        Ctrl-C, or the notebook's stop button, ends the line on the machine as well.

        Args:
            line: what to type: anything that bash understands.
            check: raise when it ends with an error.

        Returns:
            What came of it.

        Raises:
            LineFailed: when it ended with an error, unless `check` is false.
            LabStopped: when the machine does not run.
        """
        container, folder, meter = self.container, self._folder(), Meter()
        screen = Screen(f"{prompt(self.name, folder)} {line}", meter)
        started = time.monotonic()

        def elapsed() -> float:
            return time.monotonic() - started

        if compiles(line):
            meter.last_line = "counting what there is to compile"
            screen.show(elapsed())
            meter.total = int(self._typed(DRY_RUN, folder) or 0)
        exit_code, output = None, ""
        try:
            exit_code, output = self._follow(
                container, line, folder, meter, lambda: screen.show(elapsed())
            )
        except _Interrupted as interrupted:
            output = interrupted.output
            raise
        finally:
            ran = Ran(
                line=line,
                folder=folder,
                host=self.name,
                exit_code=exit_code,
                seconds=elapsed(),
                output=output,
            )
            self.history.append(ran)
            screen.end(ran)
        if check and not ran.ok:
            raise LineFailed(self.name, line, exit_code or 0, output)
        return ran

    def _follow(
        self, container: Container, line: str, folder: str, meter: Meter, show: Callable[[], None]
    ) -> tuple[int, str]:
        """Run a line to its end, or to Ctrl-C."""
        written, rest, shown = [], "", 0.0
        execution = container.execute(["bash", "-c", _SHELL, "shell", line, folder])
        try:
            while not execution.ended:
                text = execution.read(wait_s=_LOOK_S).decode(errors="replace")
                written.append(text)
                *lines, rest = (rest + text).split("\n")
                for each in lines:
                    meter.read(each)
                if time.monotonic() - shown >= _LOOK_S:
                    show()
                    shown = time.monotonic()
            return _exit_code(execution), "".join(written)
        except KeyboardInterrupt:
            raise _Interrupted("".join(written)) from None
        finally:
            in_one_piece(lambda: _end(execution))

    def ask(self, line: str) -> str:
        """Return what a short line answers, without showing it; its errors too.

        Args:
            line: what to type.

        Raises:
            LabStopped: when the machine does not run.
            NotReady: when it takes more than half a minute.
        """
        return self._typed(line, self._folder())

    def write(self, path: str, text: str) -> None:
        """Write a file on the machine, as an editor would: it belongs to root, and all may read it.

        Args:
            path: the file.
            text: what is to be in it.

        Raises:
            LabStopped: when there is no such machine.
        """
        self.container.put({path: text})

    def _typed(self, line: str, folder: str) -> str:
        script = f'cd "$1" && {{ {line}\n}} 2>&1'
        return self.container.exec(
            ["bash", "-lc", script, "bash", folder], check=False
        ).text.strip()

    def _folder(self) -> str:
        asked = self.container.exec(["cat", _FOLDER], check=False)
        return asked.text.strip() if asked.exit_code == 0 else _HOME

    @property
    def _full_name(self) -> str:
        return f"voiplab-{self.name}"

    def _labels(self, role: str) -> dict[str, str]:
        return lab_labels(self.name, role=role, owner=self._owner)


class _Interrupted(KeyboardInterrupt):
    """Ctrl-C came while a line ran; what it had written until then."""

    def __init__(self, output: str) -> None:
        super().__init__()
        self.output = output

    def _render_traceback_(self) -> list[str]:
        """How a notebook shows it: no line of code is news."""
        return ["Interrupted, on the machine too."]


def _end(execution: Execution) -> None:
    """End a line, if it hasn't ended, and wait until it has."""
    execution.close()
    wait_until("a line to end", lambda: execution.exit_code() is not None, timeout_s=_INTERRUPT_S)


def _exit_code(execution: Execution) -> int:
    return wait_until(
        "a line's exit code",
        lambda: None if (code := execution.exit_code()) is None else (code,),
        timeout_s=_INTERRUPT_S,
    )[0]
