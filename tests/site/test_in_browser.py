"""The site and the slides in a real browser."""

from importlib import resources

import pytest

AXE = resources.files("axe_playwright_python").joinpath("axe.min.js")
GRAVE = ("serious", "critical")
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 800}
PROJECTOR = {"width": 1280, "height": 720}
READ = ["notebooks/index", "notebooks/01-how-voip-works", "notebooks/06-users-and-extensions"]
READ += ["labs/02-users/lab"]

# What is shown of a slide and lies outside of it, or is cut off where nobody can scroll to it.
CUT_OFF = """() => {
  const slide = deck.getCurrentSlide();
  const shown = [...slide.querySelectorAll(".jp-Cell")].filter((each) => !each.closest(".notes"));
  const outside = shown.filter((each) => {
    const { left, right, top, bottom } = each.getBoundingClientRect();
    return left < 0 || top < 0 || right > 1280 || bottom > 720;
  });
  const hidden = shown.filter((each) =>
    each.tabIndex !== 0 &&
    (each.scrollHeight > each.clientHeight + 1 || each.scrollWidth > each.clientWidth + 1));
  const scrolls = (each) => each.tabIndex === 0 && !each.matches(".jp-CodeCell");
  return [outside, hidden, shown.filter(scrolls)].map((all) => all.map((each) => each.innerText));
}"""


@pytest.fixture
def page(browser):
    opened = browser.new_page()
    opened.asked = []
    opened.on("request", lambda request: opened.asked.append(request.url))
    yield opened
    opened.close()


def from_elsewhere(page):
    return [url for url in page.asked if not url.startswith(("file:", "data:", "blob:"))]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", READ)
def test_axe_finds_nothing_grave(site, page, name, scheme):
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size(DESKTOP)
    page.goto(site.address(f"{name}.html"))
    page.wait_for_function("document.body.dataset.jpThemeLight")
    page.eval_on_selector_all("details", "all => all.forEach(each => each.open = true)")
    # Colours that are still on their way from light to dark are nobody's to read.
    page.evaluate("document.getAnimations().forEach((each) => each.finish())")
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("axe.run(document)")
    grave = [
        (each["id"], node["html"])
        for each in found["violations"]
        for node in each["nodes"]
        if each["impact"] in GRAVE
    ]
    assert grave == []
    assert len(found["passes"]) > 20
    assert from_elsewhere(page) == []


def test_on_a_phone_no_page_is_wider_than_the_screen(site, page):
    page.set_viewport_size(PHONE)
    wide = []
    redirection = site.folder / "index.html"
    for path in site.pages.keys() - {redirection}:
        page.goto(path.as_uri())
        if page.evaluate("document.documentElement.scrollWidth") > PHONE["width"]:
            wide.append(str(path.relative_to(site.folder)))
    assert wide == []
    assert from_elsewhere(page) == []


def test_what_cells_showed_is_as_dark_as_the_page(site, page):
    page.emulate_media(color_scheme="dark")
    page.goto(site.address("notebooks/01-how-voip-works.html"))
    ground = "getComputedStyle(document.querySelector('.vl-ladder')).backgroundColor"
    page.wait_for_function("document.body.dataset.jpThemeLight === 'false'")
    dark = page.evaluate(ground)
    page.locator(".theme-switch-button:visible").click()
    page.locator(".theme-change-button[data-mode=light]:visible").click()
    page.wait_for_function("document.body.dataset.jpThemeLight === 'true'")
    assert page.evaluate(ground) == "rgb(255, 255, 255)"
    assert dark != page.evaluate(ground)


def test_sounds_can_be_played(site, page):
    page.goto(site.address("notebooks/01-how-voip-works.html"))
    page.wait_for_function("document.querySelector('audio').readyState >= 1")
    assert page.evaluate("document.querySelector('audio').duration") == pytest.approx(11, abs=1)


def test_the_search_finds_a_chapter_without_a_server(site, page):
    page.goto(site.address("search.html") + "?q=jitter")
    found = page.locator("#search-results a")
    found.first.wait_for()
    assert "Call quality: what the network does to speech" in found.all_inner_texts()


def test_the_first_page_leads_to_the_courses_map(site, page):
    page.goto(site.address("index.html"))
    page.wait_for_url("**/notebooks/index.html")
    assert page.locator("h1").first.inner_text().startswith("VoIP Lab")


def test_every_slide_fits_and_none_is_cut_off(slides, page):
    page.set_viewport_size(PROJECTOR)
    wrong = []
    decks = sorted(slides.glob("*-*.html"))
    assert len(decks) > 5
    for path in decks:
        page.goto(path.as_uri())
        page.wait_for_function("window.deck?.isReady()")
        count = page.evaluate("deck.getTotalSlides()")
        for number in range(count):
            # With all that a click shows.
            page.evaluate(
                "number => { const { h, v } = deck.getIndices(deck.getSlides()[number]);"
                " deck.slide(h, v ?? 0, 99); }",
                number,
            )
            if any(page.evaluate(CUT_OFF)):
                wrong.append(f"{path.stem}, slide {number + 1}")
    assert wrong == []
    assert from_elsewhere(page) == []


def test_the_speaker_has_the_notes_and_both_windows_keep_step(slides, page):
    page.goto((slides / "01-how-voip-works.html").as_uri())
    page.wait_for_function("window.deck?.isReady()")
    with page.expect_popup() as opened:
        page.keyboard.press("s")
    notes = opened.value
    assert notes.locator("h1").inner_text() == "How voice over IP works"
    assert "One sentence, spoken into a telephone" in notes.locator("main").inner_text()
    page.keyboard.press("ArrowRight")
    assert notes.locator("h1").inner_text() == "1. The call"
    notes.keyboard.press("ArrowRight")
    page.wait_for_function("deck.getIndices().h === 2 || deck.getIndices().v === 1")
    assert "slide" in notes.locator("header").inner_text().lower()
