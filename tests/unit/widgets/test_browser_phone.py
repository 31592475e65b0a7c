import hashlib
import json
import re
from pathlib import Path

import ipywidgets
import pytest

from voiplab import BrowserPhone
from voiplab.errors import LabStopped, PhoneError
from voiplab.phones import BrowserAccount
from voiplab.widgets.browser_phone import STATISTICS
from voiplab.widgets.phone_texts import TEXTS

ROOT = Path(__file__).parents[3]
STATIC = ROOT / "voiplab" / "widgets" / "static"
ACCOUNT = BrowserAccount(
    lab="demo",
    extension="2003",
    name="Me",
    password="hunter2",  # noqa: S106 - the test looks for it
    websocket_port=32768,
    media_ports={10000: ("127.0.0.1", 32769)},
)


class Me:
    """A user of a lab, or of what is left of it."""

    stopped = False

    def browser_account(self):
        if self.stopped:
            raise LabStopped("Lab 'demo' is stopped.")
        return ACCOUNT


class Page:
    """A phone, and what it sends to the page."""

    def __init__(self):
        self.sent = []
        self.user = Me()
        self.phone = BrowserPhone(self.user)
        self.phone.send = self.sent.append

    def says(self, **content):
        self.phone._handle_custom_msg(content, [])


@pytest.fixture
def page():
    return Page()


def test_the_account_goes_to_the_page_that_asks_and_nowhere_else(page):
    assert page.sent == []
    page.says(ask="account")
    (message,) = page.sent
    assert message["account"]["password"] == "hunter2"  # noqa: S105 - as above
    assert message["account"]["media_ports"] == {"10000": ("127.0.0.1", 32769)}
    state = ipywidgets.Widget.get_manager_state(widgets=[page.phone], drop_defaults=False)
    saved = json.dumps(state, default=str)
    assert page.phone.model_id in saved
    for shown in (saved, repr(page.phone), repr(ACCOUNT), str(page.phone._repr_mimebundle_())):
        assert "hunter2" not in shown


def test_a_user_has_one_phone(page):
    anew = BrowserPhone(page.user)
    assert page.phone.comm is None
    assert anew.comm is not None


def test_the_page_hears_why_there_is_no_account(page):
    page.user.stopped = True
    page.says(ask="account")
    assert page.sent == [{"account": None, "reason": "Lab 'demo' is stopped."}]


@pytest.mark.parametrize(
    ("do", "order"),
    [
        (lambda phone: phone.call("*43"), {"order": "call", "values": ["*43"]}),
        (BrowserPhone.answer, {"order": "answer", "values": []}),
        (BrowserPhone.reject, {"order": "reject", "values": []}),
        (BrowserPhone.hang_up, {"order": "hang_up", "values": []}),
        (BrowserPhone.hold, {"order": "hold", "values": [True]}),
        (BrowserPhone.resume, {"order": "hold", "values": [False]}),
        (BrowserPhone.mute, {"order": "mute", "values": [True]}),
        (BrowserPhone.unmute, {"order": "mute", "values": [False]}),
        (lambda phone: phone.send_dtmf("1#"), {"order": "send_dtmf", "values": ["1#"]}),
    ],
)
def test_what_python_asks_for_goes_to_the_page_that_shows_the_phone(page, do, order):
    with pytest.raises(PhoneError, match="in no page yet"):
        do(page.phone)
    page.phone.registration = "registered"
    do(page.phone)
    assert page.sent == [order]


@pytest.mark.parametrize("number", ["", "20 01", "2001\n", "sip:2001@elsewhere", "1" * 41, "٢٠٠١"])
def test_what_is_no_number_is_refused(page, number):
    page.phone.registration = "registered"
    with pytest.raises(PhoneError, match="can't be dialled"):
        page.phone.call(number)
    assert page.sent == []


@pytest.mark.parametrize("digits", ["", "A", "1 2", "12\n"])
def test_what_is_no_key_is_refused(page, digits):
    page.phone.registration = "registered"
    with pytest.raises(PhoneError, match="can't be pressed"):
        page.phone.send_dtmf(digits)
    assert page.sent == []


def test_seconds_become_rows_and_are_told_to_observers(page):
    assert list(page.phone.statistics.columns) == list(STATISTICS)
    assert page.phone.statistics.empty
    told = []
    page.phone.observe(lambda change: told.append(change.new["call_s"]), "second")
    for call_s in (1.0, 2.0):
        second = dict.fromkeys(STATISTICS) | {"time": 1795570956.5 + call_s, "call_s": call_s}
        page.says(second=second)
    assert told == [1.0, 2.0]
    table = page.phone.statistics
    assert table.call_s.tolist() == [1.0, 2.0]
    assert str(table.time.iloc[0]) == "2026-11-25 01:42:37.500000+00:00"


def test_the_message_is_what_the_page_shows(page):
    assert page.phone.message == ""
    page.phone.notice = {"name": "busy", "values": {"peer": "2001"}}
    assert page.phone.message == "2001 is busy, or refused the call."


# The bundles that widgets load


def test_the_bundles_are_the_build_of_the_sources_here():
    recorded = dict(
        reversed(line.split("  "))
        for checksums in STATIC.glob("*.sha256")
        for line in checksums.read_text().splitlines()
    )
    sources = {str(path.relative_to(ROOT)) for path in (ROOT / "web" / "src").iterdir()}
    assert sources | {"voiplab/widgets/static/browser_phone.js"} <= recorded.keys()
    changed = [
        name
        for name, checksum in recorded.items()
        if hashlib.sha256((ROOT / name).read_bytes()).hexdigest() != checksum
    ]
    assert changed == [], "run: make web"


def test_the_licences_of_what_is_bundled_ship_beside_it():
    notices = "".join(path.read_text() for path in STATIC.glob("*.licences.txt"))
    assert re.search(r"^jssip 3\.\d+\.\d+ \(MIT\)$", notices, re.MULTILINE)
    lock = json.loads((ROOT / "web" / "package-lock.json").read_text())
    for name, package in lock["packages"].items():
        if name and not package.get("dev"):
            assert f"\n{name.removeprefix('node_modules/')} {package['version']} (" in notices


def test_the_lock_file_names_no_host():
    assert "://" not in (ROOT / "web" / "package-lock.json").read_text()


def test_every_text_is_used_and_every_text_that_is_used_is_there():
    code = "".join(path.read_text() for path in (ROOT / "web" / "src").glob("*.js"))
    named = set(re.findall(r'(?:this\.say|this\.text|this\.chooser)\("(\w+)"', code))
    assert named <= TEXTS.keys()
    composed = {f"level_{which}" for which in ("said", "heard")}
    quoted = set(re.findall(r'"(\w+)"', code)) | set(re.findall(r"\b(\w+): (?:true|\")", code))
    assert TEXTS.keys() - composed <= quoted
