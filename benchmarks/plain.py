"""The reference: the same containers, with nothing but the engine's own command line.

What voiplab does is done here by hand, as shortly as a shell script would: `docker run` of the
three containers side by side, polled until both phones are registered.
"""

import json
import secrets
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from voiplab.config import Exchange, User, render
from voiplab.containers import Engine, image

USERS = ("2001", "2002")
POLL_S = 0.02


def docker(*arguments: str, check: bool = True) -> str:
    """Run the engine's command line and return what it prints."""
    return subprocess.run(
        ["docker", *arguments],  # noqa: S607 - the engine's own client
        check=check,
        capture_output=True,
        text=True,
    ).stdout


class RawControl:
    """A softphone's control port, bare: netstrings on a socket."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=10)
        self._pending = b""

    def send(self, command: str, params: str = "") -> None:
        """Send an order."""
        order = json.dumps({"command": command, "params": params, "token": "0"}).encode()
        self._socket.sendall(b"%d:%s," % (len(order), order))

    def receive(self) -> dict[str, str]:
        """Return the next message."""
        while True:
            digits, colon, rest = self._pending.partition(b":")
            if colon and len(rest) > int(digits):
                self._pending = rest[int(digits) + 1 :]
                return json.loads(rest[: int(digits)])
            received = self._socket.recv(65536)
            if not received:
                raise EOFError
            self._pending += received

    def wait_for(self, event: str) -> None:
        """Wait for an event."""
        while self.receive().get("type") != event:
            pass

    def close(self) -> None:
        """Let go of the port."""
        self._socket.close()


@dataclass
class PlainLab:
    """Three containers and their control ports."""

    controls: dict[str, RawControl]


@contextmanager
def plain_lab() -> Iterator[PlainLab]:
    """Start a PBX and two phones with `docker run`, and remove them in the end."""
    engine = Engine.connect()
    pbx_image, phone_image = image(engine, "asterisk"), image(engine, "phone")
    tag = f"plain-{secrets.token_hex(3)}"
    exchange = Exchange(users=tuple(User(extension=each) for each in USERS))
    names = [f"{tag}-pbx", *(f"{tag}-{each}" for each in USERS)]
    controls: dict[str, RawControl] = {}
    with tempfile.TemporaryDirectory() as folder:
        for name, text in render(exchange).items():
            (Path(folder) / name).write_text(text)
        Path(folder).chmod(0o755)
        try:
            docker("network", "create", tag)
            pbx = ("-p", "127.0.0.1::5038", "-v", f"{folder}:/etc/asterisk:ro")
            common = ("run", "--detach", "--init", "--network", tag)
            phone = (*common, "-p", "127.0.0.1::4444", "--cap-add", "NET_RAW", "--name")
            with ThreadPoolExecutor(3) as pool:
                runs = [
                    pool.submit(
                        docker,
                        *(*common, *pbx, "--network-alias", "pbx", "--name", names[0], pbx_image),
                    ),
                    *(pool.submit(docker, *phone, name, phone_image) for name in names[1:]),
                ]
                for run in runs:
                    run.result()
            docker("exec", names[0], "sh", "-c", _UNTIL_BOOTED)
            for user, name in zip(exchange.users, names[1:], strict=True):
                control = controls[user.extension] = _control(name)
                secret = user.secret.get_secret_value()
                control.send(
                    "uanew",
                    f"<sip:{user.extension}@pbx:5060;transport=udp>;auth_user={user.extension}"
                    f";auth_pass={secret};regint=60;answermode=auto;audio_codecs=PCMU/8000/1",
                )
            while docker("exec", names[0], "asterisk", "-rx", "pjsip show contacts").count(
                "Contact:  2"
            ) < len(USERS):
                time.sleep(POLL_S)
            yield PlainLab(controls)
        finally:
            for control in controls.values():
                control.close()
            docker("rm", "--force", "--volumes", *names, check=False)
            docker("network", "rm", tag, check=False)


_UNTIL_BOOTED = "until asterisk -rx 'core waitfullybooted' > /dev/null 2>&1; do sleep 0.02; done"


def _control(name: str) -> RawControl:
    port = int(docker("port", name, "4444/tcp").rpartition(":")[2])
    while True:
        try:
            control = RawControl(port)
            control.send("reginfo")
            control.receive()
        except (OSError, EOFError):
            time.sleep(POLL_S)
        else:
            return control
