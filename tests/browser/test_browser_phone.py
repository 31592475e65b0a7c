"""The phone in the browser: talked into, listened to, cut off, and looked at, in JupyterLab."""

import re
from collections.abc import Callable
from importlib import resources
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, Playwright, expect

pytestmark = pytest.mark.engine

PANGRAM = "The quick brown fox jumps over the lazy dog. Pack my box with five dozen liquor jugs."
OTHER = "She sells sea shells by the sea shore. How much wood would a woodchuck chuck today?"
# Half of what a perfect copy has. Measured: the sentence itself 0.75 after Opus, G.711 and the
# browser's own treatment of its microphone; another sentence 0.3; noise 0.07; silence 0.
SAME = 0.5
GIVES_MICROPHONE = "--use-fake-ui-for-media-stream"

Likeness = Callable[[str, "np.ndarray | bytes"], float]


def key(page: Page, name: str):
    return page.locator(".voiplab-phone").get_by_role("button", name=name, exact=True)


def dial(page: Page, number: str) -> None:
    page.get_by_label("Number to call").fill(number)
    key(page, "Call").click()


def expect_state(page: Page, call: str) -> None:
    expect(page.locator(".voiplab-phone")).to_have_attribute("data-call", call, timeout=15_000)


def wait_until_call_has_lasted(page: Page, seconds: int) -> None:
    later = "|".join(f"00:{second:02}" for second in range(seconds, 60))
    expect(page.get_by_role("timer")).to_have_text(re.compile(f"^({later})$"))


def expect_notice(page: Page, sentence: str | re.Pattern) -> None:
    expect(page.locator(".vp-notice")).to_have_text(sentence, timeout=20_000)


def media_addresses(page: Page) -> set[str]:
    """Where the newest call of a page was told to send its media."""
    sdp = page.evaluate("window.connections.at(-1).remoteDescription.sdp")
    return set(re.findall(r"^a=candidate:\S+ \d+ udp \d+ (\S+)", sdp, re.MULTILINE | re.IGNORECASE))


def heard_by_softphone(kernel, folder: Path) -> bytes:
    """What the desk's softphone has heard in its last call."""
    file = folder / "heard.wav"
    kernel.run(
        f"desk = lab['2001'].phone; leg = list(desk.legs.values())[-1]\n"
        f"open({str(file)!r}, 'wb').write(desk.heard(leg))"
    )
    return file.read_bytes()


# The measure itself


def test_the_measure_of_likeness_tells_a_sentence_from_all_else(
    likeness_to: Likeness, speech
) -> None:
    noise = np.random.default_rng(7).normal(0, 0.1, 5 * 8000)
    assert likeness_to(PANGRAM, speech[PANGRAM].read_bytes()) > 0.99
    assert likeness_to(PANGRAM, speech[OTHER].read_bytes()) < SAME
    assert likeness_to(OTHER, speech[PANGRAM].read_bytes()) < SAME
    assert likeness_to(PANGRAM, noise) < SAME
    assert likeness_to(PANGRAM, np.zeros(5 * 8000)) < SAME


# Sound, both ways


def test_a_softphone_hears_what_is_said_into_the_browser(
    phone: Page, kernel, likeness_to: Likeness, tmp_path: Path
) -> None:
    dial(phone, "2001")
    expect_state(phone, "established")
    wait_until_call_has_lasted(phone, 6)
    assert media_addresses(phone) == {"127.0.0.1"}
    key(phone, "Hang up").click()
    expect_state(phone, "idle")
    heard = heard_by_softphone(kernel, tmp_path)
    assert likeness_to(PANGRAM, heard) > SAME
    assert likeness_to(OTHER, heard) < SAME


def test_the_browser_hears_what_a_softphone_says(
    phone: Page, kernel, likeness_to: Likeness, heard_in
) -> None:
    kernel.run(
        f"lab['2001'].phone.say({OTHER!r})\n"
        "call = lab['2001'].phone.call(me, answered_within_s=None)"
    )
    expect_state(phone, "incoming")
    expect(phone.locator(".vp-peer")).to_have_text("Front desk · 2001")
    key(phone, "Answer").click()
    expect_state(phone, "established")
    heard = heard_in(phone, 6)
    expect(phone.get_by_role("meter", name="You hear")).to_be_visible()
    kernel.run("call.hang_up()")
    expect_state(phone, "idle")
    assert likeness_to(OTHER, heard) > SAME
    assert likeness_to(PANGRAM, heard) < SAME


def test_a_muted_phone_sends_silence(
    phone: Page, kernel, likeness_to: Likeness, tmp_path: Path
) -> None:
    dial(phone, "2001")
    key(phone, "Mute").click()
    expect(key(phone, "Mute")).to_have_attribute("aria-pressed", "true")
    wait_until_call_has_lasted(phone, 3)
    key(phone, "Hang up").click()
    expect_state(phone, "idle")
    heard = heard_by_softphone(kernel, tmp_path)
    assert len(heard) > 3 * 8000
    assert likeness_to(PANGRAM, heard) < SAME


def test_hold_plays_music_to_the_other_side_and_gives_the_call_back(phone: Page, kernel) -> None:
    dial(phone, "2001")
    expect_state(phone, "established")
    key(phone, "Hold").click()
    expect(phone.locator(".vp-activity")).to_have_text("On hold")
    expect(key(phone, "Hold")).to_have_attribute("aria-pressed", "true")
    kernel.until("any(event.name == 'MusicOnHoldStart' for event in lab.pbx.events())")
    key(phone, "Hold").click()
    expect(phone.locator(".vp-activity")).to_have_text("In a call")
    kernel.until("any(event.name == 'MusicOnHoldStop' for event in lab.pbx.events())")


def test_keys_pressed_in_a_call_reach_the_other_side(phone: Page, kernel) -> None:
    dial(phone, "2001")
    expect_state(phone, "established")
    for digit, name in (("1", "1"), ("9", "9"), ("#", "hash")):
        key(phone, name).click()
        kernel.until(f"list(lab['2001'].phone.legs.values())[-1].dtmf.endswith({digit!r})")
    kernel.run("leg = list(lab['2001'].phone.legs.values())[-1]")
    assert kernel.value("leg.dtmf") == "19#"


# What Python sees and does


def test_python_reads_the_call_second_by_second(phone: Page, kernel) -> None:
    kernel.until("phone.call_state == 'idle'")
    kernel.run(
        "changes = []\n"
        "phone.observe(lambda change: changes.append(change.new), 'call_state')\n"
        "first = len(phone.statistics)\n"
        "phone.call('*43')"
    )
    expect_state(phone, "established")
    wait_until_call_has_lasted(phone, 4)
    kernel.run("phone.hang_up()")
    expect_state(phone, "idle")
    kernel.until("changes[-1] == 'idle'")
    states = kernel.value("changes")
    assert states[0] == "dialling"
    assert states[-2:] == ["established", "idle"]
    kernel.run("seconds = phone.statistics[first:]")
    seconds = kernel.value("seconds.drop(columns='time').to_dict('records')")
    assert kernel.value("str(seconds.time.dt.tz)") == "UTC"
    last = seconds[-1]
    assert last["call_s"] >= 3
    assert len(seconds) == pytest.approx(last["call_s"], abs=1)
    assert last["codec"] == "opus"
    assert last["peer"] == "*43"
    # 50 packets a second (20 ms each), give or take those of the first and the last moment.
    assert 40 * last["call_s"] < last["received_packets"] < 60 * last["call_s"]
    assert 40 * last["call_s"] < last["sent_packets"] < 60 * last["call_s"]
    assert last["received_lost"] == 0
    assert 0 <= last["received_jitter_ms"] < 100
    assert 0 <= last["round_trip_ms"] < 500
    assert last["said_level_db"] > -50


def test_the_password_is_nowhere_that_is_shown_or_saved(phone: Page, kernel, jupyter) -> None:
    kernel.run("import ipywidgets; password = me.settings.secret.get_secret_value()")
    assert kernel.value("password in repr(phone)") is False
    assert kernel.value("password in repr(me.browser_account())") is False
    state = "json.dumps(ipywidgets.Widget.get_manager_state(drop_defaults=False), default=str)"
    kernel.run("import json")
    assert kernel.value(f"phone.model_id in {state}") is True
    assert kernel.value(f"password in {state}") is False
    password = str(kernel.value("password"))
    assert password not in phone.content()
    saved = (jupyter.root / "phone.ipynb").read_text()
    assert str(kernel.value("phone.model_id")) in saved
    assert password not in saved


# What goes wrong, and what is said about it


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        ("2999", "2999 was not found: nobody has that number."),
        ("2004", "2004 can't be reached: no phone is registered there, or nobody answered."),
        ("20 04", "“20 04” can't be dialled: give 1 to 40 digits, letters, or * # + . _ -."),
    ],
)
def test_a_call_that_can_not_be_says_why(phone: Page, kernel, number: str, sentence: str) -> None:
    kernel.run("'2004' in lab._extensions() or lab.add_user('2004', phone=False)")
    dial(phone, number)
    expect_notice(phone, sentence)
    expect_state(phone, "idle")


@pytest.mark.parametrize(
    ("answering", "sentence"),
    [
        ("REFUSE", "2001 is busy, or refused the call."),
        ("DO_NOT_DISTURB", re.compile("^2001 can't")),
    ],
)
def test_a_call_that_is_refused_says_why(
    phone: Page, kernel, answering: str, sentence: str | re.Pattern
) -> None:
    kernel.run(
        f"from voiplab import Answering\nlab['2001'].phone.answering = Answering.{answering}"
    )
    try:
        dial(phone, "2001")
        expect_notice(phone, sentence)
        expect_state(phone, "idle")
    finally:
        kernel.run("lab['2001'].phone.answering = Answering.AUTO")


def test_no_codec_in_common_says_what_to_change(phone: Page, kernel) -> None:
    kernel.run("codecs = me.settings.codecs; lab.change_user('2003', codecs=('gsm',))")
    try:
        dial(phone, "2001")
        expect_notice(phone, re.compile("no codec in common"))
    finally:
        kernel.run("lab.change_user('2003', codecs=codecs)")


def test_a_call_that_was_rejected_or_given_up(phone: Page, kernel) -> None:
    for end, sentence in (
        (lambda: key(phone, "Reject").click(), "You rejected the call from 2001."),
        (lambda: kernel.run("call.hang_up()"), "2001 called, and gave up."),
    ):
        kernel.run("call = lab['2001'].phone.call(me, answered_within_s=None)")
        expect_state(phone, "incoming")
        end()
        expect_notice(phone, sentence)
        expect_state(phone, "idle")


def test_a_second_caller_finds_a_busy_phone(phone: Page, kernel) -> None:
    dial(phone, "*43")
    expect_state(phone, "established")
    status = kernel.value(
        "(lambda call: (call.leg.wait('closed', timeout_s=10), call.leg.status)[1])"
        "(lab['2001'].phone.call(me, answered_within_s=None))"
    )
    assert status == 486
    expect_state(phone, "established")


def test_a_killed_pbx_shows_and_the_phone_comes_back_by_itself(phone: Page, kernel) -> None:
    kernel.run("lab.pbx.kill()")
    expect(phone.locator(".vp-registration")).to_have_text("disconnected")
    expect_notice(phone, re.compile("goes on trying, and registers again by itself"))
    expect(key(phone, "Call")).to_be_disabled()
    kernel.run("lab.pbx.restart()")
    expect(phone.locator(".vp-registration")).to_have_text("registered", timeout=20_000)
    expect(phone.locator(".vp-notice")).to_be_hidden()
    assert kernel.value("bool(lab.registrations().set_index('extension').registered['2003'])")
    dial(phone, "*43")
    expect_state(phone, "established")


# For everyone


def test_the_phone_is_used_by_keyboard_alone(phone: Page) -> None:
    phone.get_by_label("Number to call").fill("")
    phone.get_by_label("Number to call").focus()
    phone.keyboard.type("*43")
    phone.keyboard.press("Enter")
    expect_state(phone, "established")
    key(phone, "Hang up").focus()
    for _ in range(20):
        phone.keyboard.press("Shift+Tab")
        if phone.evaluate("document.activeElement.getAttribute('aria-label')") == "1":
            break
    else:
        pytest.fail("The key 1 is not reached by Shift+Tab from Hang up.")
    cells = phone.locator(".jp-Notebook .jp-Cell").count()
    phone.keyboard.press("Space")
    phone.keyboard.press("b")  # the notebook's own shortcut for a new cell
    assert phone.locator(".jp-Notebook .jp-Cell").count() == cells
    for _ in range(20):
        phone.keyboard.press("Tab")
        if phone.evaluate("document.activeElement.textContent") == "Hang up":
            break
    phone.keyboard.press("Enter")
    expect_state(phone, "idle")


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
def test_axe_finds_nothing_to_mend(phone: Page, jupyter, theme: str) -> None:
    axe = resources.files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
    jupyter.choose_theme(theme)
    shown_anew(phone)
    light = str(theme.endswith("Light")).lower()
    expect(phone.locator("body")).to_have_attribute("data-jp-theme-light", light)
    phone.evaluate(axe)

    def violations() -> list[str]:
        found = phone.evaluate(
            "axe.run('.voiplab-phone', {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']})"
        )
        assert len(found["passes"]) > 10
        return [
            f"{each['id']}: {node['html']} {node['failureSummary']}"
            for each in found["violations"]
            for node in each["nodes"]
        ]

    assert violations() == []
    dial(phone, "*43")
    expect_state(phone, "established")
    key(phone, "Mute").click()
    expect(key(phone, "Mute")).to_have_attribute("aria-pressed", "true")
    assert violations() == []
    key(phone, "Hang up").click()
    dial(phone, "2999")
    expect_notice(phone, re.compile("not found"))
    assert violations() == []


def shown_anew(page: Page) -> None:
    """Load the page again: its phone takes the registration, whoever had it."""
    page.reload()
    expect(page.locator(".vp-registration")).to_have_text("registered", timeout=60_000)


# Other places


def test_a_page_that_is_not_secure_goes_through_jupyter_and_says_what_is_missing(
    playwright: Playwright, jupyter, phone: Page, launch, elsewhere: str
) -> None:
    assert phone
    browser = launch(playwright, f"--host-resolver-rules=MAP {elsewhere} 127.0.0.1")
    try:
        page = browser.new_page()
        sockets: list[str] = []
        page.on("websocket", lambda socket: sockets.append(socket.url))
        page.goto(jupyter.url("lab/tree/phone.ipynb", elsewhere))
        expect(page.locator(".vp-registration")).to_have_text("registered", timeout=60_000)
        assert re.search(rf"ws://{elsewhere}:\d+/proxy/\d+/ws", " ".join(sockets))
        assert not [url for url in sockets if "127.0.0.1" in url]
        expect_notice(page, re.compile("secure pages only"))
    finally:
        browser.close()
    # The page that came last had the registration; the first one takes it back.
    shown_anew(phone)


def test_through_a_tunnel_it_registers_and_says_what_can_not_pass(
    playwright: Playwright, jupyter, phone: Page, launch
) -> None:
    assert phone
    # The page's own host, localhost, leads to the Jupyter server; the lab's ports are not here.
    browser = launch(playwright, GIVES_MICROPHONE, "--host-resolver-rules=MAP 127.0.0.1 ~NOTFOUND")
    try:
        page = browser.new_page()
        page.goto(jupyter.url("lab/tree/phone.ipynb"))
        expect(page.locator(".vp-registration")).to_have_text("registered", timeout=60_000)
        expect_notice(page, re.compile("Calls can be set up from here, but not heard"))
    finally:
        browser.close()
    shown_anew(phone)


def test_a_browser_elsewhere_calls_where_it_reaches_the_media_ports(abroad: Page) -> None:
    expect(abroad.locator(".vp-registration")).to_have_text("registered", timeout=60_000)
    expect(abroad.locator(".vp-notice")).to_be_hidden()
    dial(abroad, "*43")
    expect_state(abroad, "established")
    expect(abroad.get_by_role("row", name="Packets").locator("td").first).to_have_text(
        re.compile(r"^[1-9]\d+$"), timeout=10_000
    )
    assert media_addresses(abroad) == {"127.0.0.2"}
    key(abroad, "Hang up").click()


def test_a_refused_microphone_says_where_to_allow_it(
    playwright: Playwright, jupyter, phone: Page, launch
) -> None:
    assert phone
    browser: Browser = launch(playwright)
    try:
        page = browser.new_page()
        page.goto(jupyter.url("lab/tree/phone.ipynb"))
        expect(page.locator(".vp-registration")).to_have_text("registered", timeout=60_000)
        dial(page, "2001")
        expect_notice(page, re.compile("allow it beside the page's address"))
        expect_state(page, "idle")
    finally:
        browser.close()
    shown_anew(phone)


def test_it_works_in_notebook_7_too(phone: Page, jupyter) -> None:
    page = phone.context.new_page()
    try:
        page.goto(jupyter.url("notebooks/phone.ipynb"))
        expect(page.locator(".vp-registration")).to_have_text("registered", timeout=60_000)
        dial(page, "*43")
        expect_state(page, "established")
        key(page, "Hang up").click()
        expect_state(page, "idle")
    finally:
        page.close()
    shown_anew(phone)


def test_nothing_was_asked_of_any_other_machine(phone: Page, visited) -> None:
    assert phone.url in " ".join(visited.urls)
    assert any(url.startswith("ws://127.0.0.1:") and url.endswith("/ws") for url in visited.urls)
    assert visited.hosts <= {"127.0.0.1", "localhost"}
