"""One Asterisk in a container."""

import csv
import io
import re
import threading
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from voiplab.ami import Ami, Event
from voiplab.certificates import Authority, Certificate
from voiplab.config import (
    CDR_COLUMNS,
    CDR_FILE,
    HTTP_PORT,
    KEYS,
    Complaints,
    Exchange,
    read_complaints,
    redact,
    reload_commands,
    render,
)
from voiplab.containers import LOOPBACK, Container, Engine, Network, Private, image, wait_until
from voiplab.errors import AmiError, LabStopped, VoipLabError
from voiplab.pbx import by_hand
from voiplab.pbx.listening import TABLES, Listener, listeners

AMI_PORT = 5038
SIP_PORT = 5060
ALIAS = "pbx"

_ORDERLY_END_S = 5

_CONFIGURATION = "/etc/asterisk"
_MODEL = f"{_CONFIGURATION}/exchange.json"

_SIP_LOG = "/var/log/asterisk/sip-"
# What belongs to a call (RFC 3261, RFC 3311, RFC 3515, RFC 6086)
_CALL_METHODS = ("INVITE", "ACK", "CANCEL", "BYE", "UPDATE", "REFER", "NOTIFY", "INFO")

_TRUSTED = f"{KEYS}/ca.crt"
_CERTIFICATE = f"{KEYS}/pbx.crt"
_KEY = f"{KEYS}/pbx.key"
# Root's folder, which Asterisk, who is not root, can't look into.
_AUTHORITY_KEY = "/root/ca.key"


class Asterisk:
    """An Asterisk and the configuration that it has in force.

    Args:
        container: where it runs.
        exchange: what it was configured from.
    """

    def __init__(self, container: Container, exchange: Exchange) -> None:
        self.container = container
        self._exchange = exchange
        self._changing = threading.RLock()
        self._ami: Ami | None = None
        self._events: list[Event] = []
        self._address = ""
        self._logs_sip = False
        self._complaints_since = ""
        self._took_its_files: bool | None = None

    def __repr__(self) -> str:
        return f"<Asterisk in {self.container.name}, {len(self._exchange.users)} users>"

    @classmethod
    def start(  # noqa: PLR0913 - a container has that many sides
        cls,
        engine: Engine,
        network: Network,
        exchange: Exchange,
        *,
        authority: Authority,
        name: str,
        labels: Mapping[str, str],
        media_address: str = LOOPBACK,
    ) -> "Asterisk":
        """Start an Asterisk's container with its configuration.

        Args:
            engine: where it is to run.
            network: the lab's network, on which it is called ``pbx``.
            exchange: what to configure it from.
            authority: who vouches for it; kept with it, out of Asterisk's reach.
            name: the container's name.
            labels: the container's labels.
            media_address: the address of the engine's machine on which the media ports of an
                exchange that serves browsers are published.

        Returns:
            The Asterisk; :meth:`connect` waits until it has booted.

        Raises:
            EngineError: when the engine can't start it.
        """
        container = engine.run(
            image=image(engine, "asterisk"),
            name=name,
            labels=labels,
            # It writes this into SIP headers, where a name that starts with a digit, as ids may,
            # is none (RFC 3261, section 25.1: toplabel).
            hostname=ALIAS,
            network=network,
            aliases=[ALIAS],
            files=_files(exchange)
            | _keys(authority.issue(ALIAS, now=datetime.now(UTC)))
            | {
                _TRUSTED: authority.certificate.pem,
                _AUTHORITY_KEY: Private(authority.certificate.key),
            },
            ports=[AMI_PORT, HTTP_PORT] if exchange.webrtc else [AMI_PORT],
            ports_elsewhere=_media_ports(exchange, media_address),
        )
        return cls(container, exchange)

    @classmethod
    def attach(cls, container: Container) -> "Asterisk":
        """Take up an Asterisk that runs already, with the configuration that it was given.

        Raises:
            EngineError: when the container does not answer.
        """
        return cls(container, Exchange.from_json(container.read(_MODEL).decode()))

    def connect(self, timeout_s: float = 30.0) -> None:
        """Wait until Asterisk has fully booted and its management interface is ours.

        Args:
            timeout_s: the longest to wait, in seconds.

        Raises:
            NotReady: when it has not booted in time.
            AmiError: when it refuses the login.
        """
        secret = self._exchange.ami_secret.get_secret_value()
        ami = Ami(LOOPBACK, self.container.port(AMI_PORT), self._exchange.ami_user, secret)
        wait_until(
            "Asterisk to boot",
            lambda: ami.connect() or None,
            timeout_s=timeout_s,
            containers=[self.container],
            hint="Its log says which file it could not read.",
        )
        wait_until(
            "Asterisk's command line",
            lambda: _knows_its_commands(ami),
            timeout_s=timeout_s,
            containers=[self.container],
        )
        ami.subscribe(self._events.append)
        self._ami = ami
        self._address = self.container.address
        self._log_sip(self._exchange)

    @property
    def running(self) -> bool:
        """Whether Asterisk runs and answers."""
        return self._ami is not None and self._ami.connected and self.container.running

    @property
    def ami(self) -> Ami:
        """The management interface.

        Raises:
            LabStopped: when Asterisk does not run, or was never connected.
        """
        if self._ami is None or not self._ami.connected:
            raise LabStopped(
                f"Asterisk ({self.container.name}) is {self.container.status()}, so it can't "
                "answer. Start it again with lab.pbx.restart(), or start the lab anew."
            )
        return self._ami

    @property
    def websocket_port(self) -> int:
        """The port on 127.0.0.1 of the WebSocket for phones in a browser; a restart changes it.

        Raises:
            LabStopped: when the container does not run.
            EngineError: when the exchange was started without ``webrtc``.
        """
        return self.container.port(HTTP_PORT)

    def media_ports(self) -> dict[int, tuple[str, int]]:
        """Return where media from a browser goes: address and port by Asterisk's own port.

        Raises:
            LabStopped: when the container does not run.
        """
        published = self.container.published()
        return {
            port: published[f"{port}/udp"]
            for port in self._exchange.media_ports
            if f"{port}/udp" in published
        }

    @property
    def exchange(self) -> Exchange:
        """The configuration in force, as a model."""
        return self._exchange

    def configuration(self) -> dict[str, str]:
        """Return the configuration files in force, without their secrets."""
        return redact(render(self._exchange))

    @property
    def address(self) -> str:
        """Its IP address on the lab's network; of one that has stopped, the one that it had.

        Raises:
            LabStopped: when it has stopped and nobody asked before.
        """
        try:
            self._address = self.container.address
        except LabStopped:
            if not self._address:
                raise
        return self._address

    @property
    def authority(self) -> Authority:
        """The lab's certificate authority, as it is kept in the container.

        Raises:
            EngineError: when the container can't be read.
        """
        certificate, key = (
            self.container.read(path).decode() for path in (_TRUSTED, _AUTHORITY_KEY)
        )
        return Authority(Certificate(certificate, key))

    @property
    def certificate(self) -> Certificate:
        """What Asterisk presents to phones that come over TLS; its key stays with it."""
        return Certificate(self.container.read(_CERTIFICATE).decode())

    def present(self, certificate: Certificate) -> None:
        """Let Asterisk present another certificate; it is restarted, and phones come anew.

        Args:
            certificate: with its key; see :mod:`voiplab.certificates` for good ones and bad.

        Raises:
            CertificateError: when its key is missing.
            NotReady: when Asterisk has not booted in time.
        """
        certificate.check_key()
        self.container.put(_keys(certificate))
        self.restart()

    def change(self, edit: Callable[[Exchange], Exchange]) -> None:
        """Change the configuration, and reload only what the change touches.

        Calls in progress go on. When Asterisk refuses, the former configuration is put back.

        Args:
            edit: takes the configuration in force and returns the one that is to be.

        Raises:
            ConfigError: when the new configuration would not be valid.
            AmiError: when Asterisk refuses it.
        """
        with self._changing:
            former, wanted = self._exchange, edit(self._exchange)
            self._put_in_force(former, wanted)

    def load(self, files: Mapping[str, str]) -> Complaints:
        """Put hand-written files in force; see :func:`voiplab.pbx.by_hand.reload_or_restart`.

        Args:
            files: texts by file name, as :func:`voiplab.config.read_files` returns them.

        Returns:
            What Asterisk complains about.

        Raises:
            NotReady: when Asterisk has not booted in time: there are files that it can't bear.
        """
        with self._changing:
            former, wanted = self._exchange, self._exchange.with_written(files)
            gone = render(former).keys() - render(wanted).keys()
            if gone and self.running:
                self.container.exec(
                    ["rm", "-f", *(f"{_CONFIGURATION}/{name}" for name in gone)], user="root"
                )
            self.container.put(_files(wanted))
            self._exchange = wanted
            sound, self._took_its_files = self._took_its_files, False
            complaints = by_hand.reload_or_restart(self, former, wanted, sound=sound)
            self._took_its_files = not by_hand.serious(complaints)
            return complaints

    def complaints(self) -> Complaints:
        """Return what Asterisk has complained about since it started, or was last given files.

        Raises:
            LabStopped: when Asterisk does not run.
        """
        return read_complaints(by_hand.log_so_far(self), since=self._complaints_since)

    def begin_complaints(self) -> None:
        """Leave out of :meth:`complaints` what has been said so far."""
        self._complaints_since = f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S.%f}"[:-3]

    def _put_in_force(self, former: Exchange, wanted: Exchange) -> None:
        ami = self.ami
        old, new = render(former), render(wanted)
        commands = reload_commands(old, new)
        changed = {name: text for name, text in new.items() if old.get(name) != text}
        self.container.put(_files_of(changed, wanted))
        try:
            for command in commands:
                ami.command(command, timeout_s=30.0)
        except VoipLabError:
            self.container.put(_files(former))
            raise
        self._exchange = wanted
        self._log_sip(wanted)

    def command(self, line: str) -> str:
        """Run a line of Asterisk's command line and return what it prints.

        Args:
            line: for example ``pjsip show endpoints``.

        Raises:
            AmiError: when Asterisk refuses it, or does not answer.
            LabStopped: when Asterisk does not run.
        """
        return self.ami.command(line)

    def events(self, *, after: int = 0) -> tuple[Event, ...]:
        """Return what the management interface has reported since it was first connected.

        Args:
            after: how many of the first events to leave out.
        """
        return tuple(self._events[after:])

    def call_records(self) -> list[dict[str, str]]:
        """Return Asterisk's call detail records (CDR), one a finished call.

        Returns:
            The columns of ``config.CDR_COLUMNS``, the oldest record first.

        Raises:
            EngineError: when the container can't be read.
        """
        try:
            text = self.container.read(CDR_FILE).decode("utf-8", "replace")
        except FileNotFoundError:
            return []
        return list(csv.DictReader(io.StringIO(text), fieldnames=CDR_COLUMNS))

    def listeners(self) -> list[Listener]:
        """Return the ports at which its machine takes what anybody on the network sends.

        Raises:
            EngineError: when the container can't be asked.
        """
        found: set[Listener] = set()
        for table in TABLES:
            told = self.container.exec(["cat", f"/proc/net/{table}"], check=False)
            if told.exit_code == 0:
                found.update(listeners(table, told.stdout.decode()))
        return sorted(found)

    def sip_logs(self) -> list[bytes]:
        """Return the SIP messages of all calls so far, as Asterisk sent and received them.

        Where they went over TLS, no capture of the network shows them.

        Returns:
            pcap files, the oldest first, from the moment on at which a user's security was first
            more than plain. They hold SRTP's keys.

        Raises:
            EngineError: when the container can't be read.
        """
        open_one = 1 if self.keep_sip_log() else 0
        folder, _, beginning = _SIP_LOG.rpartition("/")
        logs = self.container.folder(folder)
        names = sorted(name for name in logs if name.startswith(beginning))
        return [logs[name] for name in names[: len(names) - open_one] if logs[name]]

    def keep_sip_log(self) -> bool:
        """Have what was logged of SIP so far written to the disk, where a crash can't reach it.

        Returns:
            Whether Asterisk has gone on to another file.
        """
        try:
            self._log_sip_anew()
        except (AmiError, LabStopped):
            return False
        return True

    def _log_sip_anew(self) -> None:
        self.command(f"pjsip set logger pcap {_SIP_LOG}{time.time_ns()}.pcap")

    def _log_sip(self, exchange: Exchange) -> None:
        """Log calls' SIP where the network would not show it; not in the log of the container."""
        if self._logs_sip or not exchange.encrypts:
            return
        for command in ("on", "verbose off", *(f"methodadd {each}" for each in _CALL_METHODS)):
            self.command(f"pjsip set logger {command}")
        self._log_sip_anew()
        self._logs_sip = True

    def version(self) -> str:
        """Return Asterisk's version, for example ``22.10.1``."""
        found = re.search(r"\d+(?:\.\d+)+", self.command("core show version"))
        return found[0] if found else "unknown"

    def kill(self) -> None:
        """End Asterisk without warning, as a power cut would."""
        self.container.kill()

    def stop(self) -> None:
        """End Asterisk in order: it says goodbye to its calls; :meth:`restart` starts it again."""
        self.close()
        self.container.stop(timeout_s=_ORDERLY_END_S)

    def restart_in_order(self, timeout_s: float = 30.0) -> float:
        """Tell Asterisk to end its calls and start anew, and wait until it has booted.

        Args:
            timeout_s: the longest to wait, in seconds.

        Returns:
            When the former one had ended, in seconds since the epoch.

        Raises:
            NotReady: when it has not booted in time.
            LabStopped: when it does not run.
        """
        # The management interface would ask for it again as soon as Asterisk is back.
        self.container.exec(["asterisk", "-rx", "core restart now"], check=False)
        gone_s = time.time()
        self.close()
        self.connect(timeout_s)
        return gone_s

    def restart(self, timeout_s: float = 30.0) -> None:
        """Start Asterisk again, whether it runs or not, and wait until it has booted.

        Args:
            timeout_s: the longest to wait, in seconds.

        Raises:
            NotReady: when it has not booted in time.
        """
        self.close()
        self.container.restart(timeout_s=2)
        self.connect(timeout_s)

    def close(self) -> None:
        """Let go of Asterisk; its container stays."""
        ami, self._ami = self._ami, None
        self._logs_sip = False
        if ami is not None:
            ami.close()


def _media_ports(exchange: Exchange, address: str) -> dict[int | str, str]:
    """What is published of the media ports: all where browsers are served, else none."""
    if not exchange.webrtc:
        return {}
    return {f"{port}/udp": address for port in exchange.media_ports}


def _knows_its_commands(ami: Ami) -> bool:
    """Whether Asterisk has registered its last commands, which it does after it has booted."""
    try:
        ami.command("core show version")
    except AmiError:
        return False
    return True


def _keys(certificate: Certificate) -> dict[str, str]:
    return {_CERTIFICATE: certificate.pem, _KEY: certificate.key}


def _files(exchange: Exchange) -> dict[str, str]:
    return _files_of(render(exchange), exchange)


def _files_of(files: Mapping[str, str], exchange: Exchange) -> dict[str, str]:
    placed = {f"{_CONFIGURATION}/{name}": text for name, text in files.items()}
    placed[_MODEL] = exchange.to_json()
    return placed
