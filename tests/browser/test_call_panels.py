"""Phones, calls and quality in a real JupyterLab: real calls, made and followed in the page."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

pytestmark = pytest.mark.engine

START = """\
from voiplab import Answering, Evidence, Impairment, Lab
from voiplab.evidence import quality_timeline
from voiplab.widgets.calls import calls_panel
from voiplab.widgets.phones import phones_panel
from voiplab.widgets.quality import quality_panel

lab = Lab.start(
    users={"2001": "Front desk", "2002": "Office", "2003": "Third"}, runs=%(runs)r
)
phones, calls, quality = phones_panel(lab), calls_panel(lab), quality_panel(lab)
"""
SHOW = "import ipywidgets\nipywidgets.VBox([phones, calls, quality])"
NOTEBOOK = "call-panels.ipynb"


@pytest.fixture(scope="module")
def notebook(
    jupyter, browser: Browser, run_notebook: Callable[[Page, str, str], None]
) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 1500})
    page = context.new_page()
    jupyter.write(NOTEBOOK, START % {"runs": str(jupyter.root / "runs")}, SHOW)
    run_notebook(page, jupyter.url(f"lab/tree/{NOTEBOOK}"), ".voiplab-quality")
    yield page
    context.close()


@pytest.fixture
def page(notebook: Page, kernel) -> Iterator[Page]:
    rest(kernel)
    yield notebook
    rest(kernel)


def rest(kernel) -> None:
    kernel.run(
        "for phone in lab.phones.values():\n"
        "    for leg in phone.active_legs(): phone.hang_up(leg)\n"
        "    phone.answering = Answering.AUTO"
    )
    kernel.until("not any(phone.active_legs() for phone in lab.phones.values())")
    kernel.until("not any(panel.busy for panel in (phones, calls, quality))")


def panel(page: Page, title: str) -> Locator:
    return page.get_by_role("region", name=title, exact=True)


def button(place: Locator, name: str) -> Locator:
    return place.get_by_role("button", name=name, exact=True)


def choose(page: Page, extension: str) -> None:
    panel(page, "Phones").get_by_role("radio", name=extension, exact=True).check()


def phone_row(page: Page, extension: str) -> Locator:
    rows = panel(page, "Phones").get_by_role("row")
    return rows.filter(has=page.get_by_role("rowheader", name=extension, exact=True))


def call(page: Page, number: str) -> None:
    """Dial with the keys, from phone 2001."""
    choose(page, "2001")
    phones = panel(page, "Phones")
    phones.get_by_label("Number", exact=True).fill("")
    for key in number:
        button(phones, {"*": "star", "#": "hash"}.get(key, key)).click()
    expect(phones.get_by_label("Number", exact=True)).to_have_value(number)
    button(phones, "Call").click()
    expect(phone_row(page, "2001")).to_contain_text(f"with {number}")


def did(page: Page, sentence: str, python: str) -> None:
    """The panel says what it did, and the Python that does the same."""
    phones = panel(page, "Phones")
    expect(phones.locator(".voiplab-status")).to_contain_text(sentence)
    expect(phones.locator(".voiplab-python")).to_contain_text(python)


def figures(page: Page, label: str) -> list[str]:
    """The direction's cells: R, MOS, words, loss, jitter, lost, packets, state."""
    line = panel(page, "Quality").locator("tbody tr").filter(has_text=label)
    return line.locator("td").all_inner_texts()


def test_a_phone_dials_holds_mutes_sends_keys_and_hangs_up(page: Page, kernel) -> None:
    call(page, "2002")
    phones = panel(page, "Phones")
    did(page, "2001 calls 2002.", 'lab["2001"].phone.call("2002")')
    button(phones, "Hold").click()
    did(page, "The other side is on hold.", "lab.calls[-1].hold()")
    expect(phone_row(page, "2001")).to_contain_text("on hold")
    button(phones, "Resume").click()
    did(page, "The call goes on.", "lab.calls[-1].resume()")
    button(phones, "Mute").click()
    did(page, "The phone sends silence.", "lab.calls[-1].mute()")
    expect(phone_row(page, "2001")).to_contain_text("muted")
    button(phones, "Unmute").click()
    did(page, "The microphone is heard again.", "lab.calls[-1].unmute()")
    button(phones, "hash").click()
    did(page, "Key # was sent.", 'lab.calls[-1].send_dtmf("#")')
    kernel.until("[*lab['2002'].phone.legs.values()][-1].dtmf == '#'")
    button(phones, "Hang up").click()
    did(page, "The call has ended.", "lab.calls[-1].hang_up()")
    expect(phone_row(page, "2002")).to_contain_text("ended")
    assert kernel.value("lab.calls[-1].kept")


def test_a_call_rings_until_it_is_answered_or_rejected(page: Page) -> None:
    phones = panel(page, "Phones")
    choose(page, "2002")
    phones.get_by_label("When called", exact=True).select_option(label="rings")
    did(page, "2002 rings", 'lab["2002"].phone.answering = Answering.MANUAL')
    choose(page, "2001")
    phones.get_by_label("Number", exact=True).fill("2002")
    button(phones, "Call").click()
    expect(phone_row(page, "2002")).to_contain_text("2001 is calling")
    choose(page, "2002")
    button(phones, "Answer").click()
    did(page, "Answered.", 'phone = lab["2002"].phone; phone.answer(phone.active_legs()[-1])')
    expect(phone_row(page, "2001")).to_contain_text("with 2002")
    button(phones, "Hang up").click()
    expect(phone_row(page, "2001")).to_contain_text("ended")
    choose(page, "2001")
    button(phones, "Call").click()
    choose(page, "2002")
    button(phones, "Reject").click()
    expect(phone_row(page, "2001")).to_contain_text("486 Busy Here")
    expect(phones.locator(".voiplab-alert")).to_contain_text("2001 called 2002: busy")


def test_the_other_side_is_sent_to_a_third(page: Page) -> None:
    call(page, "2002")
    phones = panel(page, "Phones")
    phones.get_by_label("Transfer to", exact=True).fill("2003")
    button(phones, "Transfer").click()
    did(page, "The other side was sent to 2003.", 'lab.calls[-1].transfer("2003")')
    expect(phone_row(page, "2003")).to_contain_text("with")
    expect(phone_row(page, "2001")).to_contain_text("ended")


def test_what_a_phone_hears_is_played_during_the_call_and_after_it(page: Page) -> None:
    phones = panel(page, "Phones")
    call(page, "*43")
    phones.get_by_label("Text to say", exact=True).fill("Is anybody there? This is a test.")
    button(phones, "Say it").click()
    did(
        page,
        "2001 says it",
        'lab["2001"].phone.say("Is anybody there? This is a test.", voice="en")',
    )
    expect(phone_row(page, "2001")).to_contain_text(re.compile("0:0[3-9]"))
    seconds = []
    for _ in range(2):
        button(phones, "Play what it hears").click()
        did(page, "What phone 2001 heard.", "")
        sound = phones.locator("audio")
        expect(sound).to_have_attribute("aria-label", "What phone 2001 heard")
        page.wait_for_function(
            "() => document.querySelector('.voiplab-desk audio')?.readyState >= 1"
        )
        seconds.append(sound.evaluate("sound => sound.duration"))
        if button(phones, "Hang up").is_enabled():
            button(phones, "Hang up").click()
            did(page, "The call has ended.", "")
    during, whole = seconds
    assert 1 < during < whole


def test_the_chart_moves_with_the_network_and_stays_from_the_evidence(page: Page, kernel) -> None:
    quality = panel(page, "Quality")
    kernel.run("lab['2002'].phone.network.impair(incoming=Impairment(), seed=1)")
    call(page, "2002")
    hurt = quality.locator("tbody tr").filter(has_text="2001 → 2002")
    expect(hurt).to_contain_text("very satisfied")
    kernel.run(
        "lab['2002'].phone.network.impair("
        "incoming=Impairment(loss_pct=25, spares_signalling=True), seed=1)"
    )
    expect(hurt).to_contain_text("not recommended")
    assert figures(page, "2002 → 2001")[2] == "very satisfied"
    expect(hurt.locator("td").nth(3)).to_have_text(re.compile(r"^\d\d\.\d$"))
    expect(quality.get_by_role("img")).to_have_attribute(
        "aria-label", re.compile(r"2001 → 2002: R \S+, Loss % \S+")
    )
    kernel.run("lab['2002'].phone.network.impair(incoming=Impairment(), seed=1)")
    button(panel(page, "Phones"), "Hang up").click()
    expect(hurt).to_contain_text("from evidence")
    expect(quality.locator("tbody tr").filter(has_text="2002 → 2001")).to_contain_text("evidence")
    kernel.run("last = lab.calls[-1]; line = quality_timeline(last.evidence)")
    heard = kernel.value("{each.label: [each.lost, each.packets] for each in last.quality}")
    for label, (lost, packets) in heard.items():
        assert figures(page, label)[5:7] == [str(lost), str(packets)]
    # The same as numbers, second by second.
    button(quality, "2001 → 2002").click()
    expect(button(quality, "2001 → 2002")).to_have_attribute("aria-pressed", "true")
    quality.locator(".voiplab-quality summary").click()
    numbers = quality.get_by_role("region", name="Second by second").locator("tbody tr")
    seconds = kernel.value(
        "line[line['direction'] == '2001 → 2002'][['packets', 'lost']].values.tolist()"
    )
    expect(numbers).to_have_count(len(seconds))
    shown = [each.locator("td").all_inner_texts()[:2] for each in numbers.all()]
    assert shown[::-1] == [[str(each) for each in second] for second in seconds]
    quality.locator(".voiplab-quality summary").click()
    kernel.run("lab['2002'].phone.network.clear()")


def test_a_ladder_grows_and_what_was_opened_in_it_stays_open(page: Page, kernel) -> None:
    call(page, "*43")
    calls = panel(page, "Calls")
    expect(calls.get_by_role("row").nth(1)).to_contain_text("in progress")
    calls.get_by_role("row").nth(1).click()
    did_show = calls.locator(".voiplab-python")
    expect(did_show).to_contain_text("lab.calls[-1].ladder()")
    messages = calls.locator(".voiplab-ladder-view summary")
    expect(messages.first).to_contain_text("INVITE")
    messages.first.focus()
    page.keyboard.press("Enter")
    opened = calls.locator(".voiplab-ladder-view pre").first
    expect(opened).to_contain_text("CSeq:")
    before = messages.count()
    kernel.run("lab.calls[-1].send_dtmf('5')")
    expect(messages.filter(has_text="key 5").first).to_be_visible()
    assert messages.count() > before
    expect(opened).to_be_visible()
    expect(messages.first).to_be_focused()
    expect(calls.get_by_role("row").nth(1)).to_contain_text("in progress")
    button(calls, "Hang up").click()
    expect(calls.get_by_role("row").nth(1)).to_contain_text("ended")
    expect(messages.filter(has_text="BYE").first).to_be_visible()


def test_a_call_that_was_made_in_another_cell_is_there_too(page: Page, kernel) -> None:
    kernel.run("leg = lab['2003'].phone.dial('*43')")
    calls = panel(page, "Calls")
    newest = calls.get_by_role("row").nth(1)
    expect(newest).to_contain_text("2003")
    expect(newest).to_contain_text("in progress")
    expect(panel(page, "Quality").locator("tbody tr").filter(has_text="*43 → 2003")).to_be_visible()
    newest.click()
    expect(calls.locator(".voiplab-python")).to_contain_text("lab.monitor().ladder(")
    button(calls, "Hang up").click()
    expect(newest).to_contain_text("ended")
