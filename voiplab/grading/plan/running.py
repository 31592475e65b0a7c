"""Carrying out the test plan."""

import platform
import time
from collections.abc import Callable, Collection, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from voiplab.config import Security
from voiplab.errors import ConfigError, VoipLabError
from voiplab.grading.plan.bench import Bench, Progress
from voiplab.grading.plan.calls import call_both_ways
from voiplab.grading.plan.case import Case
from voiplab.grading.plan.connectivity import examine_connectivity
from voiplab.grading.plan.encryption import prove_secrecy
from voiplab.grading.plan.notes import Notes
from voiplab.grading.plan.plan import TestPlan
from voiplab.grading.plan.restarting import restart_both_ways
from voiplab.grading.plan.users import administer_users
from voiplab.lab import Lab

PATIENCE_S = 120.0
"""How long a phone may take to come back by itself after a restart, in seconds.

It renews its registration after nine tenths of what it was granted, 60 s at most; when that finds
nobody, it tries again 30 to 60 s later (libre, src/sipreg/reg.c, which baresip is built on).
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Procedure:
    """How a case is carried out.

    Attributes:
        key: its name for programs.
        name: its name for people.
        initial_state: what is the case before.
        action: what is done.
        expected: what is to come of it.
        carry_out: does it, and writes down what it sees.
        needs: the cases that must have passed before.
    """

    key: str
    name: str
    initial_state: str
    action: str
    expected: str
    carry_out: Callable[[Bench, Notes], None]
    needs: tuple[str, ...] = ()


PROCEDURES = (
    Procedure(
        key="connectivity",
        name="Connectivity of client and server",
        initial_state="The server is up; a phone is on its network, and not registered.",
        action="The phone looks up the server's name, and sends a REGISTER to its port.",
        expected="The name leads to the server, which listens on that port and answers.",
        carry_out=examine_connectivity,
    ),
    Procedure(
        key="users",
        name="1 User administration",
        initial_state="The server is up, and has no such user.",
        action="A phone tries to register; the user is created (or is one of those whom "
        "hand-written files describe); its phone registers; another tries the same with a wrong "
        "password.",
        expected="Refused before; registered once the user is there, at the phone's address; "
        "refused with a wrong password.",
        carry_out=administer_users,
        needs=("connectivity",),
    ),
    Procedure(
        key="calls",
        name="2 Making and receiving calls",
        initial_state="Two users are registered.",
        action="Each calls the other. Both speak, and both are listened to.",
        expected="Set up without delay; speech flows both ways; what is heard is what was said.",
        carry_out=call_both_ways,
        needs=("connectivity", "users"),
    ),
    Procedure(
        key="restart",
        name="3 Start and restart",
        initial_state="The server is up, its users are registered, two of them in a call.",
        action="The server is restarted in order; later it is killed and started again. Nobody "
        "touches the phones.",
        expected="The phones register again by themselves, and calls can be made.",
        carry_out=restart_both_ways,
        needs=("connectivity", "users"),
    ),
    Procedure(
        key="encryption",
        name="4 Encryption",
        initial_state="A call between two users can be made.",
        action="They call each other; an eavesdropper who has all packets and knows the codec "
        "listens. As a control, the same call is made in clear.",
        expected="Nothing can be read or understood: SIP in TLS, speech in SRTP. The same checks "
        "fail on the call in clear.",
        carry_out=prove_secrecy,
        needs=("connectivity", "users"),
    ),
)


def test_plan(  # noqa: PLR0913 - all are optional and named
    lab: Lab | None = None,
    *,
    security: Security | str = Security.SDES,
    configuration: Mapping[str, str] | Path | str | None = None,
    cases: Collection[str] = (),
    patience_s: float = PATIENCE_S,
    progress: Progress = lambda _step: None,
) -> TestPlan:
    """Carry out the test plan: connectivity, users, calls, restarts, encryption.

    Args:
        lab: a lab that runs; it is left as it was. Without it, one is started, and stopped again.
        security: what is encrypted in the lab that is started, unless its files say it: see
            :class:`voiplab.Lab`.
        configuration: hand-written files for the lab that is started: see
            :class:`voiplab.Lab`.
        cases: the keys of the cases to carry out; without any, all.
        patience_s: how long phones may take to come back after a restart, in seconds.
        progress: is told each step in a few words.

    Returns:
        What came of it. What goes wrong in a case makes that case fail, and the others go on.

    Raises:
        ConfigError: when there is no such case, or no lab can be made of the files.
        EngineError: when no lab can be started.
        NotReady: when the lab does not come up.
    """
    chosen = _chosen(cases)
    started, began_s = datetime.now(UTC), time.monotonic()
    with ExitStack() as stack:
        if lab is None:
            progress("starting a lab")
            chosen_security = security if configuration is None else None
            lab = stack.enter_context(
                Lab(configuration=configuration, security=chosen_security, progress=progress)
            )
        bench = Bench(lab, patience_s, progress)
        stack.callback(bench.clear_up)
        bench.take_pair()
        done: list[Case] = []
        for procedure in chosen:
            done.append(_carried_out(procedure, bench, done))
        software, in_force = _software(lab), _security_of(lab)
    return TestPlan(
        lab=lab.name,
        security=in_force,
        started=started,
        duration_s=time.monotonic() - began_s,
        software=software,
        cases=tuple(done),
    )


test_plan.__test__ = False  # type: ignore[attr-defined] # pytest takes its name for a test's


def _chosen(keys: Collection[str]) -> tuple[Procedure, ...]:
    known = [procedure.key for procedure in PROCEDURES]
    for key in keys:
        if key not in known:
            raise ConfigError(f"There is no case {key!r}; there are {', '.join(known)}.")
    return tuple(each for each in PROCEDURES if not keys or each.key in keys)


def _carried_out(procedure: Procedure, bench: Bench, done: list[Case]) -> Case:
    case = Case(
        key=procedure.key,
        name=procedure.name,
        initial_state=procedure.initial_state,
        action=procedure.action,
        expected=procedure.expected,
    )
    failed = [each.name for each in done if each.key in procedure.needs and not each.passed]
    if failed:
        return case.model_copy(
            update={"not_run": f"It needs what has not passed: {', '.join(failed)}."}
        )
    notes, began_s = Notes(), time.monotonic()
    bench.progress(procedure.name)
    try:
        procedure.carry_out(bench, notes)
    except VoipLabError as error:
        sentence = str(error).splitlines()[0]
        notes.check("carried out to its end", "nothing goes wrong", sentence, passed=False)
    return case.model_copy(
        update={
            "observed": tuple(notes.observed),
            "checks": tuple(notes.checks),
            "exhibits": tuple(notes.exhibits),
            "restarts": tuple(notes.restarts),
            "duration_s": time.monotonic() - began_s,
        }
    )


def _security_of(lab: Lab) -> str:
    exchange = lab.exchange
    return "by hand" if exchange.written else exchange.security.value


def _software(lab: Lab) -> dict[str, str]:
    own = {"voiplab": version("voiplab"), "python": platform.python_version()}
    try:
        return lab.software() | own
    except VoipLabError:
        return own
