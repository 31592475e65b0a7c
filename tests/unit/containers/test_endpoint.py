"""Engines that are not there, refuse or fall silent: real sockets, with no engine behind them."""

import grp
import json
import os
import socket
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from voiplab.containers import Engine, endpoint, registry
from voiplab.errors import EngineError

NOBODY = 65534


@pytest.fixture(autouse=True)
def _no_engine_chosen(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("DOCKER_HOST", "DOCKER_CONTEXT", "DOCKER_TLS_VERIFY", "DOCKER_CERT_PATH"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))


def why_not(url: str | None = None) -> str:
    with pytest.raises(EngineError) as caught:
        Engine.connect(url)
    sentence = str(caught.value)
    assert "\n" not in sentence
    return sentence


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that everybody may enter, with a path short enough for a socket."""
    with tempfile.TemporaryDirectory(prefix="voiplab-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


@contextmanager
def listener(path: Path) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(path))
        listening.listen()
        yield listening


def test_no_socket(folder: Path) -> None:
    sentence = why_not(f"unix://{folder}/docker.sock")

    assert f"nobody listens at unix://{folder}/docker.sock" in sentence
    assert "make setup" in sentence
    assert "Docker Desktop" in sentence


def test_a_socket_that_an_engine_left_behind(folder: Path) -> None:
    with listener(folder / "docker.sock"):
        pass

    assert "nobody listens" in why_not(f"unix://{folder}/docker.sock")


def test_a_port_where_nobody_listens() -> None:
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        port = reserved.getsockname()[1]

        assert f"nobody listens at tcp://127.0.0.1:{port}" in why_not(f"tcp://127.0.0.1:{port}")


def said_to_nobody(ask: Callable[[], str]) -> str:
    """Return what a process without rights is told: root's are not bound by permissions."""
    import docker  # noqa: F401, PLC0415  (its files may be out of nobody's reach)

    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        if os.getuid() == 0:
            os.setgroups([])
            os.setgid(NOBODY)
            os.setuid(NOBODY)
        try:
            os.write(theirs, ask().encode())
        finally:
            os._exit(0)
    os.close(theirs)
    with os.fdopen(ours) as pipe:
        said = pipe.read()
    os.waitpid(child, 0)
    return said


def refusal(path: Path) -> str:
    try:
        Engine.connect(f"unix://{path}")
    except EngineError as error:
        return str(error)
    return "(connected)"


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give a socket to another group")
def test_a_socket_of_a_group_that_the_user_is_not_in(folder: Path) -> None:
    group = next(group for group in grp.getgrall() if 0 < group.gr_gid < 1000)
    path = folder / "docker.sock"
    with listener(path):
        path.chmod(0o660)
        os.chown(path, 0, group.gr_gid)
        said = said_to_nobody(lambda: refusal(path))

    assert f"sudo usermod -aG {group.gr_name} nobody" in said
    assert "log out and in again" in said
    assert str(path) in said


def test_a_socket_of_roots_alone(folder: Path) -> None:
    path = folder / "docker.sock"
    with listener(path):
        path.chmod(0o000)
        said = said_to_nobody(lambda: refusal(path))

    assert "may not use" in said or "Only root may use" in said
    assert str(path) in said


def test_a_session_that_began_before_the_user_joined_the_group(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    group = grp.struct_group(("docker", "x", 123, ["nobody"]))
    monkeypatch.setattr(grp, "getgrgid", lambda _gid: group)
    path = folder / "docker.sock"
    with listener(path):
        path.chmod(0o000)
        said = said_to_nobody(lambda: refusal(path))

    assert "this session began before that" in said


class Engineish(BaseHTTPRequestHandler):
    """Says that it is an engine, and then no more, until the test is over."""

    over = threading.Event()

    def do_GET(self) -> None:
        body = json.dumps({"ApiVersion": "1.41", "Version": "20.10.0"}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        self.over.wait()

    def log_message(self, *_: object) -> None:
        pass


class Stranger(BaseHTTPRequestHandler):
    """A web server of another kind."""

    def do_GET(self) -> None:
        self.send_error(404)

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def served(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"127.0.0.1:{server.server_port}"
        finally:
            Engineish.over.set()
            server.shutdown()
            thread.join()


def test_something_else_listens() -> None:
    with served(Stranger) as address:
        assert f"tcp://{address} can't be used" in why_not(f"tcp://{address}")


def test_nothing_is_answered(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(endpoint, "CONNECT_TIMEOUT_S", 0.2)
    path = folder / "docker.sock"
    with listener(path):
        assert "timed out" in why_not(f"unix://{path}")


def test_not_an_address() -> None:
    assert "gopher://engine can't be used" in why_not("gopher://engine")
    assert "tcp://engine:http can't be used" in why_not("tcp://engine:http")


def test_tls_where_the_engine_has_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("ca.pem", "cert.pem", "key.pem"):
        (tmp_path / name).write_text("not a certificate")
    monkeypatch.setenv("DOCKER_TLS_VERIFY", "1")
    monkeypatch.setenv("DOCKER_CERT_PATH", str(tmp_path))
    with served(Stranger) as address:
        monkeypatch.setenv("DOCKER_HOST", f"tcp://{address}")
        sentence = why_not()

    assert "TLS" in sentence
    assert "DOCKER_CERT_PATH" in sentence


def test_tls_without_certificates(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DOCKER_HOST", "tcp://127.0.0.1:2376")
    monkeypatch.setenv("DOCKER_TLS_VERIFY", "1")
    monkeypatch.setenv("DOCKER_CERT_PATH", str(tmp_path / "nowhere"))

    assert "DOCKER_CERT_PATH" in why_not()


def test_docker_host_is_where_it_looks(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", f"unix://{folder}/mine.sock")

    assert f"at unix://{folder}/mine.sock (from DOCKER_HOST)." in why_not()


def test_the_current_context_is_where_it_looks(folder: Path, tmp_path: Path) -> None:
    meta = tmp_path / "contexts" / "meta" / sha256(b"remote").hexdigest()
    meta.mkdir(parents=True)
    (tmp_path / "config.json").write_text(json.dumps({"currentContext": "remote"}))
    (meta / "meta.json").write_text(
        json.dumps(
            {
                "Name": "remote",
                "Metadata": {},
                "Endpoints": {"docker": {"Host": f"unix://{folder}/remote.sock"}},
            }
        )
    )

    assert f"at unix://{folder}/remote.sock (from the Docker context remote)." in why_not()


def test_a_context_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_CONTEXT", "forgotten")

    assert "context does not exist" in why_not()


def test_an_engine_that_falls_silent_while_it_pulls(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "SILENCE_S", 0.2)
    with served(Engineish) as address:
        engine = Engine.connect(f"tcp://{address}")
        with pytest.raises(EngineError, match="stopped answering when asked to pull debian:x"):
            registry.pull(engine, "debian:x", lambda _line: None)
        engine.close()


def test_an_engine_that_is_killed_in_the_middle() -> None:
    with served(Engineish) as address:
        engine = Engine.connect(f"tcp://{address}")

    with pytest.raises(EngineError, match="stopped answering when asked to find the container"):
        engine.container("demo-pbx")
