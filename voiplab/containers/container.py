"""One container of a lab."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from voiplab.background import in_one_piece
from voiplab.containers.command import Command, Completed
from voiplab.containers.execution import Execution
from voiplab.containers.failure import CONFLICT, engine_asked
from voiplab.containers.filesystem import Filesystem
from voiplab.containers.following import Following
from voiplab.containers.usage import Usage, usage
from voiplab.errors import EngineError, LabStopped

if TYPE_CHECKING:
    from docker import APIClient

EXEC_TIMEOUT_S = 30.0


class Container:
    """A container on the engine, made by `Engine.run` or found by `Engine.container`.

    Its properties ask the engine each time: addresses and host ports change with a restart.
    """

    def __init__(
        self,
        api: "APIClient",
        id: str,  # noqa: A002  (the engine's word)
        *,
        name: str,
        tmpfs: Sequence[str] = (),
    ) -> None:
        self._api = api
        self.id = id
        self.name = name
        self._files = Filesystem(api, id, where=name, tmpfs=tmpfs)

    def __repr__(self) -> str:
        return f"Container({self.name!r})"

    @property
    def labels(self) -> dict[str, str]:
        """The container's labels."""
        return dict(self._inspected()["Config"]["Labels"] or {})

    def status(self) -> str:
        """`created`, `running`, `paused`, `restarting`, `exited`, `dead`, or `gone`."""
        try:
            return str(self._inspected()["State"]["Status"])
        except LabStopped:
            return "gone"

    @property
    def running(self) -> bool:
        """Whether its main process runs."""
        return self.status() == "running"

    @property
    def exit_code(self) -> int:
        """The exit code of its main process, 0 while that runs."""
        return int(self._inspected()["State"]["ExitCode"])

    @property
    def address(self) -> str:
        """Its IP address in the lab's network, or that of the container it shares one with.

        Raises:
            LabStopped: if it has none because it does not run.
        """
        inspected = self._inspected()
        mode = str(inspected["HostConfig"]["NetworkMode"])
        if mode.startswith("container:"):
            return Container(self._api, mode.partition(":")[2], name=self.name).address
        for network in inspected["NetworkSettings"]["Networks"].values():
            if network["IPAddress"]:
                return str(network["IPAddress"])
        raise LabStopped(f"{self.name} has no address: it is {inspected['State']['Status']}.")

    def port(self, port: int | str) -> int:
        """Return the port on 127.0.0.1 at which one of its ports is published.

        Args:
            port: `5038`, or `"10000/udp"`.

        Raises:
            LabStopped: if the container does not run.
            EngineError: if that port is not published.
        """
        wanted = port if isinstance(port, str) else f"{port}/tcp"
        try:
            return self.published()[wanted][1]
        except KeyError:
            raise EngineError(f"{self.name} does not publish its port {wanted}.") from None

    def published(self) -> dict[str, tuple[str, int]]:
        """Return where its ports are published: address and port by those inside, `"10000/udp"`.

        Raises:
            LabStopped: if the container does not run.
        """
        inspected = self._inspected()
        if not inspected["State"]["Running"]:
            raise LabStopped(
                f"{self.name} publishes no port: it is {inspected['State']['Status']}."
            )
        return {
            inside: (str(bindings[0]["HostIp"]), int(bindings[0]["HostPort"]))
            for inside, bindings in inspected["NetworkSettings"]["Ports"].items()
            if bindings
        }

    def exec(
        self,
        argv: Sequence[str],
        *,
        timeout_s: float = EXEC_TIMEOUT_S,
        check: bool = True,
        user: str = "",
    ) -> Completed:
        """Run a command inside and wait for its end.

        Args:
            argv: the command and its arguments; no shell comes between.
            timeout_s: how long it may take; it is killed then.
            check: raise unless the exit code is 0.
            user: who runs it; without it, the image's own user.

        Raises:
            CommandFailed: if the exit code is not 0, unless `check` is false.
            NotReady: if it took too long.
            LabStopped: if the container does not run.
        """
        command = Command(tuple(argv), timeout_s, user)
        completed = command.run(self._api, self.id, where=self.name)
        return completed.check(self.name) if check else completed

    def put(self, files: Mapping[str, bytes | str]) -> None:
        """Write files into the container, below a tmpfs too if it runs.

        Args:
            files: content by absolute path. A file that begins with `#!` is made executable.

        Raises:
            EngineError: if there is no space left.
        """
        self._files.put(files)

    def read(self, path: str) -> bytes:
        """Return a file's content.

        Raises:
            FileNotFoundError: if there is no such file.
        """
        return self._files.read(path)

    def read_from(self, path: str, offset: int) -> bytes:
        """Return what a growing file has from an offset on.

        Args:
            path: the file, which may be below a tmpfs.
            offset: how many bytes were read before.

        Raises:
            FileNotFoundError: if there is no such file.
            LabStopped: if the container does not run.
        """
        return self._files.read_from(path, offset)

    def follow(
        self, path: str, *, head_bytes: int = 0, offset: int = 0, interval_s: float = 1.0
    ) -> Following:
        """Follow a file that grows, over one connection: cheaper than asking again and again.

        Args:
            path: the file, which may be below a tmpfs; it is waited for when it isn't there yet.
            head_bytes: how much of its beginning is read in any case.
            offset: where to go on from there: how many bytes of the file to pass over.
            interval_s: how often the container looks for what is new.

        Returns:
            What is to be closed once it is not wanted any more.

        Raises:
            LabStopped: if the container does not run.
        """
        return Following(
            self._api,
            self.id,
            path,
            head_bytes=head_bytes,
            offset=offset,
            interval_s=interval_s,
            where=self.name,
        )

    def folder(self, path: str) -> dict[str, bytes]:
        """Return a folder's files, those of its subfolders too: content by path below it.

        Raises:
            FileNotFoundError: if there is no such folder.
        """
        return self._files.folder(path)

    def start(self) -> None:
        """Start it again after it has stopped; nothing happens if it runs."""
        with engine_asked(f"start {self.name}"):
            self._api.start(self.id)

    def execute(self, argv: Sequence[str]) -> Execution:
        """Begin a command whose output is read while it goes on.

        Args:
            argv: the command and its arguments. It must end when its input does.

        Raises:
            LabStopped: if the container does not run.
        """
        return Execution(self._api, self.id, argv, where=self.name)

    def commit(self, labels: Mapping[str, str]) -> str:
        """Keep its disk, as it is now, as an image; what is in memory and volumes is not in it.

        Args:
            labels: the image's labels, beside the container's own.

        Returns:
            The image's id.
        """
        changes = "\n".join(f'LABEL "{key}"="{value}"' for key, value in labels.items())
        with engine_asked(f"keep the disk of {self.name}"):
            made = in_one_piece(lambda: self._api.commit(self.id, changes=changes))
        return str(made["Id"])

    def logs(self, tail: int = 50) -> str:
        """Return the last lines that its main process wrote, or nothing if it is gone."""
        try:
            with engine_asked(f"show the log of {self.name}"):
                written: bytes = self._api.logs(self.id, tail=tail)
        except LabStopped:
            return ""
        return written.decode(errors="replace")

    def usage(self) -> Usage:
        """Return what it uses: the time of a core since it started, and memory.

        Raises:
            LabStopped: if the container does not run.
        """
        with engine_asked(f"measure {self.name}"):
            stats = self._api.stats(self.id, stream=False, one_shot=True)
        used = usage(stats)
        if used is None:
            raise LabStopped(f"{self.name} uses nothing: it does not run.")
        return used

    def memory_bytes(self) -> int:
        """Return the memory that it uses, in bytes, as `docker stats` shows it.

        Raises:
            LabStopped: if the container does not run.
        """
        return self.usage().memory_bytes

    def kill(self, signal: str = "SIGKILL") -> None:
        """Send a signal to its main process."""
        with engine_asked(f"kill {self.name}"):
            self._api.kill(self.id, signal=signal)

    def restart(self, timeout_s: int = 1) -> None:
        """Stop it, by force after a time-out in whole seconds, and start it again."""
        with engine_asked(f"restart {self.name}"):
            self._api.restart(self.id, timeout=timeout_s)

    def stop(self, timeout_s: int = 1) -> None:
        """Stop it, by force after a time-out in whole seconds; it can still be read from."""
        with engine_asked(f"stop {self.name}"):
            self._api.stop(self.id, timeout=timeout_s)

    def remove(self) -> None:
        """Remove it and its unnamed volumes, running or not; nothing happens if it is gone."""
        from docker.errors import APIError, NotFound  # noqa: PLC0415

        with engine_asked(f"remove {self.name}"):
            try:
                self._api.remove_container(self.id, v=True, force=True)
            except NotFound:
                return
            except APIError as error:
                if error.status_code != CONFLICT:
                    raise
                self._await_removal()

    def _await_removal(self) -> None:
        """Wait until a removal that someone else began is over."""
        from docker.errors import NotFound  # noqa: PLC0415

        try:
            self._api.wait(self.id, condition="removed")
        except NotFound:
            return

    def _inspected(self) -> dict[str, Any]:
        with engine_asked(f"look at {self.name}"):
            inspected: dict[str, Any] = self._api.inspect_container(self.id)
        return inspected
