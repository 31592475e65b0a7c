"""The test plan's report in a real browser: readable by all, on paper and on a telephone."""

from importlib import resources
from pathlib import Path

import pytest

from voiplab import grading

# The browser is set up with the engine.
pytestmark = pytest.mark.engine

DATA = Path(__file__).parents[2] / "notebooks" / "data"
RULES = "{runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice']}"


@pytest.fixture(scope="module", params=["test-plan", "test-plan-plain"])
def report(request, tmp_path_factory):
    plan = grading.TestPlan.open(DATA / request.param)
    return plan.write_html(tmp_path_factory.mktemp("report") / "report.html").as_uri()


@pytest.fixture(scope="module")
def reader(playwright, launch):
    opened = launch(playwright)
    yield opened
    opened.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_to_mend(reader, report, scheme):
    axe = resources.files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
    page = reader.new_page(color_scheme=scheme, bypass_csp=True)
    page.goto(report)
    page.eval_on_selector_all("details", "all => all.forEach(each => each.open = true)")
    page.evaluate(axe)
    found = page.evaluate(f"axe.run(document, {RULES})")
    assert [each["id"] for each in found["violations"]] == []
    assert len(found["passes"]) > 20
    page.close()


@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_is_wider_than_the_page(reader, report, width):
    page = reader.new_page(viewport={"width": width, "height": 800})
    page.goto(report)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.close()


def test_sounds_play_and_nothing_is_asked_of_any_host(reader, report):
    page = reader.new_page()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(report)
    played = page.evaluate(
        """async () => {
          const sounds = [...document.querySelectorAll("audio")];
          for (const sound of sounds) {
            sound.muted = true;
            await sound.play();
          }
          return sounds.map((sound) => sound.duration);
        }"""
    )
    assert len(played) >= 10
    assert all(duration > 1 for duration in played)
    assert {url.partition(":")[0] for url in asked} <= {"file", "data"}
    page.close()
