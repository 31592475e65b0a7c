"""The bill's sliders in a real JupyterLab."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

pytestmark = pytest.mark.engine

PRICES = Path(__file__).parents[2] / "notebooks" / "data" / "prices.csv"
START = f"""\
from voiplab.costs import Assumptions
from voiplab.widgets import CostPanel

prices = Assumptions.read({str(PRICES)!r})
"""
NOTEBOOK = "costs.ipynb"


@pytest.fixture(scope="module")
def panel(
    jupyter, browser: Browser, run_notebook: Callable[[Page, str, str], None]
) -> Iterator[Locator]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(15_000)
    page = context.new_page()
    jupyter.write(NOTEBOOK, START, "CostPanel(prices)")
    run_notebook(page, jupyter.url(f"lab/tree/{NOTEBOOK}"), ".voiplab-cost")
    yield page.get_by_role("region", name="What is your office like?", exact=True)
    context.close()


def test_another_size_has_another_winner(panel: Locator) -> None:
    panel.get_by_label("Users").select_option("5")
    expect(panel.get_by_role("status").last).to_contain_text("Hosted service is the cheapest")
    expect(panel.get_by_role("row").nth(1)).to_contain_text("hosted service")
    panel.get_by_label("Users").select_option("2000")
    expect(panel.get_by_role("status").last).to_contain_text("Self-hosted Asterisk is the cheapest")
    expect(panel.get_by_role("row").nth(1)).to_contain_text("self-hosted Asterisk")


def test_a_slider_is_moved_by_the_keyboard(panel: Locator) -> None:
    panel.get_by_label("Users").select_option("2000")
    seat = panel.get_by_label("Hosted seat")
    seat.focus()
    panel.page.keyboard.press("Home")
    expect(panel.get_by_role("status").last).to_contain_text("Hosted service is the cheapest")
    expect(panel.locator(".voiplab-python")).to_contain_text('"hosted-seat-standard": 0')
