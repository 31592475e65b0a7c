"""The network between a phone and its exchange, which can be made to misbehave."""

import json
import secrets
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import voiplab
from voiplab import impairment
from voiplab.containers import ROLE, Container, Engine, image
from voiplab.errors import CommandFailed, EvidenceError, ImpairmentError, LabStopped
from voiplab.impairment import Impairment, Preset, Settings, preset, truth_frame
from voiplab.impairment.middlebox import place

if TYPE_CHECKING:
    import pandas as pd

SIDECAR = "access network"
"""The role of the container in which the phone's network is impaired."""

_PROGRAM_FOLDER = "/opt/voiplab"
_SEED_BITS = 32


class AccessNetwork:
    """The network between a phone and its exchange: perfect until it is told to be otherwise.

    The first impairment starts a sidecar that stands between the phone and its network from then
    on, until the phone ends; calls go on meanwhile.

    Args:
        engine: where the phone runs.
        phone: the phone's container.
        interface: the phone's network interface.
        control_port: the TCP port of the phone's orders, which always get through.
        capture_room: keep the sidecar's capture in memory, in at most so much; None keeps it on
            the engine's disk.
    """

    def __init__(
        self,
        engine: Engine,
        phone: Container,
        *,
        interface: str = "eth0",
        control_port: int = 4444,
        capture_room: str | None = None,
    ) -> None:
        self._engine = engine
        self._phone = phone
        self._interface = interface
        self._control_port = control_port
        self._capture_room = capture_room
        self._sidecar: Container | None = None
        self._taken_over_s = 0.0
        self._settings: Settings | None = None
        self._truth = bytearray()

    def __repr__(self) -> str:
        return f"<AccessNetwork of {self._phone.name}, {self._settings or 'not impaired'}>"

    def impair(
        self,
        both: str | Preset | None = None,
        /,
        *,
        incoming: Impairment | None = None,
        outgoing: Impairment | None = None,
        seed: int | None = None,
    ) -> Settings:
        """Impair the phone's network from now on, in the midst of a call too.

        Args:
            both: what happens in both directions: a preset or its name, for example ``"4g"``.
            incoming: what happens to what the phone receives; nothing, when it isn't named.
            outgoing: what happens to what it sends; likewise.
            seed: what chance is drawn from: the same seed gives the same fates, packet for packet
                of each RTP stream. Without it, one is chosen.

        Returns:
            What is in force, with its seed, since when.

        Raises:
            ImpairmentError: when no network could do that, or this one can't be impaired.
            EngineError: when the sidecar can't be started.
        """
        if both is not None:
            if incoming is not None or outgoing is not None:
                raise ImpairmentError(
                    "A preset says what happens in both directions: "
                    "leave incoming and outgoing out."
                )
            chosen = preset(both) if isinstance(both, str) else both
            incoming, outgoing = chosen.incoming, chosen.outgoing
        settings = Settings(
            incoming=incoming or Impairment(),
            outgoing=outgoing or Impairment(),
            seed=secrets.randbits(_SEED_BITS) if seed is None else seed,
        )
        if self._sidecar is None or not self._sidecar.running:
            self._start()
        return self._take(self._ask(settings))

    def clear(self) -> None:
        """Let all packets pass untouched again; nothing happens when they do already."""
        if self._sidecar is not None:
            self._take(self._ask(Settings(seed=0)))

    @property
    def impairments(self) -> Settings | None:
        """What is in force since when, with which seed; None when it was never impaired."""
        return self._settings

    def truth(self) -> "pd.DataFrame":
        """Return what became of each packet since the network was first impaired.

        Returns:
            A row a packet, in the order of their coming: time_s (seconds since the epoch),
            direction (incoming or outgoing, seen from the phone), src, dst (address:port),
            protocol (rtp, rtcp, sip, other), ssrc and sequence (of RTP), bytes (of the Ethernet
            frame), fate (delivered, lost, overflow), delay_ms, copies. ARP and the phone's orders
            are not among them; nor is what is still under way.

        Raises:
            LabStopped: when the phone does not run any more.
        """
        return truth_frame(self.truth_csv().decode("ascii"))

    def truth_csv(self) -> bytes:
        """Return the same as it was written; b"" when the network was never impaired."""
        if self._sidecar is not None:
            self._truth += self._sidecar.read_from(place.TRUTH.as_posix(), len(self._truth))
        return bytes(self._truth[: self._truth.rfind(b"\n") + 1])

    def history(self) -> list[Settings]:
        """Return what has been in force, one after the other."""
        if self._sidecar is None:
            return []
        lines = self._sidecar.read(place.SETTINGS.as_posix()).decode("ascii").splitlines()
        return [Settings.from_dict(json.loads(line)) for line in lines]

    def check(self) -> None:
        """Make sure that nothing is missing from the ground truth, nor from the capture.

        Raises:
            EvidenceError: when something is, with the reason.
            ImpairmentError: when the network can't be asked.
        """
        if self._sidecar is None:
            return
        state = self._ask(None)
        reasons = {
            f"{state['unseen']} packets came faster than they could be looked at. Give the machine "
            "less to do": state["unseen"],
            f"its log has no room for the last {state['truth_left_out']} packets. Restart the "
            "phone, or the lab": state["truth_left_out"],
            f"its capture has ended: {state['capture_trouble']}. Make room on the engine's disk "
            "(`docker system df`) or give more to Lab(capture_room=…), then start the lab "
            "anew": state["capture_trouble"],
        }
        found = [f"{reason}." for reason, amount in reasons.items() if amount]
        if found:
            raise EvidenceError(
                f"Not all is known of the network of {self._phone.name}: {' Also, '.join(found)}"
            )

    @property
    def capture(self) -> tuple[Container, str, float] | None:
        """Where the phone's side is captured, and since when; None when it was never impaired.

        Returns:
            The container, the file in it, and seconds since the epoch: before that time, the
            phone's own capture has what crossed its network.
        """
        if self._sidecar is None:
            return None
        return self._sidecar, place.CAPTURE.as_posix(), self._taken_over_s

    def find(self) -> None:
        """Take up what impairs the network already, if anything does.

        Raises:
            ImpairmentError: when it does not answer.
        """
        try:
            self._sidecar = self._engine.container(self._name)
        except LabStopped:
            return
        state = self._ask(None)
        if state["settings"]["since_s"] is not None:
            self._take(state)
        self._taken_over_s = state["taken_over_s"]

    @property
    def _name(self) -> str:
        return f"{self._phone.name}-network"

    def _start(self) -> None:
        if self._sidecar is not None:
            # The phone was restarted since, and with it its network.
            self._sidecar.remove()
            self._truth.clear()
        sidecar = self._engine.run(
            image=image(self._engine, "network"),
            name=self._name,
            labels=self._phone.labels | {ROLE: SIDECAR},
            command=[self._interface, str(self._control_port)],
            files=dict(_program()),
            cap_add=["NET_ADMIN", "NET_RAW"],
            devices=["/dev/net/tun"],
            tmpfs=self._tmpfs(),
            shares_network_with=self._phone,
        )
        self._sidecar = sidecar
        try:
            self._taken_over_s = float(self._ask(None)["taken_over_s"])
        except BaseException:
            sidecar.remove()
            self._sidecar = None
            raise

    def _tmpfs(self) -> Mapping[str, str]:
        if self._capture_room is None:
            return {}
        return {place.CAPTURE_FOLDER.as_posix(): f"size={self._capture_room}"}

    def _ask(self, settings: Settings | None) -> dict[str, Any]:
        assert self._sidecar is not None  # noqa: S101 - for the type checker
        order = json.dumps(None if settings is None else settings.as_dict())
        try:
            answered = self._sidecar.exec(
                ["python3", "-m", "voiplab.impairment.middlebox.ask", order]
            )
        except (CommandFailed, LabStopped) as error:
            # It writes a line when it ends, and no other.
            said = self._sidecar.logs(tail=1).strip()
            if not said and isinstance(error, CommandFailed):
                said = error.stderr.decode(errors="replace").strip()
            raise ImpairmentError(
                f"The sidecar that impairs the network of {self._phone.name} has stopped, or does "
                f"not answer. {said}".strip()
            ) from error
        answer: dict[str, Any] = json.loads(answered.stdout)
        if "error" in answer:
            raise ImpairmentError(answer["error"])
        return answer

    def _take(self, state: dict[str, Any]) -> Settings:
        self._settings = Settings.from_dict(state["settings"])
        return self._settings


def _program() -> Iterator[tuple[str, bytes]]:
    """The files of the program that impairs, by their places in its container."""
    root = Path(voiplab.__file__).parent
    folder = Path(impairment.__file__).parent
    for file in (root / "__init__.py", root / "errors.py", *folder.rglob("*.py")):
        yield f"{_PROGRAM_FOLDER}/voiplab/{file.relative_to(root).as_posix()}", file.read_bytes()
