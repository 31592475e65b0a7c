"""Chapter 2 in a real JupyterLab where no engine answers: the recording, seen and read."""

from collections.abc import Callable, Iterator
from importlib import resources
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

# The browser is set up with the engine; the notebook's kernel is told of none.
pytestmark = pytest.mark.engine

SCRIPT = Path(__file__).parents[2] / "notebooks" / "02-control-room.ipynb"
NOTEBOOK = "recorded-room.ipynb"
RULES = "{runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']}"


@pytest.fixture(scope="module")
def page(
    jupyter, browser: Browser, visited, run_notebook: Callable[[Page, str, str], None]
) -> Iterator[Page]:
    """The notebook on a projector, run down to the phone in the page."""
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    context.set_default_timeout(10_000)
    visited.watch(context)
    opened = context.new_page()
    cells = [each.source for each in nbformat.read(SCRIPT, 4).cells if each.cell_type == "code"]
    shows = next(at for at, cell in enumerate(cells) if "BrowserPhone(me)" in cell)
    there = f"%env DOCKER_HOST=unix:///nowhere/docker.sock\n%cd -q {SCRIPT.parent}"
    jupyter.write(NOTEBOOK, there, *cells[: shows + 1])
    run_notebook(opened, jupyter.url(f"lab/tree/{NOTEBOOK}"), ".voiplab-phone")
    opened.keyboard.press("Control+b")  # no files beside it
    yield opened
    context.close()


def panel(page: Page, name: str) -> Locator:
    return page.locator(".voiplab-panel:visible").filter(
        has=page.get_by_role("heading", name=name, exact=True)
    )


def show(page: Page, tab: str) -> None:
    page.get_by_role("tab", name=tab, exact=True).click()


def test_the_banner_and_the_room_say_that_it_is_a_recording(page: Page) -> None:
    expect(page.get_by_role("alert").first).to_contain_text("NOT A LIVE LAB")
    expect(page.locator(".voiplab-room h2").first).to_contain_text("not a live lab")


def test_the_chart_shows_what_the_network_did(page: Page) -> None:
    show(page, "Quality")
    chart = panel(page, "Quality")
    expect(chart.get_by_text("2001 → 2002").first).to_be_visible()
    expect(chart.get_by_text("from evidence").first).to_be_attached()
    expect(panel(page, "A recording").locator("audio")).to_have_count(2)


def test_the_ladder_can_be_read(page: Page) -> None:
    show(page, "Ladders")
    panel(page, "Calls").get_by_role("radio").check()
    expect(panel(page, "Calls").get_by_text("401 Unauthorized", exact=True)).to_be_visible()
    expect(panel(page, "Calls").get_by_role("button", name="Hang up")).to_be_disabled()


def test_the_answers_of_asterisk_can_be_chosen(page: Page) -> None:
    show(page, "Server")
    panel(page, "Server").get_by_role("combobox").select_option("pjsip show contacts")
    expect(panel(page, "Server").get_by_role("region")).to_contain_text("Contact:  2001/sip:2001")


def test_the_phone_says_why_it_does_not_register(page: Page) -> None:
    phone = page.locator(".voiplab-phone")
    expect(phone).to_contain_text("disconnected")
    expect(phone).to_contain_text("there is no PBX at which a phone could register")
    expect(phone.get_by_role("button", name="Call", exact=True)).to_be_disabled()


@pytest.mark.parametrize("tab", ["Quality", "Ladders", "Users", "Server"])
def test_axe_finds_nothing_to_mend(page: Page, tab: str) -> None:
    show(page, tab)
    page.evaluate(
        resources.files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
    )
    found = page.evaluate(f"axe.run('.voiplab-room', {RULES})")
    assert len(found["passes"]) > 10
    assert [
        f"{each['id']}: {node['html']}" for each in found["violations"] for node in each["nodes"]
    ] == []


def test_nothing_was_asked_of_another_machine(page: Page, visited) -> None:
    assert page.url
    assert visited.hosts <= {"localhost", "127.0.0.1"}
