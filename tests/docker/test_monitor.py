"""Calls measured while they go on, against what their evidence says afterwards."""

import itertools
import threading

import pandas as pd
import pytest

from voiplab import Impairment, Lab
from voiplab.containers import wait_until
from voiplab.errors import LabStopped
from voiplab.evidence import quality_timeline

pytestmark = pytest.mark.engine

LOSSY = Impairment(loss_pct=30, spares_signalling=True)


@pytest.fixture(scope="module")
def lab(engine, runs):
    """A lab of its own: these tests look at all of its calls."""
    users = {"2001": "Front desk", "2002": "Office", "2003": "Third"}
    with Lab(users=users, runs=runs, engine=engine) as own:
        yield own


@pytest.fixture(scope="module")
def told():
    return []


@pytest.fixture(scope="module")
def measured(lab, told):
    """A call that the monitor has followed to its end: good, then lossy, then good again."""
    monitor = lab.monitor()
    unsubscribe = monitor.subscribe(told.append)
    network = lab["2002"].phone.network
    # The sidecar is there before, so that the moments of the losses are known to the second.
    network.impair(incoming=Impairment(), seed=1)
    call = lab["2001"].phone.call(lab["2002"], say="The quick brown fox jumps.", reply="Well.")
    call.wait(3)
    lossy = network.impair(incoming=LOSSY, seed=5)
    call.wait(3)
    cleared = network.impair(incoming=Impairment(), seed=1)
    call.wait(3)
    call.hang_up()
    wait_until(
        "the monitor's last word",
        lambda: all(each.ended and each.call for each in monitor.snapshot(ended=True)) or None,
        timeout_s=10,
    )
    wait_until("all seconds", lambda: all_told(monitor, call) or None, timeout_s=10)
    yield call, lossy.since_s, cleared.since_s
    unsubscribe()


def all_told(monitor, call):
    expected = sum(direction.packets for direction in call.quality)
    last = monitor.calls()[-1].id
    mine = [each for each in monitor.snapshot(ended=True) if each.call == last]
    return sum(each.packets for each in mine) >= expected


def test_what_was_shown_live_is_what_the_evidence_says(lab, measured):
    call, *_ = measured
    (pbx_call,) = lab.monitor().calls()
    live = lab.monitor().timeline(pbx_call.id)
    after = quality_timeline(call.evidence)
    order = ["direction", "time_s"]
    pd.testing.assert_frame_equal(
        live.sort_values(order, ignore_index=True), after.sort_values(order, ignore_index=True)
    )
    assert len(after) > 15


def test_totals_are_those_of_the_evidence(lab, measured):
    call, *_ = measured
    monitor = lab.monitor()
    live = {each.label: each for each in monitor.snapshot(ended=True)}
    assert live.keys() == {"2001 → 2002", "2002 → 2001"}
    for direction in call.quality:
        shown = live[direction.label]
        assert (shown.packets, shown.lost) == (direction.packets, direction.lost)
        whole = monitor.direction(shown.key)
        assert whole.loss_pct == direction.loss_pct
        assert whole.jitter_ms == pytest.approx(direction.jitter_ms)
        assert whole.burst_ratio == direction.burst_ratio
        # What the sidecar itself takes is measured in the evidence, and in no settings.
        assert whole.r == pytest.approx(direction.r, abs=0.5)


def test_losses_stand_in_the_seconds_in_which_the_network_lost(measured):
    call, since_s, until_s = measured
    timeline = quality_timeline(call.evidence)
    hurt = timeline[timeline["direction"] == "2001 → 2002"].set_index("time_s")
    within = (hurt.index >= since_s) & (hurt.index + 1 <= until_s)
    apart = (hurt.index + 1 < since_s) | (hurt.index > until_s + 0.1)
    assert within.sum() >= 2
    assert apart.sum() >= 4
    assert (hurt[within]["loss_pct"] > 10).all()
    assert (hurt[within]["r"] < 50).all()
    assert (hurt[apart]["lost"] == 0).all()
    spared = timeline[timeline["direction"] == "2002 → 2001"]
    assert spared["lost"].sum() == 0
    truth = call.evidence.network_truth("2002")
    lost = truth[(truth["fate"] == "lost") & (truth["protocol"] == "rtp")]
    assert hurt["lost"].sum() == len(lost)


def test_seconds_were_told_while_the_call_went_on(measured, told):
    assert measured
    rounds = [news for news in told if any(news.seconds.values())]
    assert len(rounds) >= 7
    keys = {key for news in rounds for key in news.seconds}
    for key in keys:
        times = [each.time_s for news in rounds for each in news.seconds.get(key, ())]
        assert sorted(set(times)) == list(range(min(times), max(times) + 1))
    # A second is told at the latest three rounds after it has passed: it is read, then complete.
    assert all(news.time_s - second.time_s < 5 for news, second in _each(rounds))


def _each(rounds):
    for news in rounds:
        for second in itertools.chain.from_iterable(news.seconds.values()):
            yield news, second


def test_its_ladder_is_that_of_the_evidence(lab, measured):
    call, *_ = measured
    (pbx_call,) = lab.monitor().calls()
    assert lab.monitor().ladder(pbx_call.id).text() == call.ladder().text()


def test_the_listener_is_called_on_the_background_loop(lab):
    called = threading.Event()
    names = []

    def listen(_news):
        names.append(threading.current_thread().name)
        called.set()

    unsubscribe = lab.monitor().subscribe(listen)
    assert called.wait(10)
    unsubscribe()
    assert set(names) == {"voiplab-events"}


def test_a_call_that_no_notebook_made_is_measured_too(lab, measured):
    assert measured
    monitor = lab.monitor()
    before = {each.id for each in monitor.calls()}
    leg = lab["2003"].phone.dial("*43")

    def heard():
        return next((each for each in monitor.snapshot() if each.packets > 60), None)

    hearing = wait_until("a second of it", heard, timeout_s=15)
    assert hearing.label == "*43 → 2003"
    (call,) = [each for each in monitor.calls() if each.id not in before]
    assert (call.caller, call.called, call.state) == ("2003", "*43", "answered")
    assert hearing.call == call.id
    assert next(each.label for each in monitor.ladder(call.id).arrows) == "INVITE (SDP)"
    lab["2003"].phone.hang_up(leg)
    wait_until("its end", lambda: not monitor.snapshot() or None, timeout_s=10)
    (call,) = [each for each in monitor.calls() if each.id not in before]
    assert call.state == "ended"


def test_a_call_that_began_before_the_monitor_is_measured_from_its_beginning(lab):
    monitor = lab.monitor()
    monitor.stop()
    call = lab["2001"].phone.call("*43", say="I was here before.")
    call.wait(2)
    unsubscribe = monitor.subscribe(lambda _news: None)
    wait_until(
        "its seconds",
        lambda: any(each.packets > 120 for each in monitor.snapshot()) or None,
        timeout_s=15,
    )
    call.hang_up()
    wait_until("all seconds", lambda: all_told(monitor, call) or None, timeout_s=10)
    unsubscribe()
    live = monitor.timeline(monitor.calls()[-1].id)
    after = quality_timeline(call.evidence)
    pd.testing.assert_frame_equal(live, after)


def test_a_phone_that_comes_and_goes_is_followed(lab):
    monitor = lab.monitor()
    unsubscribe = monitor.subscribe(lambda _news: None)
    phone = lab.add_user("2044").phone
    call = phone.call("*43")
    wait_until("its sound", lambda: monitor.snapshot() or None, timeout_s=15)
    call.hang_up()
    lab.remove_user("2044")
    wait_until("its end", lambda: not monitor.snapshot() or None, timeout_s=10)
    unsubscribe()


def test_a_pbx_that_is_killed_and_comes_back_is_followed(lab):
    monitor = lab.monitor()
    unsubscribe = monitor.subscribe(lambda _news: None)
    lab["2001"].phone.dial("*43")
    wait_until("the call", lambda: _in_progress(monitor) or None, timeout_s=15)
    lab.pbx.kill()
    wait_until("its end", lambda: not _in_progress(monitor) or None, timeout_s=15)
    lab.pbx.restart()
    for phone in lab.phones.values():
        for leg in phone.active_legs():
            phone.hang_up(leg)
        phone.register()
    call = lab["2001"].phone.call(lab["2002"], say="Here we are again.")
    (followed,) = wait_until("the next call", lambda: _in_progress(monitor) or None, timeout_s=15)
    assert monitor.made_by(followed.id) is call
    call.hang_up()
    unsubscribe()


def _in_progress(monitor):
    return [call for call in monitor.calls() if call.state == "answered"]


def test_a_phone_that_is_restarted_is_followed(lab):
    monitor = lab.monitor()
    unsubscribe = monitor.subscribe(lambda _news: None)
    phone = lab["2003"].phone
    wait_until("the monitor", lambda: monitor.calls() or None, timeout_s=15)
    phone.container.restart()
    phone.connect()
    phone.register()
    call = phone.call("*43", say="I am back.")
    wait_until("its sound", lambda: monitor.snapshot() or None, timeout_s=20)
    call.wait(2)
    call.hang_up()
    wait_until("all seconds", lambda: all_told(monitor, call) or None, timeout_s=15)
    unsubscribe()


def test_nothing_goes_on_once_it_is_stopped(lab):
    monitor = lab.monitor()
    monitor.start()
    follow = ["sh", "-c", "for each in /proc/[0-9]*/cmdline; do tr '\\0' ' ' < $each; echo; done"]
    container = lab["2001"].phone.container

    def followed():
        return "tail -c" in container.exec(follow).text

    wait_until("it to follow", lambda: followed() or None, timeout_s=10)
    monitor.stop()
    wait_until("the end of that", lambda: not followed() or None, timeout_s=10)
    assert "voiplab-monitor" not in {thread.name for thread in threading.enumerate()}


def test_a_stopped_lab_has_nothing_to_measure(engine, runs):
    lab = Lab(users={}, runs=runs, engine=engine)
    lab.begin()
    monitor = lab.monitor()
    first, second = (monitor.subscribe(lambda _news: None) for _ in range(2))
    first()
    assert monitor.running
    second()
    second()
    assert not monitor.running
    monitor.start()
    lab.stop()
    assert not monitor.running
    with pytest.raises(LabStopped):
        monitor.start()
