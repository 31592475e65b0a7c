import asyncio
import logging
import threading
from concurrent.futures import Future

import ipywidgets
import pytest
from ipywidgets.widgets.widget import _instances

from voiplab.errors import PhoneError
from voiplab.widgets import kernel as kernel_module
from voiplab.widgets import panel as panel_module
from voiplab.widgets import refresh as refresh_module
from voiplab.widgets.control_room import ControlRoom
from voiplab.widgets.panel import Panel
from voiplab.widgets.work import Work


@pytest.fixture
def panel():
    made = Panel("Users")
    yield made
    made.close()


def test_an_action_says_what_it_does_and_then_what_it_did(panel: Panel) -> None:
    go = threading.Event()
    shown: list[int] = []

    def work(_work: Work) -> int:
        go.wait()
        return 3

    assert panel.do(work, says="Adding.", done="Added.", python="lab.add_user()", then=shown.append)
    assert (panel.report.state, panel.report.sentence) == ("busy", "Adding.")
    assert panel.report.python == "lab.add_user()"
    go.set()
    panel.wait()
    assert (panel.report.state, panel.report.sentence) == ("done", "Added.")
    assert panel.report.python == "lab.add_user()"
    assert shown == [3]


def test_it_runs_in_another_thread(panel: Panel) -> None:
    threads: list[threading.Thread] = []
    panel.do(lambda _work: threads.append(threading.current_thread()), says="")
    panel.wait()
    assert threads[0] is not threading.current_thread()


def test_a_second_click_while_busy_does_nothing_then_or_later(panel: Panel) -> None:
    go = threading.Event()
    done: list[str] = []
    panel.do(lambda _work: go.wait(), says="First.", then=lambda _: done.append("first"))
    assert not panel.do(lambda _work: done.append("second"), says="Second.", python="second()")
    assert (panel.report.sentence, panel.report.python) == ("First.", "")
    go.set()
    panel.wait()
    assert done == ["first"]
    assert panel.do(lambda _work: done.append("third"), says="Third.")
    panel.wait()
    assert done == ["first", "third"]


def test_its_own_errors_appear_as_their_sentence_and_are_no_defects(
    panel: Panel, caplog: pytest.LogCaptureFixture
) -> None:
    def work(_work: Work) -> None:
        raise PhoneError("Phone 2001 did not dial.")

    panel.do(work, says="Calling.", python="phone.call()")
    panel.wait()
    report = panel.report
    assert (report.state, report.sentence, report.trace) == (
        "failed",
        "Phone 2001 did not dial.",
        "",
    )
    assert report.python == "phone.call()"
    assert not caplog.records


@pytest.mark.parametrize("where", ["work", "then", "done"])
def test_any_other_error_is_shown_as_a_defect_with_its_trace_and_logged(
    panel: Panel, where: str, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_args: object) -> str:
        return {}["nobody"]

    parts = {"work": lambda _work: None, "then": lambda _found: None, "done": ""}
    parts[where] = broken
    panel.do(parts["work"], says="", then=parts["then"], done=parts["done"])
    panel.wait()
    assert panel.report.state == "failed"
    assert "defect of voiplab" in panel.report.sentence
    assert "KeyError: 'nobody'" in panel.report.sentence
    assert "in broken" in panel.report.trace
    assert [record.levelno for record in caplog.records] == [logging.ERROR]
    assert not panel.busy


def test_the_next_action_clears_the_trace_of_the_last(panel: Panel) -> None:
    panel.fail(KeyError("nobody"))
    assert panel.report.trace
    panel.do(lambda _work: None, says="", done="Well.")
    panel.wait()
    assert (panel.report.trace, panel.report.sentence) == ("", "Well.")


def test_an_action_tells_its_steps(panel: Panel) -> None:
    seen: list[tuple[str, float]] = []
    panel.report.observe(
        lambda _change: seen.append((panel.report.sentence, panel.report.share)), "share"
    )

    def work(work: Work) -> None:
        work.step("Adding 2001.", 0.5)
        work.step("Waiting.")

    panel.do(work, says="Adding.")
    panel.wait()
    assert seen == [("Adding 2001.", 0.5), ("Waiting.", -1.0)]


def cancel(panel: Panel) -> None:
    panel.report._hear(panel.report, {"order": "cancel"}, [])


def test_cancelling_says_what_remains(panel: Panel) -> None:
    def work(work: Work) -> None:
        assert work.wait(30)
        work.stop_if_cancelled("1 of 3 was added, and stays.")

    panel.do(work, says="Adding.", cancellable=True, done="All were added.")
    assert panel.report.cancellable
    cancel(panel)
    panel.wait()
    report = panel.report
    assert (report.state, report.sentence) == ("cancelled", "1 of 3 was added, and stays.")
    assert not report.cancellable


def test_what_ended_before_it_could_be_cancelled_says_so(panel: Panel) -> None:
    panel.do(lambda work: work.wait(30), says="Adding.", cancellable=True, done="Added.")
    cancel(panel)
    panel.wait()
    assert panel.report.state == "done"
    assert panel.report.sentence == "Added. It was done before it could be cancelled."


def test_what_can_not_be_cancelled_is_not(panel: Panel) -> None:
    go = threading.Event()
    works: list[Work] = []

    def work(work: Work) -> None:
        works.append(work)
        go.wait()

    panel.do(work, says="Restarting.", done="Restarted.")
    cancel(panel)
    assert panel.report.sentence == "Restarting."
    go.set()
    panel.wait()
    assert not works[0].cancelled
    assert panel.report.sentence == "Restarted."


def test_cancel_with_nothing_under_way_does_nothing(panel: Panel) -> None:
    cancel(panel)
    assert panel.report.state == "idle"


def test_what_is_said_at_once_does_not_interrupt_an_action(panel: Panel) -> None:
    go = threading.Event()
    panel.do(lambda _work: go.wait(), says="Adding.", done="Added.")
    panel.say("Chosen.")
    assert panel.report.sentence == "Adding."
    go.set()
    panel.wait()
    panel.say("Chosen.", python="phone = lab['2001'].phone")
    assert (panel.report.state, panel.report.sentence) == ("done", "Chosen.")
    assert panel.report.python == "phone = lab['2001'].phone"


def test_its_heading_can_hold_anything() -> None:
    panel = Panel("Loss < 5 % & more")
    assert panel.children[0].value == "<h2>Loss &lt; 5 % &amp; more</h2>"
    panel.close()


# What is read again and again


def test_a_reading_that_fails_is_shown_once_until_it_succeeds(panel: Panel) -> None:
    shown: list[int] = []
    told: list[str] = []
    panel.report.observe(lambda change: told.append(change.new), "sentence")
    answers: list[int | Exception] = [
        1,
        PhoneError("It is gone."),
        PhoneError("It is gone."),
        2,
        PhoneError("It is gone."),
    ]
    over = threading.Event()

    def read() -> int:
        if not answers:
            over.set()
            threading.Event().wait(5)
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    refresh = panel.every(0.001, read, shown.append)
    assert over.wait(10)
    refresh.stop()
    assert shown == [1, 2]
    assert told == ["It is gone.", "", "It is gone."]


def test_a_defect_in_showing_what_was_read_is_shown_and_reading_goes_on(
    panel: Panel, caplog: pytest.LogCaptureFixture
) -> None:
    shows = threading.Semaphore(0)

    def show(found: dict) -> None:
        shows.release()
        found["nobody"]

    refresh = panel.every(0.001, dict, show)
    for _ in range(3):
        assert shows.acquire(timeout=10)
    refresh.stop()
    refresh._thread.join(10)
    assert "KeyError: 'nobody'" in panel.report.sentence
    assert "in show" in panel.report.trace
    assert len(caplog.records) == 1


def test_a_closed_panel_reads_no_more() -> None:
    panel = Panel("Users")
    reading = threading.Event()
    go_on = threading.Event()
    shown: list[int] = []

    def read() -> int:
        reading.set()
        go_on.wait(10)
        return 1

    refresh = panel.every(0.001, read, shown.append)
    assert reading.wait(10)
    panel.close()
    go_on.set()
    refresh._thread.join(10)
    assert not refresh._thread.is_alive()
    assert shown == []


def test_a_slow_kernel_gets_fewer_readings_and_no_queue(monkeypatch: pytest.MonkeyPatch) -> None:
    handed: list[tuple] = []
    handed_over = threading.Semaphore(0)

    def busy_kernel(act):
        if threading.current_thread() is not refresh._thread:
            return kernel_module.on_kernel(act)  # of a panel that another test has left open
        future: Future = Future()
        handed.append((act, future))
        handed_over.release()
        return future

    monkeypatch.setattr(refresh_module, "on_kernel", busy_kernel)
    reads: list[int] = []
    refresh = refresh_module.Refresh(
        lambda: reads.append(1), lambda _found: None, lambda _error: None, every_s=0.0
    )
    refresh.start()
    assert handed_over.acquire(timeout=10)
    assert not handed_over.acquire(timeout=0.1)
    assert len(reads) == 1
    refresh.stop()
    act, future = handed[0]
    future.set_result(act())
    refresh._thread.join(10)


def test_widgets_are_touched_on_the_kernel_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """All that an action shows is handed to the kernel's loop, and nothing before it is free."""
    loop = asyncio.new_event_loop()
    monkeypatch.setattr(kernel_module, "kernel_loop", lambda: loop)
    panel = Panel("Users")
    panel.do(lambda work: work.step("Half.", 0.5), says="Adding.", done="Added.")
    panel.wait()
    assert panel.report.sentence == "Adding."
    told: list[str] = []
    panel.report.observe(lambda change: told.append(change.new), "sentence")
    # In a thread of its own: where a browser is driven, this one has a loop already.
    kernel = threading.Thread(target=lambda: loop.run_until_complete(asyncio.sleep(0)))
    kernel.start()
    kernel.join()
    assert told == ["Half.", "Added."]
    loop.close()
    panel.close()


def test_a_defect_in_showing_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    panel_module._hand_over(lambda: {}["nobody"])
    assert "could not be brought up to date" in caplog.text


def test_a_closed_panel_leaves_nothing_that_a_page_would_ask_for() -> None:
    """A page that is loaded again asks for all widgets: one with a closed child would fail them."""
    panel = Panel("Users", [ipywidgets.HBox([ipywidgets.Label("a"), ipywidgets.Text()])])
    room = ControlRoom("Lab demo", {"One": [panel], "Both": [panel, Panel("Server")]})
    inside = {id(each) for each in (room, *_all_in(room))}
    room.close()
    left = [each for each in _instances.values() if id(each) in inside]
    assert left == []


def _all_in(widget: ipywidgets.Widget) -> list[ipywidgets.Widget]:
    children = list(getattr(widget, "children", ()))
    return [*children, *(each for child in children for each in _all_in(child))]
