"""The test plan on a real lab; and each of its cases on a lab that is broken where it looks."""

import re

import pytest

from voiplab import Lab, grading
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


# Connectivity


def test_a_server_that_is_down_fails_connectivity_and_the_rest_is_not_run(healthy):
    healthy.pbx.stop()
    plan = grading.test_plan(healthy)
    assert plan.passed is False
    assert [case.outcome.value for case in plan.cases][:4] == ["failed", *["not run"] * 3]
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
