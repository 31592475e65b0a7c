"""What the configuration says, Asterisk does: it is read back from a real one, and called."""

import csv
import hashlib
import io
import re
import secrets
import socket
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Self

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from voiplab.certificates import Authority
from voiplab.config import (
    CDR_COLUMNS,
    CDR_FILE,
    KEYS,
    Conference,
    Exchange,
    Mailbox,
    RingGroup,
    User,
    redact,
    reload_commands,
    render,
)
from voiplab.config.modules import modules
from voiplab.config.rendering import FILES
from voiplab.containers import Container, Engine, image, wait_until
from voiplab.errors import ConfigError

pytestmark = pytest.mark.engine

NASTY_NAMES = (
    "Zoë Œuvre-Ñandú",
    "O'Brien, Jr.",
    "[admin]",
    "<2002>",
    "a <b> c",
    "#include x",
    "x = y => z",
    "${EXTEN} $[1+1] ${SHELL(id)}",
    "& | ! ( ) { } % @ :",
    "', '",
    "名前 имя שם",
    "👨‍👩‍👧 family",
    "é" * 39,
    "x" * 79,
    "",
)

NASTY_LETTERS = st.one_of(
    st.characters(exclude_categories=["C"]), st.sampled_from("[]<>(),'=#${}&|")
)


def accepted(name: str) -> str | None:
    """The name as a model keeps it, or None where it is refused."""
    try:
        return User(extension="2001", name=name).name
    except ConfigError:
        return None


NAMES = st.text(NASTY_LETTERS, max_size=79).map(accepted).filter(lambda name: name is not None)


class Running:
    """A configuration in force in a real Asterisk."""

    def __init__(self, container: Container, exchange: Exchange) -> None:
        self.container = container
        self.exchange = exchange

    def cli(self, *commands: str) -> list[str]:
        """What Asterisk's CLI answers to each command."""
        script = 'for line; do asterisk -rx "$line"; echo "<end>"; done'
        said = self.container.exec(["sh", "-c", script, "sh", *commands]).text
        return said.split("<end>\n")[:-1]

    def evaluate(self, *functions: str) -> list[str]:
        """The values of dial plan functions."""
        answers = self.cli(*(f"dialplan eval function {function}" for function in functions))
        return [re.search(r"^Result: (.*)$", answer, re.MULTILINE)[1] for answer in answers]

    def change(self, exchange: Exchange) -> None:
        """Put another configuration in force, by its files and the reloads that they need."""
        old, new = render(self.exchange), render(exchange)
        self.container.put({f"/etc/asterisk/{name}": text for name, text in new.items()})
        self.cli(*reload_commands(old, new))
        self.exchange = exchange

    def secret_of(self, extension: str) -> str:
        return self.exchange.user(extension).secret.get_secret_value()


EXCHANGE = Exchange(
    users=(
        User(extension="2001", name="Caller, the first"),
        User(extension="2002", ring_s=2, codecs=("alaw",)),
        User(extension="2003", call_waiting=True, contacts=3),
        User(extension="2004", name="Away"),
        User(extension="2005", name="Zoë's box", mailbox=Mailbox(pin="97531")),
    ),
    ring_groups=(RingGroup(extension="6000", members=("2002", "2003"), ring_s=2),),
    conferences=(Conference(extension="8000"), Conference(extension="8001", pin="4321")),
)


def keys() -> dict[str, str]:
    """What the transport for TLS wants to find."""
    now = datetime.now(UTC)
    authority = Authority.create("Nobody", now=now)
    own = authority.issue("pbx", now=now)
    return {
        f"{KEYS}/ca.crt": authority.certificate.pem,
        f"{KEYS}/pbx.crt": own.pem,
        f"{KEYS}/pbx.key": own.key,
    }


def start(engine: Engine, exchange: Exchange) -> Running:
    container = engine.run(
        image=image(engine, "asterisk"),
        name=f"cfgtest-{secrets.token_hex(4)}",
        labels={},
        files={f"/etc/asterisk/{name}": text for name, text in render(exchange).items()} | keys(),
    )
    running = Running(container, exchange)
    try:
        wait_until(
            "Asterisk to boot",
            lambda: (
                container.exec(["asterisk", "-rx", "core waitfullybooted"], check=False).exit_code
                == 0
            ),
            timeout_s=30,
            containers=[container],
        )
    except BaseException:
        container.remove()
        raise
    return running


@pytest.fixture
def fresh(engine: Engine) -> Iterator[Running]:
    running = start(engine, EXCHANGE)
    yield running
    running.container.remove()


@pytest.fixture(scope="module")
def asterisk(engine: Engine) -> Iterator[Running]:
    running = start(engine, EXCHANGE)
    yield running
    running.container.remove()


def test_it_boots_without_a_complaint(fresh: Running) -> None:

    def log_to_the_end() -> str | None:
        # The engine's log follows what Asterisk has written, if not at once.
        log = fresh.container.logs(tail=1000)
        return log if "Asterisk Ready." in log else None

    log = wait_until("Asterisk's word that it is ready", log_to_the_end, timeout_s=10)
    assert not [line for line in log.splitlines() if re.search(r"WARNING|ERROR", line)]


def assert_loaded(running: Running, *, webrtc: bool) -> None:
    shown = running.cli("module show")[0]
    loaded = set(re.findall(r"^(\w+)\.so .*Running", shown, re.MULTILINE))
    assert loaded == {name for names in modules(webrtc=webrtc).values() for name in names}


def test_it_loads_what_is_listed_and_nothing_else(fresh: Running) -> None:
    assert_loaded(fresh, webrtc=False)


def test_it_listens_for_browsers_only_when_it_is_told_to(engine: Engine, fresh: Running) -> None:
    assert "Server Disabled" in fresh.cli("http show status")[0]
    phone = User(extension="2006", name="Browser", codecs=("opus", "ulaw"), webrtc=True)
    serving = start(engine, EXCHANGE.with_webrtc().with_user(phone))
    try:
        log = serving.container.logs(tail=1000)
        assert not [line for line in log.splitlines() if re.search(r"WARNING|ERROR", line)]
        assert_loaded(serving, webrtc=True)
        assert_read_back(serving)
        assert "/ws => Asterisk HTTP WebSocket" in serving.cli("http show status")[0]
        endpoint, plain = serving.cli("pjsip show endpoint 2006", "pjsip show endpoint 2001")
        expected = {"webrtc": "yes", "ice_support": "true", "media_encryption": "dtls"}
        for name, value in expected.items():
            assert setting(endpoint, name) == value
            assert setting(plain, name) != value
        rtp = serving.cli("rtp show settings")[0]
        assert re.search(r"Port start: +10000\n +Port end: +10039\n", rtp)
    finally:
        serving.container.remove()


def listens(running: Running) -> set[tuple[str, int]]:
    """Transports and ports that Asterisk has bound, as the kernel has them (proc(5))."""
    bound = set()
    for protocol, state in (("tcp", "0A"), ("udp", "07")):
        for line in running.container.exec(["cat", f"/proc/net/{protocol}"]).text.splitlines()[1:]:
            _, local, _, is_in, *_ = line.split()
            address, port = local.split(":")
            if is_in == state and address == "00000000":
                bound.add((protocol, int(port, 16)))
    return bound


def test_where_encryption_is_required_it_listens_on_nothing_but_tls(engine: Engine) -> None:
    plain = Exchange(users=(User(extension="2001"), User(extension="2002", security="dtls")))
    for exchange, clear in ((plain, True), (plain.with_security("required"), False)):
        running = start(engine, exchange)
        try:
            in_clear = {("udp", 5060), ("tcp", 5060)}
            assert listens(running) & (in_clear | {("tcp", 5061)}) == {("tcp", 5061)} | (
                in_clear if clear else set()
            )
            one, other = running.cli("pjsip show endpoint 2001", "pjsip show endpoint 2002")
            assert setting(one, "media_encryption") == ("no" if clear else "sdes")
            assert setting(other, "media_encryption") == "dtls"
            assert setting(other, "media_encryption_optimistic") == "false"
        finally:
            running.container.remove()


def test_it_knows_all_that_the_dial_plan_uses(fresh: Running) -> None:
    dial_plan = render(EXCHANGE)["extensions.conf"]
    applications = set(re.findall(r"(?:,1|n(?:\(\w+\))?),([A-Za-z]+)\(", dial_plan))
    functions = set(re.findall(r"\$\{([A-Z_]+)\(", dial_plan))
    assert {"Dial", "Gosub", "ConfBridge"} <= applications
    assert {"CHANNEL", "PJSIP_DIAL_CONTACTS"} <= functions
    known = [
        set(re.findall(pattern, listing, re.MULTILINE))
        for pattern, listing in zip(
            (r"^ *(\w+): ", r"^(\w+) "),
            fresh.cli("core show applications", "core show functions"),
            strict=True,
        )
    ]
    assert applications - known[0] == set()
    assert functions - known[1] == set()


def test_it_does_not_run_as_root_and_has_no_file_but_ours(fresh: Running) -> None:
    assert fresh.container.exec(["id", "-un"]).text.strip() == "asterisk"
    assert sorted(fresh.container.exec(["ls", "/etc/asterisk"]).text.split()) == sorted(
        [*FILES, "keys"]
    )


def test_it_stops_by_itself_when_asked(fresh: Running) -> None:
    fresh.container.stop(timeout_s=10)
    assert fresh.container.exit_code == 0


def test_french_prompts_are_spoken_in_french(engine: Engine) -> None:
    running = start(engine, Exchange(users=(User(extension="2001"),), language="fr"))
    try:
        assert (
            "language                           : fr" in running.cli("pjsip show endpoint 2001")[0]
        )
        running.container.exec(["test", "-e", "/usr/share/asterisk/sounds/fr/vm-login.wav"])
    finally:
        running.container.remove()


# Asterisk's own reading agrees with the model


def setting(shown: str, name: str) -> str:
    """The value of a setting, as `pjsip show …` prints it."""
    found = re.search(rf"^ {name} +: (.*)$", shown, re.MULTILINE)
    assert found, f"no {name} in {shown}"
    return found[1]


def assert_read_back(running: Running) -> None:
    """What Asterisk believes of each user is what the model says."""
    users = running.exchange.users
    shown = running.cli(
        *(
            f"pjsip show {kind} {user.extension}"
            for user in users
            for kind in ("endpoint", "auth", "aor")
        )
    )
    for user, endpoint, auth, aor in zip(users, shown[::3], shown[1::3], shown[2::3], strict=True):
        caller = f'"{user.name}" <{user.extension}>' if user.name else user.extension
        assert setting(endpoint, "callerid") == caller
        assert setting(endpoint, "allow") == f"({'|'.join(user.codecs)})"
        assert setting(endpoint, "device_state_busy_at") == str(int(not user.call_waiting))
        assert setting(endpoint, "context") == "phones"
        assert setting(endpoint, "direct_media") == "false"
        assert setting(auth, "username") == user.extension
        assert setting(auth, "password") == user.secret.get_secret_value()
        assert setting(aor, "max_contacts") == str(user.contacts)
        assert setting(aor, "remove_existing") == "true"
        mailbox = f"{user.extension}@default" if user.mailbox else ""
        assert setting(aor, "mailboxes") == mailbox
    listed = running.cli("pjsip show endpoints")[0]
    assert set(re.findall(r"^ Endpoint: +(\d+)", listed, re.MULTILINE)) == {
        user.extension for user in users
    }


def assert_mailboxes_read_back(running: Running) -> None:
    owners = [user for user in running.exchange.users if user.mailbox]
    listed = running.cli("voicemail show users")[0]
    assert set(re.findall(r"^default +(\d+)", listed, re.MULTILINE)) == {
        user.extension for user in owners
    }
    names = running.evaluate(*(f"VM_INFO({user.extension}@default,fullname)" for user in owners))
    pins = running.evaluate(*(f"VM_INFO({user.extension}@default,password)" for user in owners))
    assert names == [user.name for user in owners]
    assert pins == [user.mailbox.pin.get_secret_value() for user in owners if user.mailbox]


def test_asterisk_reads_what_the_model_says(fresh: Running) -> None:
    assert_read_back(fresh)
    assert_mailboxes_read_back(fresh)
    rtp = fresh.cli("rtp show settings")[0]
    assert re.search(r"Port start: +10000\n +Port end: +20000\n", rtp)


@settings(
    max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(names=st.lists(NAMES, min_size=15, max_size=15))
@example(names=list(NASTY_NAMES))
def test_asterisk_reads_every_accepted_name_as_it_is(fresh: Running, names: list[str]) -> None:
    fresh.change(
        Exchange(
            users=tuple(
                User(
                    extension=f"30{number:02}",
                    name=name,
                    mailbox=None if "," in name else Mailbox(),
                )
                for number, name in enumerate(names)
            ),
            ami_secret=EXCHANGE.ami_secret,
        )
    )
    assert_read_back(fresh)
    assert_mailboxes_read_back(fresh)


# Calls, by the least SIP user agent that can be told to answer anything


class UserAgent:
    """Registers, calls, and refuses calls with any status (RFC 3261, over UDP).

    Softphones are told to be busy, but not to answer 603 or 488: this one is.
    """

    def __init__(self, running: Running, extension: str) -> None:
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.connect((running.container.address, 5060))
        self.socket.settimeout(20)
        host, port = self.socket.getsockname()
        self.extension = extension
        self.secret = running.secret_of(extension)
        self.contact = f"<sip:{extension}@{host}:{port}>"
        self.via = f"SIP/2.0/UDP {host}:{port};rport"
        self.pbx = running.container.address
        self.call_id = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def _send(  # noqa: PLR0913 - a request has that many parts
        self,
        method: str,
        uri: str,
        *,
        sequence: int,
        extra: str = "",
        tag: str = "",
        body: str = "",
    ) -> None:
        to = f"<sip:{self.extension}@{self.pbx}>" if method == "REGISTER" else f"<{uri}>"
        self.socket.send(
            f"{method} {uri} SIP/2.0\r\nVia: {self.via};branch=z9hG4bK{secrets.token_hex(8)}\r\n"
            f"Max-Forwards: 70\r\nFrom: <sip:{self.extension}@{self.pbx}>;tag={self.call_id}\r\n"
            f"To: {to}{tag}\r\nCall-ID: {self.call_id}\r\nCSeq: {sequence} {method}\r\n"
            f"Contact: {self.contact}\r\n{extra}Content-Length: {len(body)}\r\n\r\n{body}".encode()
        )

    def _receive(self, wanted: Callable[[str], bool]) -> str:
        """The next message that is wanted; the PBX's questions in between are answered 200."""
        while True:
            message = self.socket.recv(65535).decode()
            if wanted(message):
                return message
            if message.startswith(("OPTIONS", "NOTIFY")):
                self._answer(message, "200 OK")

    def _answer(self, request: str, status: str) -> None:
        kept = re.findall(r"^(?:Via|From|To|Call-ID|CSeq): .*\r\n", request, re.MULTILINE)
        headers = re.sub(r"(To: [^\r]*?)(;tag=\w+)?\r", r"\1;tag=callee\r", "".join(kept))
        self.socket.send(f"SIP/2.0 {status}\r\n{headers}Content-Length: 0\r\n\r\n".encode())

    def request(self, method: str, uri: str, extra: str = "", body: str = "") -> int:
        """Send a request, log in when asked (RFC 2617), and return the final status."""
        self.call_id = secrets.token_hex(8)
        credentials = ""
        for sequence in (1, 2):
            self._send(method, uri, sequence=sequence, extra=credentials + extra, body=body)
            answer = self._receive(
                lambda text, cseq=f"CSeq: {sequence} {method}": (
                    text.startswith("SIP/2.0 ") and text[8] != "1" and cseq in text
                )
            )
            status = int(answer[8:11])
            if method == "INVITE" and status >= 300:
                tag = re.search(r"^To: .*(;tag=[^\r]+)", answer, re.MULTILINE)[1]
                self._send("ACK", uri, sequence=sequence, tag=tag)
            if status != 401:
                break
            credentials = self._credentials(method, uri, answer)
        return status

    def _credentials(self, method: str, uri: str, challenge: str) -> str:
        asked = dict(re.findall(r'(realm|nonce|opaque)="([^"]*)"', challenge))
        digest = lambda text: hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()  # noqa: E731
        who = digest(f"{self.extension}:{asked['realm']}:{self.secret}")
        proof = digest(f"{who}:{asked['nonce']}:00000001:c:auth:{digest(f'{method}:{uri}')}")
        return (
            f'Authorization: Digest username="{self.extension}",realm="{asked["realm"]}",'
            f'nonce="{asked["nonce"]}",uri="{uri}",response="{proof}",algorithm=MD5,'
            f'cnonce="c",nc=00000001,qop=auth,opaque="{asked["opaque"]}"\r\n'
        )

    def register(self, expires_s: int = 300) -> int:
        """The status of a registration; 0 seconds take it back."""
        return self.request("REGISTER", f"sip:{self.pbx}", f"Expires: {expires_s}\r\n")

    def call(self, number: str) -> int:
        """The final status of a call."""
        sdp = (
            f"v=0\r\no=- 1 1 IN IP4 {self.pbx}\r\ns=-\r\nc=IN IP4 {self.pbx}\r\nt=0 0\r\n"
            "m=audio 40000 RTP/AVP 8 0\r\n"
        )
        return self.request(
            "INVITE", f"sip:{number}@{self.pbx}", "Content-Type: application/sdp\r\n", sdp
        )

    def refuse(self, status: str | None) -> str:
        """Wait to be called; refuse with a status, or ring until the caller gives up."""
        invite = self._receive(lambda text: text.startswith("INVITE"))
        self._answer(invite, status or "180 Ringing")
        if status is None:
            cancel = self._receive(lambda text: text.startswith("CANCEL"))
            self._answer(cancel, "200 OK")
            self._answer(invite, "487 Request Terminated")
        self._receive(lambda text: text.startswith("ACK"))
        return invite


@pytest.fixture
def caller(asterisk: Running) -> Iterator[UserAgent]:
    with UserAgent(asterisk, "2001") as agent:
        assert agent.register() == 200
        yield agent


@pytest.mark.parametrize(
    ("callee_says", "caller_hears"),
    [
        ("486 Busy Here", 486),
        ("600 Busy Everywhere", 486),
        ("603 Decline", 603),
        ("480 Temporarily Unavailable", 480),
        ("488 Not Acceptable Here", 488),
        ("503 Service Unavailable", 503),
        (None, 480),
    ],
)
def test_the_caller_hears_why_the_callee_refused(
    asterisk: Running, caller: UserAgent, callee_says: str | None, caller_hears: int
) -> None:
    with UserAgent(asterisk, "2002") as callee, ThreadPoolExecutor(1) as pool:
        assert callee.register() == 200
        calling = pool.submit(caller.call, "2002")
        callee.refuse(callee_says)
        assert calling.result() == caller_hears
        assert callee.register(expires_s=0) == 200


@pytest.mark.parametrize(
    ("number", "status"),
    [
        ("2004", 480),
        ("6000", 480),
        ("2999", 404),
        ("*99", 404),
        ("ring", 404),
        ("s", 404),
    ],
)
def test_the_caller_hears_that_nobody_can_be_rung(
    caller: UserAgent, number: str, status: int
) -> None:
    assert caller.call(number) == status


def test_a_user_in_a_call_is_busy_unless_calls_may_wait(asterisk: Running) -> None:
    with (
        UserAgent(asterisk, "2001") as caller,
        UserAgent(asterisk, "2002") as talking,
        UserAgent(asterisk, "2003") as waiting,
        ThreadPoolExecutor(2) as pool,
    ):
        for agent in (caller, talking, waiting):
            assert agent.register() == 200
        assert talking.call("*43") == 200
        assert waiting.call("*43") == 200
        assert caller.call("2002") == 486
        calling = pool.submit(caller.call, "2003")
        waiting.refuse("603 Decline")
        assert calling.result() == 603
        asterisk.cli("channel request hangup all")
        for agent in (talking, waiting):
            assert agent.register(expires_s=0) == 200


def test_the_callee_sees_the_caller_s_name(asterisk: Running, caller: UserAgent) -> None:
    with UserAgent(asterisk, "2002") as callee, ThreadPoolExecutor(1) as pool:
        assert callee.register() == 200
        calling = pool.submit(caller.call, "2002")
        invite = callee.refuse("486 Busy Here")
        calling.result()
        assert 'From: "Caller, the first" <sip:2001@' in invite
        assert callee.register(expires_s=0) == 200


def test_a_call_leaves_one_record_that_names_it(asterisk: Running, caller: UserAgent) -> None:
    with UserAgent(asterisk, "2002") as callee, ThreadPoolExecutor(1) as pool:
        assert callee.register() == 200
        calling = pool.submit(caller.call, "2002")
        callee.refuse("603 Decline")
        calling.result()
        assert callee.register(expires_s=0) == 200

    def records() -> list[dict[str, str]]:
        rows = csv.DictReader(
            io.StringIO(asterisk.container.read(CDR_FILE).decode()), fieldnames=CDR_COLUMNS
        )
        return [row for row in rows if row["sip_call_id"] == caller.call_id]

    record, *others = wait_until("the record of the call", records, timeout_s=10)
    assert others == []
    assert record["src"] == "2001"
    assert record["dst"] == "2002"
    assert record["clid"] == '"Caller, the first" <2001>'
    assert record["linkedid"] == record["uniqueid"]
    assert record["dstchannel"].startswith("PJSIP/2002-")
    assert float(record["answer"]) == 0
    assert float(record["end"]) - float(record["start"]) == pytest.approx(
        float(record["duration"]), abs=0.001
    )


# Changes in force at once


def test_a_user_is_added_changed_and_removed_while_it_runs(fresh: Running) -> None:
    base = fresh.exchange
    added = User(extension="2100", name="New")
    changed = User(extension="2100", name="Renamed")

    fresh.change(base.with_user(added))
    assert_read_back(fresh)
    with UserAgent(fresh, "2100") as phone:
        assert phone.register() == 200

        fresh.change(fresh.exchange.replacing_user(changed))
        assert_read_back(fresh)
        assert phone.register() == 401
    with UserAgent(fresh, "2100") as phone, UserAgent(fresh, "2001") as caller:
        assert phone.register() == 200
        assert caller.register() == 200
        with ThreadPoolExecutor(1) as pool:
            calling = pool.submit(caller.call, "2100")
            phone.refuse("486 Busy Here")
            assert calling.result() == 486

        fresh.change(base)
        assert_read_back(fresh)
        assert phone.register() == 401
        assert caller.call("2100") == 404


def test_groups_conferences_and_mailboxes_change_while_it_runs(fresh: Running) -> None:
    fresh.change(
        Exchange(
            users=(
                User(extension="2001", mailbox=Mailbox(pin="1111")),
                User(extension="2005", name="Renamed", mailbox=Mailbox(pin="2222")),
            ),
            conferences=(Conference(extension="8001", pin="9999"), Conference(extension="8002")),
            ami_secret=EXCHANGE.ami_secret,
        )
    )
    assert_mailboxes_read_back(fresh)
    plan, open_room, closed_room = fresh.cli(
        "dialplan show phones",
        "confbridge show profile user conference-8002",
        "confbridge show profile user conference-8001",
    )
    assert set(re.findall(r"^  '([268]\d+)'", plan, re.MULTILINE)) == {
        "2001",
        "2005",
        "8001",
        "8002",
    }
    assert re.search(r"PIN: +None", open_room)
    assert re.search(r"PIN: +9999", closed_room)


def test_what_is_shown_of_a_configuration_can_not_log_in(engine: Engine) -> None:
    shown = redact(render(EXCHANGE))
    container = engine.run(
        image=image(engine, "asterisk"),
        name=f"cfgtest-{secrets.token_hex(4)}",
        labels={},
        files={f"/etc/asterisk/{name}": text for name, text in shown.items()},
    )
    try:
        running = Running(container, EXCHANGE)
        wait_until(
            "Asterisk to boot",
            lambda: (
                container.exec(["asterisk", "-rx", "core waitfullybooted"], check=False).exit_code
                == 0
            ),
            timeout_s=30,
            containers=[container],
        )
        with UserAgent(running, "2001") as phone:
            assert phone.register() == 401
    finally:
        container.remove()
