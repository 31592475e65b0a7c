"""Panels on a real lab, without a browser: what a click asks for happens in Asterisk."""

import re

import pytest

from voiplab import Lab
from voiplab.containers import LAB, ROLE
from voiplab.errors import LabStopped
from voiplab.impairment import Impairment
from voiplab.phones.access_network import SIDECAR
from voiplab.widgets.control_room import control_room
from voiplab.widgets.network import network_panel
from voiplab.widgets.server import server_panel
from voiplab.widgets.users import users_panel

pytestmark = pytest.mark.engine


def said(panel):
    panel.wait(60)
    return panel.report.state, panel.report.sentence


@pytest.fixture
def users(lab):
    panel = users_panel(lab)
    # Read by hand, so that each test knows when.
    panel._refresh.stop()
    yield panel
    panel.wait(60)
    panel.close()
    for user in lab.users:
        if user.extension not in {"2001", "2002"}:
            lab.remove_user(user.extension)


def endpoints(lab):
    return set(re.findall(r"Endpoint:\s+(\d+)", lab.asterisk("pjsip show endpoints")))


def test_a_user_made_with_the_mouse_is_an_endpoint_that_is_registered(lab, users):
    users.form.extension.value = "2061"
    users.form.name.value = "Reception"
    users.add.click()
    assert said(users) == ("done", "User 2061 is there.")
    assert lab["2061"].phone.registered
    assert "2061" in endpoints(lab)
    shown = lab.asterisk("pjsip show endpoint 2061")
    assert '"Reception" <2061>' in shown
    users._refresh.once()
    users.table.chosen = "2061"
    users.form.codecs.value = "alaw"
    users.change.click()
    assert said(users) == ("done", "User 2061 was changed.")
    assert re.search(r"allow\s+: \(alaw\)", lab.asterisk("pjsip show endpoint 2061"))
    assert "-allow = ulaw,alaw\n+allow = alaw" in users.configuration.source.text
    users.remove.click()
    users.question.yes()
    assert said(users) == ("done", "User 2061 is gone.")
    assert "2061" not in endpoints(lab)


def test_a_user_s_security_is_chosen_with_the_mouse(lab, users):
    users.form.extension.value = "2067"
    users.form.security.value = "sdes"
    users.add.click()
    assert said(users) == ("done", "User 2067 is there.")
    assert (lab["2067"].phone.registered, lab["2067"].phone.account.transport) == (True, "tls")
    users._refresh.once()
    users.table.chosen = "2067"
    users.form.security.value = "plain"
    users.change.click()
    assert said(users) == ("done", "User 2067 was changed.")
    assert (lab["2067"].phone.registered, lab["2067"].phone.account.transport) == (True, "udp")


def test_the_python_that_it_shows_does_the_same(lab, users):
    users.form.extension.value = "2062"
    users.form.name.value = "Zoë"
    users.form.phone.value = "none"
    users.form.codecs.value = "g722, alaw"
    users.form.voicemail.value = True
    users.add.click()
    assert said(users)[0] == "done"
    clicked = lab.exchange.user("2062")
    lab.remove_user("2062")
    exec(users.report.python, {"lab": lab})  # noqa: S102 - it is the panel's own line
    typed = lab.exchange.user("2062")
    kept = ("extension", "name", "codecs", "webrtc", "ring_s", "call_waiting")
    assert [getattr(typed, each) for each in kept] == [getattr(clicked, each) for each in kept]
    assert typed.mailbox is not None


def test_a_class_list_is_registered(lab, users):
    users.class_list.text.value = (
        "extension;name;phone\n2063;Ada\n2064;Grace;none\n2065;Alan;softphone\n"
    )
    users.class_list.add_all.click()
    assert said(users) == ("done", "3 users were added.")
    assert {"2063", "2064", "2065"} <= endpoints(lab)
    table = lab.registrations().set_index("extension").registered
    assert [bool(table[each]) for each in ("2063", "2064", "2065")] == [True, False, True]


def test_what_asterisk_has_is_read_by_itself(lab, users):
    lab.add_user("2066", name="Typed", phone=False)
    users._refresh.once()
    (row,) = [row for row in users.table.rows if row["extension"] == "2066"]
    assert (row["name"], row["phone"]) == ("Typed", "none of the lab's")


@pytest.fixture
def server(lab):
    panel = server_panel(lab)
    yield panel
    panel.wait(60)
    panel.close()
    if not lab.pbx.running:
        lab.pbx.restart()


def test_the_pbx_is_stopped_started_and_the_phones_can_call_again(lab, server):
    server.stop_button.click()
    server.question.yes()
    assert said(server)[0] == "done"
    assert lab.pbx.container.status() == "exited"
    server._refresh.once()
    assert server.table.rows[0]["status"] == "stopped"
    server.line.value = "core show version"
    server._run()
    state, sentence = said(server)
    assert state == "failed"
    assert "lab.pbx.restart()" in sentence
    server.start_button.click()
    assert said(server) == ("done", "Asterisk has booted.")
    call = lab["2001"].phone.call(lab["2002"])
    call.hang_up()
    assert call.leg.established_s is not None


def test_stopping_in_order_ends_the_calls_with_a_bye(lab, server):
    call = lab["2001"].phone.call(lab["2002"])
    server.stop_button.click()
    server.question.yes()
    said(server)
    assert call.leg.wait("closed", timeout_s=10)
    server.start_button.click()
    assert said(server)[0] == "done"
    call.hang_up()
    pbx = call.evidence.record.pbx_address
    signalling = call.evidence.capture.signalling
    byes = [seen for seen in signalling if seen.message.method == "BYE"]
    assert [seen.src for seen in byes] == [f"{pbx}:5060"] * 2


def test_a_line_of_asterisk_and_its_version(lab, server):
    server.line.value = "core show version"
    server._run()
    assert said(server)[0] == "done"
    assert server.output.text == lab.asterisk("core show version")
    server._refresh.once()
    (row,) = server.table.rows
    assert row["version"] == lab.pbx.version()
    assert (row["status"], row["calls"]) == ("running", 0)
    assert row["users"] == len(lab.users)
    server.pages.tabs.chosen = 1
    server._refresh.once()
    assert "Asterisk Ready" in server.logbook.text
    call = lab["2001"].phone.call(lab["2002"])
    server._refresh.once()
    assert server.table.rows[0]["calls"] == 1
    call.hang_up()


def test_what_a_busy_container_takes_of_a_core_is_what_the_shell_counts(lab):
    container = lab.pbx.container
    before = container.usage()
    spent = container.exec(
        ["bash", "-c", "SECONDS=0; while [ $SECONDS -lt 2 ]; do :; done; times"]
    ).text.splitlines()[0]
    after = container.usage()
    shell_s = sum(
        int(minutes) * 60 + float(seconds)
        for minutes, seconds in re.findall(r"(\d+)m([\d.]+)s", spent)
    )
    taken_s = after.cpu_s - before.cpu_s
    assert shell_s > 0.2
    # Asterisk itself, and starting the shell, take their part too.
    assert shell_s - 0.05 <= taken_s < shell_s + 1
    assert after.cpu_share(before) == pytest.approx(taken_s / (after.time_s - before.time_s))


@pytest.fixture(scope="module")
def far_away(lab):
    yield lab.add_user("2067", name="Far away").phone
    lab.remove_user("2067")


@pytest.fixture
def network(lab, far_away):  # noqa: ARG001 - it has to be there
    panel = network_panel(lab)
    panel._refresh.once()
    panel.phone.value = "2067"
    yield panel
    panel.close()


def test_the_sliders_are_in_force_on_that_phone_alone(lab, network, far_away):
    network.incoming.delay_ms.value = 150.0
    network.apply()
    assert said(network)[0] == "done"
    settings = far_away.network.impairments
    assert settings.incoming == settings.outgoing == Impairment(delay_ms=150)
    assert settings.seed == 7
    assert lab["2001"].phone.network.impairments is None
    call = far_away.call(lab["2002"], say="One two three.")
    call.wait(seconds=2)
    call.hang_up()
    truth = far_away.network.truth()
    rtp = truth[(truth.protocol == "rtp") & (truth.fate == "delivered")]
    assert set(rtp.direction) == {"incoming", "outgoing"}
    assert (rtp.delay_ms.round() >= 150).all()
    network.clear()
    assert said(network)[0] == "done"
    assert far_away.network.impairments.incoming == Impairment()


def test_a_preset_is_what_the_python_says(lab, network, far_away):
    network.preset.value = "congested-wifi"
    assert said(network)[0] == "done"
    clicked = far_away.network.impairments
    far_away.network.clear()
    exec(network.report.python, {"lab": lab})  # noqa: S102 - it is the panel's own line
    typed = far_away.network.impairments
    assert (typed.incoming, typed.outgoing, typed.seed) == (
        clicked.incoming,
        clicked.outgoing,
        clicked.seed,
    )
    far_away.network.clear()


def test_sliders_that_never_left_zero_start_no_sidecar(lab, engine):
    panel = network_panel(lab)
    panel._refresh.once()
    panel.phone.value = "2002"
    panel.apply()
    panel.wait(60)
    panel.close()
    sidecars = engine.containers({LAB: lab.name, ROLE: SIDECAR})
    assert not [each for each in sidecars if "-2002-" in each.name]


def test_a_control_room_of_a_stopped_lab_is_refused():
    with pytest.raises(LabStopped):
        control_room(Lab("stopped"))


def test_a_second_control_room_takes_the_place_of_the_first(lab):
    first = control_room(lab)
    second = control_room(lab)
    try:
        refreshes = [each for panel in first.panels for each in panel._refreshes]
        assert refreshes
        assert not any(each.running for each in refreshes)
        assert all(each.running for panel in second.panels for each in panel._refreshes)
    finally:
        second.close()


def test_panels_of_a_lab_that_ends_say_so(engine, runs):
    lab = Lab(engine=engine, runs=runs)
    lab.begin()
    panel = users_panel(lab)
    lab.stop()
    with pytest.raises(LabStopped):
        panel._read()
    panel._refresh.once()
    assert panel.report.state == "failed"
    assert "is stopped" in panel.report.sentence
    panel.close()
