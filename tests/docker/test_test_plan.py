"""The test plan on a real lab; and each of its cases on a lab that is broken where it looks."""

import json
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from xml.etree import ElementTree as ET

import pytest

from voiplab import Lab, grading
from voiplab.containers import labs
from voiplab.grading.plan import Manner
from voiplab.impairment import Impairment

pytestmark = pytest.mark.engine

USERS = {"2001": "Front desk", "2002": "Office"}
BY_HAND = {
    "pjsip.conf": """
[transport-udp]
type=transport
protocol=udp
bind=0.0.0.0
"""
    + "".join(
        f"""
[{extension}]
type=endpoint
context=phones
disallow=all
allow=ulaw
direct_media=no
rtp_symmetric=yes
force_rport=yes
rewrite_contact=yes
auth={extension}
aors={extension}

[{extension}]
type=auth
auth_type=userpass
username={extension}
password=a-long-secret-{extension}

[{extension}]
type=aor
max_contacts=1
remove_existing=yes
minimum_expiration=5
maximum_expiration=10
"""
        for extension in USERS
    ),
    "extensions.conf": """
[phones]
exten => _200X,1,Dial(PJSIP/${EXTEN},20)
 same => n,Hangup()
""",
}


def written(without=None):
    """The files, if need be without an option."""
    option = rf"^{without}=.*\n" if without else "(?!)"
    return {name: re.sub(option, "", text, flags=re.MULTILINE) for name, text in BY_HAND.items()}


@pytest.fixture
def healthy(engine, runs):
    with Lab(users=USERS, runs=runs, engine=engine) as lab:
        yield lab


def failed(case):
    return {check.name: check for check in case.failures}


# The whole plan, on labs of its own


@pytest.fixture(scope="module")
def plans(runs):
    """The plan on a secure lab and on a plain one, side by side: they mostly wait for phones."""
    with pytest.MonkeyPatch.context() as patch, ThreadPoolExecutor(2) as pool:
        patch.setenv("VOIPLAB_RUNS", str(runs))
        started = {
            security: pool.submit(grading.test_plan, security=security)
            for security in ("sdes", "plain")
        }
        return {security: plan.result() for security, plan in started.items()}


def test_all_cases_are_green_on_our_secure_lab(plans):
    plan = plans["sdes"]
    assert [case.outcome.value for case in plan.cases] == ["passed"] * 5, plan
    assert plan.passed
    assert plan.security == "sdes"
    assert plan["encryption"].checks[-1].name == "control: the same checks on a call in clear"


def test_exactly_the_encryption_case_is_red_on_a_plain_lab(plans):
    plan = plans["plain"]
    red = [case.key for case in plan.cases if not case.passed]
    assert red == ["encryption"], plan
    assert {"no SIP in clear", "nothing overheard"} <= failed(plan["encryption"]).keys()


def test_over_tls_contacts_end_with_their_connection_and_over_udp_they_are_kept(plans):
    for security, remembered in (("sdes", ()), ("plain", tuple(USERS))):
        for restart in plans[security]["restart"].restarts:
            assert restart.remembered == remembered
            assert (restart.call_at_once == "answered") is bool(remembered)


def test_nothing_of_the_plans_labs_is_left(plans, engine):
    names = {plan.lab for plan in plans.values()}
    assert not names & {lab.name for lab in labs(engine)}


def test_the_report_holds_all_that_is_to_be_seen_and_heard(plans, tmp_path):
    for security, plan in plans.items():
        page = plan.write_html(tmp_path / f"{security}.html").read_text(encoding="utf-8")
        assert page.count("<audio") == {"sdes": 4 * 2 + 4, "plain": 4 * 2 + 2}[security]
        assert page.count("<img") == 2 * 3 + 2 + {"sdes": 2, "plain": 1}[security]
        plan.save(tmp_path / security)
        assert grading.TestPlan.open(tmp_path / security).html().count("<img") == page.count("<img")
        assert "a-long-secret" not in page


# Connectivity


def test_a_server_that_is_down_fails_connectivity_and_the_rest_is_not_run(healthy):
    healthy.pbx.stop()
    plan = grading.test_plan(healthy)
    assert plan.passed is False
    assert [case.outcome.value for case in plan.cases] == ["failed", *["not run"] * 4]
    (check,) = plan["connectivity"].failures
    assert "exited" in check.found
    assert "Connectivity of client and server" in plan["calls"].not_run


# Case 1: users


@pytest.fixture(scope="module")
def by_hand(engine, runs):
    with Lab(configuration=written(), runs=runs, engine=engine) as lab:
        yield lab


def test_a_lab_that_was_configured_by_hand_passes(by_hand):
    plan = grading.test_plan(by_hand, cases=["connectivity", "users", "calls"])
    assert plan.passed, plan
    assert {user.extension for user in by_hand.users} == set(USERS)


def test_an_aor_without_contacts_fails_the_users_case(engine, runs):
    with Lab(configuration=written(without="max_contacts"), runs=runs, engine=engine) as lab:
        plan = grading.test_plan(lab, cases=["connectivity", "users", "calls"])
    assert plan["connectivity"].passed
    checks = failed(plan["users"])
    assert set(checks) == {
        each
        for user in USERS
        for each in (f"the phone of {user} registers", f"the server knows where {user} is")
    }
    assert checks["the phone of 2001 registers"].found == "403 Forbidden"
    assert plan["calls"].not_run


# Case 2: calls


def test_a_network_that_loses_a_fifth_fails_the_calls_case(healthy):
    healthy["2002"].phone.network.impair(incoming=Impairment(loss_pct=20), seed=7)
    plan = grading.test_plan(healthy, cases=["calls"])
    checks = failed(plan["calls"])
    for call in ("2001 calls 2002", "2002 calls 2001"):
        for figure in ("loss", "rating"):
            assert f"{call}: 2001 → 2002, {figure}" in checks
            assert f"{call}: 2002 → 2001, {figure}" not in checks
    lost_pct = float(checks["2001 calls 2002: 2001 → 2002, loss"].found.split()[-2])
    assert lost_pct == pytest.approx(20, abs=8)
    assert [user.extension for user in healthy.users] == list(USERS)


def test_a_running_lab_is_left_as_it_was(healthy, engine):
    def parts():
        (own,) = (lab for lab in labs(engine) if lab.name == healthy.name)
        return [(part.name, part.status) for part in own.parts]

    before = parts()
    plan = grading.test_plan(healthy, cases=["connectivity", "users"])
    assert plan.passed, plan
    assert parts() == before
    assert [user.extension for user in healthy.users] == list(USERS)
    assert all(phone.registered for phone in healthy.phones.values())


def test_what_goes_wrong_in_a_case_is_its_failure_and_the_others_go_on(healthy):
    healthy["2002"].phone.container.kill()
    plan = grading.test_plan(healthy, cases=["users", "calls"])
    assert plan["users"].passed
    assert plan["calls"].failures[-1].name == "carried out to its end"
    assert "the container has stopped" in plan["calls"].failures[-1].found


# Case 3: restarts, where registrations are short


def test_phones_come_back_by_themselves_when_it_is_time_to_register(by_hand):
    plan = grading.test_plan(by_hand, cases=["restart"])
    assert plan.passed, plan
    clean, kill = plan["restart"].restarts
    assert (clean.manner, kill.manner) == (Manner.CLEAN, Manner.KILL)
    for restart in (clean, kill):
        for each in restart.returns:
            # nine tenths of what the server grants, RFC 3261, section 10.2.4, leaves it to phones
            assert each.registered_before_s + each.back_s == pytest.approx(9, abs=1.5)
    assert all(each.told_s is not None for each in clean.cut_off)
    assert all(each.told_s is None for each in kill.cut_off)
    assert all(each.silent_s < kill.up_s for each in kill.cut_off)


def test_a_user_whom_the_files_no_longer_have_does_not_come_back(by_hand):
    gone = written()["pjsip.conf"].partition("[2002]")[0]
    by_hand.pbx.container.put({"/etc/asterisk/pjsip.conf": gone})
    plan = grading.test_plan(by_hand, cases=["restart"])
    checks = failed(plan["restart"])
    assert checks["clean: the phone of 2002 is back"].found == "refused: 401 Unauthorized"
    assert "clean: the phone of 2001 is back" not in checks
    assert "clean: the line can be used afterwards" in checks


# Case 4: encryption


def test_a_server_that_requires_encryption_is_proven_by_a_control_in_another_lab(engine, runs):
    with Lab(security="required", users=USERS, runs=runs, engine=engine) as lab:
        plan = grading.test_plan(lab, cases=["encryption"])
        assert {user.settings.security for user in lab.users} == {None}
    assert plan.passed, plan
    assert plan["encryption"].checks[-1].name == "control: the same checks on a call in clear"


def test_one_phone_in_clear_fails_the_encryption_case(engine, runs):
    with Lab(security="sdes", users=USERS, runs=runs, engine=engine) as lab:
        lab.change_user("2002", security="plain")
        plan = grading.test_plan(lab, cases=["encryption"])
        assert lab["2002"].settings.security == "plain"
        assert lab["2001"].settings.security is None
    checks = failed(plan["encryption"])
    assert "phone 2002" in checks["nothing overheard"].found
    assert "no SIP in clear" in checks


# The command line


def command(*arguments):
    line = [sys.executable, "-m", "voiplab", "test-plan", *map(str, arguments)]
    return subprocess.run(line, capture_output=True, text=True, check=False)


def test_the_command_writes_reports_and_ends_with_the_verdict(healthy, tmp_path):
    page, junit = tmp_path / "report.html", tmp_path / "report.xml"
    where = "--lab", healthy.name, "--html", page
    good = command(*where, "--case", "connectivity", "--junit", junit, "--json")
    assert good.returncode == 0, good.stderr
    told = json.loads(good.stdout)
    assert told["report"] == str(page)
    assert [case["outcome"] for case in told["cases"]] == ["passed"]
    assert ET.parse(junit).getroot().get("failures") == "0"  # noqa: S314 - our own
    bad = command(*where, "--case", "encryption")
    assert bad.returncode == 1, bad.stderr
    assert "✗  4 Encryption" in bad.stdout
    assert "no SIP in clear: expected" in bad.stdout
    assert f"Report: {page}" in bad.stdout
    assert "1 of 1 cases failed" in page.read_text(encoding="utf-8")
    nothing = command("--lab", healthy.name, "--case", "coffee")
    assert nothing.returncode == 2
    assert "there are connectivity, users, calls" in nothing.stderr


def test_a_plan_that_could_not_be_run_is_told_from_one_that_failed(tmp_path):
    nowhere = command("--lab", "no-such-lab")
    assert (nowhere.returncode, nowhere.stdout) == (2, "")
    assert "No lab 'no-such-lab' runs" in nowhere.stderr
    empty = command("--configuration", tmp_path)
    assert empty.returncode == 2
    assert "pjsip.conf" in empty.stderr
