"""The decision's sliders in a real JupyterLab, moved by mouse and by keyboard."""

import re
from collections.abc import Callable, Iterator
from importlib import resources

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

pytestmark = pytest.mark.engine

START = """\
from voiplab.decision import Matrix, Weights
from voiplab.widgets import DecisionPanel

matrix = Matrix.of({
    "own": {"price": 9, "work": 1},
    "hosted": {"price": 3, "work": 8},
})
profiles = {"thrifty": Weights.of({"price": 10, "work": 2}), "busy": Weights.of({"work": 1, "price": 0})}
"""  # noqa: E501 - as a reader would write it
SHOW = "DecisionPanel(matrix, profiles)"
NOTEBOOK = "decision.ipynb"


@pytest.fixture(scope="module")
def notebook(
    jupyter, browser: Browser, run_notebook: Callable[[Page, str, str], None]
) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(15_000)
    page = context.new_page()
    jupyter.write(NOTEBOOK, START, SHOW)
    run_notebook(page, jupyter.url(f"lab/tree/{NOTEBOOK}"), ".voiplab-decision")
    page.keyboard.press("Control+b")  # no files beside it
    yield page
    context.close()


@pytest.fixture
def panel(notebook: Page) -> Locator:
    found = notebook.get_by_role("region", name="What is important to you?", exact=True)
    found.get_by_label("For whom").select_option("thrifty")
    expect(found.get_by_role("status").last).to_contain_text("own comes first")
    return found


def test_a_profile_moves_the_sliders_and_the_winner_changes(panel: Locator) -> None:
    panel.get_by_label("For whom").select_option("busy")
    expect(panel.locator(".voiplab-status")).to_contain_text("hosted comes first")
    expect(panel.get_by_label("price")).to_have_value("0")
    expect(panel.get_by_label("work")).to_have_value("10")
    expect(panel.get_by_role("row").nth(1)).to_contain_text("1. hosted")


def test_a_slider_is_moved_by_the_keyboard_and_the_result_is_a_live_region(
    panel: Locator, notebook: Page
) -> None:
    work = panel.get_by_label("work")
    work.focus()
    for _ in range(8):
        notebook.keyboard.press("ArrowRight")
    expect(work).to_have_value("10")
    status = panel.locator(".voiplab-status")
    expect(status).to_have_attribute("role", "status")
    expect(status).to_contain_text("hosted comes first with 5.5 of 10")
    expect(status).to_contain_text("own wins once price counts for more than 54 %")
    expect(panel.get_by_label("For whom")).to_have_value("")
    expect(panel.locator(".voiplab-python")).to_contain_text('{"price": 10, "work": 10}')


def test_nothing_that_counts_is_an_alert(panel: Locator, notebook: Page) -> None:
    for name in ("price", "work"):
        panel.get_by_label(name).focus()
        notebook.keyboard.press("Home")
    expect(panel.get_by_role("alert")).to_have_text(
        "Nothing counts: give at least one criterion a point."
    )
    notebook.keyboard.press("End")
    expect(panel.locator(".voiplab-status")).to_contain_text("hosted comes first")


def test_bars_are_as_long_as_their_figures(panel: Locator) -> None:
    first = panel.get_by_role("row").nth(1)
    worth = float(re.search(r"\d+\.\d+", first.locator("td").first.inner_text())[0])
    share = first.locator(".voiplab-bar > span").first.evaluate(
        "bar => bar.getBoundingClientRect().width / bar.parentElement.clientWidth"
    )
    assert share == pytest.approx(worth / 10, abs=0.02)


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
def test_axe_finds_nothing_to_mend(
    panel: Locator, notebook: Page, jupyter, run_notebook, theme: str
) -> None:
    assert panel.count()
    jupyter.choose_theme(theme)
    run_notebook(notebook, jupyter.url(f"lab/tree/{NOTEBOOK}"), ".voiplab-decision")
    axe = resources.files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
    notebook.evaluate(axe)
    found = notebook.evaluate(
        "axe.run('.voiplab-decision', {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']})"
    )
    assert [each["id"] for each in found["violations"]] == []
    assert found["passes"]


def test_all_of_it_fits_a_phone(panel: Locator, notebook: Page) -> None:
    assert panel.count()
    notebook.set_viewport_size({"width": 390, "height": 844})
    try:
        notebook.wait_for_function(
            "() => { const body = document.querySelector('.voiplab-decision .voiplab-body');"
            " return innerWidth === 390 && body.scrollWidth <= body.clientWidth + 1; }"
        )
    finally:
        notebook.set_viewport_size({"width": 1280, "height": 900})
