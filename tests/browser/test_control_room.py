"""The control room in a real JupyterLab, used with the mouse and by keyboard alone."""

import re
from collections.abc import Callable, Iterator
from importlib import resources
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

pytestmark = pytest.mark.engine

SCRIPT = Path(__file__).parents[2] / "notebooks" / "02-control-room.ipynb"
PROJECTOR = {"width": 1280, "height": 720}
NOTEBOOK = "control-room.ipynb"
PAGES = ("Quality", "Ladders", "Users", "Server")


@pytest.fixture(scope="module")
def notebook(
    jupyter, browser: Browser, visited, run_notebook: Callable[[Page, str, str], None]
) -> Iterator[Page]:
    """The teacher's notebook in JupyterLab, on a projector, run down to the control room."""
    context = browser.new_context(viewport=PROJECTOR)
    visited.watch(context)
    page = context.new_page()
    cells = [each.source for each in nbformat.read(SCRIPT, 4).cells if each.cell_type == "code"]
    shows = next(at for at, cell in enumerate(cells) if "control_room(lab)" in cell)
    runs = f"%env VOIPLAB_RUNS={jupyter.root / 'runs'}"
    jupyter.write(NOTEBOOK, runs, *cells[: shows + 1])
    run_notebook(page, jupyter.url(f"lab/tree/{NOTEBOOK}"), ".voiplab-room")
    page.keyboard.press("Control+b")  # no files beside it
    yield page
    context.close()


@pytest.fixture
def page(notebook: Page, kernel) -> Iterator[Page]:
    """The page with the control room on its first tab, a lab without users around each test."""
    bare(kernel)
    notebook.locator(".voiplab-room").evaluate("room => room.scrollIntoView()")
    show(notebook, PAGES[0])
    yield notebook
    bare(kernel)


def bare(kernel) -> None:
    kernel.run(
        "import time\n"
        "for panel in room.panels: panel.cancel()\n"
        "if not lab.pbx.running: lab.pbx.restart()\n"
        "for call in lab.calls:\n"
        "    if call.state != 'closed': call.hang_up()\n"
        "for user in lab.users: lab.remove_user(user.extension)"
    )
    kernel.until("not any(panel.busy for panel in room.panels)")
    kernel.run(
        "for user in lab.users: lab.remove_user(user.extension)\n"
        "for panel in room.panels:\n"
        "    for each in panel._refreshes: each.soon()"
    )


def show(page: Page, title: str) -> None:
    tab = page.locator(".voiplab-room > .voiplab-switched > .voiplab-tabs").get_by_role(
        "tab", name=title, exact=True
    )
    tab.click()
    expect(tab).to_have_attribute("aria-selected", "true")


def panel(page: Page, title: str) -> Locator:
    return page.get_by_role("region", name=title, exact=True)


def button(place: Locator, name: str) -> Locator:
    return place.get_by_role("button", name=name, exact=True)


def add_user(page: Page, extension: str, name: str) -> None:
    """Make a user with the mouse and wait until the phone is registered."""
    users = panel(page, "Users")
    users.get_by_role("tab", name="One user").click()
    users.get_by_label("Extension", exact=True).fill(extension)
    users.get_by_label("Name", exact=True).fill(name)
    button(users, "Add user").click()
    expect(
        users.get_by_role("status").filter(has_text=f"User {extension} is there.")
    ).to_be_visible()
    expect(row(users, extension)).to_contain_text("registered")


def row(place: Locator, first: str) -> Locator:
    return place.get_by_role("row").filter(
        has=place.page.get_by_role("rowheader", name=first, exact=True)
    )


def said(place: Locator) -> Locator:
    return place.locator(".voiplab-status")


def alert(place: Locator) -> Locator:
    return place.locator(".voiplab-alert")


def python(place: Locator) -> Locator:
    return place.locator(".voiplab-python")


# The layout


@pytest.mark.parametrize("size", [(1280, 720), (1366, 768), (1920, 1080)])
def test_it_fits_without_scrolling_the_page(page: Page, size: tuple[int, int]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    try:
        room = page.locator(".voiplab-room")
        room.evaluate("room => room.scrollIntoView()")
        for title in PAGES:
            show(page, title)
            box = room.bounding_box()
            assert box is not None
            assert box["y"] >= 0
            assert box["y"] + box["height"] <= size[1]
            assert box["x"] + box["width"] <= size[0]
            shown = [each for each in room.locator(".voiplab-panel").all() if each.is_visible()]
            assert shown
            for each in shown:
                inside = each.bounding_box()
                assert inside is not None
                assert inside["x"] >= box["x"]
                assert inside["x"] + inside["width"] <= box["x"] + box["width"] + 1
                assert inside["y"] + inside["height"] <= box["y"] + box["height"] + 1
                # What it says is always in sight, however long its body is.
                report = each.locator(".voiplab-report").bounding_box()
                assert report is not None
                assert report["y"] + report["height"] <= box["y"] + box["height"]
    finally:
        page.set_viewport_size(PROJECTOR)


# Users


def test_users_are_made_changed_and_removed_with_the_mouse(page: Page, kernel) -> None:
    show(page, "Users")
    users = panel(page, "Users")
    add_user(page, "2001", "Front desk")
    expect(python(users)).to_have_text('lab.add_user("2001", name="Front desk")')
    expect(users.get_by_role("region", name="Asterisk's configuration")).to_contain_text(
        '+callerid = "Front desk" <2001>'
    )
    assert kernel.value("lab['2001'].phone.registered") is True
    row(users, "2001").click()
    expect(users.get_by_label("Name", exact=True)).to_have_value("Front desk")
    users.get_by_label("Name", exact=True).fill("Reception")
    button(users, "Save changes").click()
    expect(said(users)).to_have_text("User 2001 was changed.")
    assert kernel.value("lab['2001'].name") == "Reception"
    button(users, "Remove…").click()
    expect(users.get_by_role("alert").filter(has_text="Remove 2001 Reception")).to_be_visible()
    expect(button(users, "Keep")).to_be_focused()
    button(users, "Remove").click()
    expect(said(users)).to_have_text("User 2001 is gone.")
    expect(row(users, "2001")).to_have_count(0)
    assert kernel.value("len(lab.users)") == 0


def test_each_field_is_checked_as_it_is_typed(page: Page, kernel) -> None:
    show(page, "Users")
    users = panel(page, "Users")
    extension = users.get_by_label("Extension", exact=True)
    extension.press_sequentially("20 ")
    expect(extension).to_have_attribute("aria-invalid", "true")
    expect(extension).to_have_accessible_description(re.compile("is not an extension"))
    extension.fill("2001")
    expect(extension).not_to_have_attribute("aria-invalid", "true")
    name = users.get_by_label("Name", exact=True)
    name.fill("a;b")
    expect(name).to_have_accessible_description(re.compile("ends a value in Asterisk's files"))
    button(users, "Add user").click()
    expect(alert(users)).to_contain_text("ends a value in Asterisk's files")
    assert kernel.value("len(lab.users)") == 0
    name.fill("")


def test_a_click_does_not_overtake_what_was_typed_while_the_kernel_was_busy(
    page: Page, kernel
) -> None:
    show(page, "Users")
    users = panel(page, "Users")
    name = users.get_by_label("Name", exact=True)
    users.get_by_label("Extension", exact=True).fill("2001")
    kernel.begin("import time; time.sleep(2)")
    name.focus()
    for letter in "Front desk":
        page.keyboard.type(letter)
        page.wait_for_timeout(60)
    button(users, "Add user").click()
    expect(said(users)).to_have_text("User 2001 is there.")
    assert kernel.value("lab['2001'].name") == "Front desk"


def test_a_class_list_is_tried_then_added_and_stopped_in_the_midst(
    page: Page, kernel, tmp_path: Path
) -> None:
    show(page, "Users")
    users = panel(page, "Users")
    users.get_by_role("tab", name="Class list").click()
    file = tmp_path / "class.csv"
    bad = "extension;name;phone\n2101;Ada;softphone\n21 02;Grace;softphone\n"
    file.write_text(bad, encoding="utf-8-sig")
    users.get_by_label("From a file").set_input_files(file)
    expect(row(users, "3")).to_contain_text("'21 02' is not an extension")
    expect(row(users, "2")).to_contain_text("would be added")
    expect(button(users, "Add 1 user")).to_be_disabled()
    lines = "".join(f"{2101 + at};Pupil {at};softphone\n" for at in range(16))
    users.get_by_label("Class list (CSV)").fill(f"extension;name;phone\n{lines}")
    button(users, "Add 16 users").click()
    expect(users.get_by_role("progressbar", name="Progress")).to_be_visible()
    expect(said(users)).to_contain_text("4 of 16 are there", timeout=20_000)
    # The kernel is free meanwhile, and a second click does nothing.
    assert kernel.value("room['Users'].busy") is True
    button(users, "Add 16 users").click()
    button(users, "Cancel").click()
    expect(said(users)).to_contain_text(re.compile(r"Cancelled: (8|12) of 16 were added, and stay"))
    stayed = kernel.value("[user.extension for user in lab.users]")
    assert isinstance(stayed, list)
    expect(said(users)).to_contain_text(", ".join(stayed))
    expect(users.get_by_role("button", name=f"Add {16 - len(stayed)} users")).to_be_visible()
    users.get_by_role("tab", name="One user").click()


# A call


def quality_of(page: Page, direction: str) -> Locator:
    """The row of a direction under the chart of quality."""
    return panel(page, "Quality").get_by_role("row").filter(has_text=direction)


def test_two_users_are_made_one_calls_the_chart_moves_and_they_hang_up(page: Page, kernel) -> None:
    show(page, "Users")
    add_user(page, "2001", "Front desk")
    add_user(page, "2002", "Office")
    show(page, "Quality")
    phones = panel(page, "Phones")
    row(phones, "2001").click()
    phones.get_by_label("Number", exact=True).fill("2002")
    button(phones, "Call").click()
    expect(row(phones, "2002")).to_contain_text("with 2001")
    assert kernel.value("lab.calls[-1].state") == "established"
    heard = quality_of(page, "2001 → 2002")
    expect(heard).to_contain_text("in progress", timeout=15_000)
    chart = panel(page, "Quality").locator("canvas").first
    first = chart.evaluate("canvas => canvas.toDataURL()")
    page.wait_for_function(
        "([canvas, first]) => canvas.toDataURL() !== first", arg=[chart.element_handle(), first]
    )
    # What the office hears is made worse, and the chart says so.
    network = panel(page, "Network")
    network.get_by_label("Phone").select_option("2002")
    network.get_by_role("slider", name="Loss", exact=True).fill("20")
    expect(said(network)).to_have_text("The network of 2002 does so from now on.")
    kernel.until(
        "any(each.latest and each.latest.loss_pct > 5 for each in lab.monitor().snapshot())"
    )
    button(phones, "Hang up").click()
    expect(row(phones, "2001")).to_contain_text("ended")
    expect(heard).to_contain_text("from evidence", timeout=20_000)
    assert kernel.value("lab.calls[-1].kept") is True
    show(page, "Ladders")
    calls = panel(page, "Calls")
    row(calls, "2001").first.click()
    expect(calls).to_contain_text("phone 2001 → Asterisk: BYE")


# The server


def test_asterisk_is_asked_stopped_and_started(page: Page, kernel) -> None:
    show(page, "Server")
    server = panel(page, "Server")
    line = server.get_by_label("A line for Asterisk")
    line.fill("core show version")
    line.press("Enter")
    printed = server.get_by_role("region", name="What Asterisk printed")
    expect(printed).to_contain_text("Asterisk 22.")
    expect(python(server)).to_have_text('print(lab.asterisk("core show version"))')
    expect(row(server, "running")).to_contain_text(re.compile(r"[\d.]+% of a core"))
    expect(row(server, "running")).to_contain_text(re.compile(r"\d+ MiB"))
    button(server, "Stop…").click()
    button(server, "Stop").click()
    expect(said(server)).to_contain_text("Asterisk is stopped.")
    expect(row(server, "stopped")).to_be_visible()
    assert kernel.value("lab.pbx.container.status()") == "exited"
    line.press("Enter")
    expect(alert(server)).to_contain_text("Start it again with lab.pbx.restart()")
    button(server, "Start").click()
    expect(said(server)).to_have_text("Asterisk has booted.")
    expect(row(server, "running")).to_be_visible()
    server.get_by_role("tab", name="Log").click()
    log = server.get_by_role("region", name="Asterisk's log, its last lines")
    expect(log).to_contain_text("Asterisk Ready")
    assert log.evaluate("log => log.scrollTop + log.clientHeight >= log.scrollHeight - 2") or (
        log.evaluate("log => Math.abs(log.scrollTop) < 2")
    )
    server.get_by_role("tab", name="Command line").click()


# The network


def test_sliders_are_in_force_when_they_come_to_rest(page: Page, kernel) -> None:
    kernel.run("lab.add_user('2001', name='Front desk')")
    network = panel(page, "Network")
    expect(network.get_by_label("Phone")).to_have_value("2001")
    loss = network.get_by_role("slider", name="Loss", exact=True)
    loss.focus()
    for _ in range(10):
        loss.press("ArrowRight")
    expect(said(network)).to_have_text("The network of 2001 does so from now on.")
    kernel.until("lab['2001'].phone.network.impairments.incoming.loss_pct == 5.0")
    assert kernel.value("len(lab['2001'].phone.network.history())") < 10
    expect(python(network)).to_contain_text("Impairment(loss_pct=5.0)")
    network.get_by_label("A network that people have").select_option("4g")
    expect(network.get_by_text("A mobile phone on LTE")).to_be_visible()
    kernel.until("lab['2001'].phone.network.impairments.incoming.delay_ms == 26.5")
    expect(network.get_by_role("slider", name="Delay", exact=True)).to_have_attribute(
        "aria-valuetext", "26.5 ms"
    )
    button(network, "Clear").click()
    expect(said(network)).to_have_text("All packets of 2001 pass untouched again.")
    expect(loss).to_have_value("0")


def test_what_can_not_be_is_a_sentence_in_the_panel(page: Page, kernel) -> None:
    network = panel(page, "Network")
    sentence = "No phone has a network of its own yet"
    expect(network.locator(".voiplab-in-force")).to_contain_text(sentence)
    kernel.run("lab.add_user('2001')")
    delay = network.get_by_role("slider", name="Delay", exact=True)
    jitter = network.get_by_role("slider", name="Jitter", exact=True)
    expect(network.get_by_label("Phone")).to_have_value("2001")
    jitter.fill("40")
    expect(delay).to_have_attribute("aria-valuetext", "40 ms")
    expect(said(network)).to_contain_text("does so from now on")
    delay.fill("5")
    expect(alert(network)).to_contain_text("no packet arrives before it is sent")
    button(network, "Clear").click()
    expect(alert(network)).to_have_text("")


# For everyone


CONTROLS = "button, input, select, textarea, summary, a[href], [tabindex='0']"


def reachable(page: Page, title: str) -> tuple[int, list[str]]:
    """How many controls of a page of the room Tab reaches, and those that it does not."""
    room = page.locator(".voiplab-room")
    total = room.evaluate(
        """(room, controls) => {
          let index = 0;
          for (const each of room.querySelectorAll(controls)) {
            delete each.dataset.wanted;
            const shown = each.checkVisibility() && !each.disabled && each.tabIndex >= 0;
            // Of radio buttons one is a stop; the arrow keys reach the others.
            if (shown && each.type !== "radio") each.dataset.wanted = ++index;
          }
          return index;
        }""",
        CONTROLS,
    )
    page.locator(".voiplab-room > .voiplab-switched > .voiplab-tabs").get_by_role(
        "tab", name=title, exact=True
    ).focus()
    for _ in range(total + 10):
        page.keyboard.press("Tab")
        page.evaluate("delete document.activeElement.dataset.wanted")
    page.locator(".voiplab-room").get_by_role("tab", name=title, exact=True).evaluate(
        "tab => delete tab.dataset.wanted"
    )
    left = room.evaluate(
        "room => [...room.querySelectorAll('[data-wanted]')].map((each) => each.outerHTML)"
    )
    return total, left


@pytest.mark.parametrize("title", PAGES)
def test_every_control_is_reached_by_tab(page: Page, kernel, title: str) -> None:
    kernel.run("lab.add_user('2001', name='Front desk')")
    expect(panel(page, "Network").get_by_label("Phone")).to_have_value("2001")
    show(page, title)
    if title == "Users":
        row(panel(page, "Users"), "2001").click()
        expect(button(panel(page, "Users"), "Remove…")).to_be_visible()
    total, left = reachable(page, title)
    assert total > 5
    assert left == []


def test_a_user_is_made_by_keyboard_alone(page: Page, kernel) -> None:
    page.locator(".voiplab-room").get_by_role("tab", name="Ladders", exact=True).click()
    page.keyboard.press("ArrowRight")
    tab = page.locator(".voiplab-room").get_by_role("tab", name="Users", exact=True)
    expect(tab).to_be_focused()
    expect(tab).to_have_attribute("aria-selected", "true")
    users = panel(page, "Users")
    tab_to(page, users.get_by_label("Extension", exact=True))
    page.keyboard.type("2001")
    page.keyboard.press("Tab")
    page.keyboard.type("Front desk")
    page.keyboard.press("Enter")
    expect(said(users)).to_have_text("User 2001 is there.")
    # The notebook's own shortcuts are not meant here: b is a new cell, d d removes one.
    cells = page.locator(".jp-Notebook .jp-Cell").count()
    page.keyboard.press("Shift+Tab")
    radio = users.get_by_role("radio", name="2001")
    radio.focus()
    page.keyboard.press("b")
    page.keyboard.press("d")
    page.keyboard.press("d")
    page.keyboard.press("Space")
    expect(radio).to_be_checked()
    assert page.locator(".jp-Notebook .jp-Cell").count() == cells
    tab_to(page, button(users, "Remove…"))
    page.keyboard.press("Enter")
    expect(button(users, "Keep")).to_be_focused()
    page.keyboard.press("Enter")
    expect(button(users, "Remove…")).to_be_focused()
    page.keyboard.press("Enter")
    expect(button(users, "Keep")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    expect(said(users)).to_have_text("User 2001 is gone.")
    expect(users.get_by_label("Extension", exact=True)).to_be_focused()
    assert kernel.value("len(lab.users)") == 0


def tab_to(page: Page, wanted: Locator) -> None:
    for _ in range(60):
        if wanted.evaluate("wanted => wanted === document.activeElement"):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"{wanted} is not reached by Tab.")


@pytest.fixture(params=["JupyterLab Dark", "JupyterLab Light"])
def theme(page: Page, jupyter, request: pytest.FixtureRequest) -> str:
    """The page in a theme; it is saved first, so that it shows the room again."""
    page.keyboard.press("Control+s")
    saved = jupyter.root / NOTEBOOK
    expect(page.locator(".jp-mod-dirty")).to_have_count(0)
    assert "widget-view" in saved.read_text()
    jupyter.choose_theme(request.param)
    page.reload()
    light = str(request.param.endswith("Light")).lower()
    expect(page.locator("body")).to_have_attribute("data-jp-theme-light", light, timeout=60_000)
    page.locator(".voiplab-room").wait_for(timeout=60_000)
    page.locator(".voiplab-room").evaluate("room => room.scrollIntoView()")
    return str(request.param)


def violations(page: Page) -> list[str]:
    """What axe finds to mend in the control room, by WCAG 2.1 AA."""
    axe = resources.files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
    page.evaluate(axe)
    found = page.evaluate(
        "axe.run('.voiplab-room', {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']})"
    )
    assert len(found["passes"]) > 10
    return [
        f"{each['id']}: {node['html']} {node['failureSummary']}"
        for each in found["violations"]
        for node in each["nodes"]
    ]


def test_axe_finds_nothing_to_mend(page: Page, kernel, theme: str) -> None:
    assert theme
    kernel.run("lab.add_user('2001', name='Front desk')")
    expect(panel(page, "Network").get_by_label("Phone")).to_have_value("2001")
    panel(page, "Network").get_by_label("A network that people have").select_option("adsl")
    expect(said(panel(page, "Network"))).to_contain_text("does so from now on")
    assert violations(page) == []
    phones = panel(page, "Phones")
    phones.get_by_label("Number", exact=True).fill("*43")
    button(phones, "Call").click()
    expect(quality_of(page, "*43 → 2001")).to_be_visible(timeout=20_000)
    assert violations(page) == []
    show(page, "Ladders")
    row(panel(page, "Calls"), "2001").first.click()
    expect(
        panel(page, "Calls")
        .get_by_text("180 Ringing")
        .or_(panel(page, "Calls").get_by_text("200 OK"))
        .first
    ).to_be_visible()
    assert violations(page) == []
    button(phones, "Hang up").click()
    expect(row(phones, "2001")).to_contain_text("ended")
    show(page, "Users")
    users = panel(page, "Users")
    row(users, "2001").click()
    button(users, "Remove…").click()
    expect(button(users, "Keep")).to_be_visible()
    assert violations(page) == []
    button(users, "Keep").click()
    button(users, "Another user").click()
    users.get_by_label("Extension", exact=True).fill("2001")
    button(users, "Add user").click()
    expect(alert(users)).to_contain_text("2001 is taken")
    assert violations(page) == []
    users.get_by_role("tab", name="Class list").click()
    users.get_by_label("Class list (CSV)").fill("extension\n2001\n2002\n20 03\n")
    expect(row(users, "4")).to_contain_text("is not an extension")
    assert violations(page) == []
    users.get_by_role("tab", name="One user").click()
    show(page, "Server")
    server = panel(page, "Server")
    server.get_by_label("A line for Asterisk").fill("nonsense")
    server.get_by_label("A line for Asterisk").press("Enter")
    expect(alert(server).or_(said(server)).filter(has_text=re.compile("."))).to_be_visible()
    assert violations(page) == []


# Other places


def test_nothing_was_asked_of_any_other_machine(page: Page, visited) -> None:
    assert page.url in " ".join(visited.urls)
    assert visited.hosts <= {"127.0.0.1", "localhost"}


def test_it_works_in_notebook_7_too(page: Page, kernel, jupyter) -> None:
    page.keyboard.press("Control+s")
    expect(page.locator(".jp-mod-dirty")).to_have_count(0)
    other = page.context.new_page()
    try:
        other.goto(jupyter.url(f"notebooks/{NOTEBOOK}"))
        other.locator(".voiplab-room").wait_for(timeout=60_000)
        show(other, "Users")
        add_user(other, "2009", "From Notebook 7")
        assert kernel.value("lab['2009'].phone.registered") is True
    finally:
        other.close()
