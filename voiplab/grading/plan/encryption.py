"""Case 4: nobody on the network can listen to a call, and this check can fail."""

from typing import TYPE_CHECKING

from voiplab.config import Security
from voiplab.grading.plan.bench import Bench
from voiplab.grading.plan.calls import converse
from voiplab.grading.plan.case import Shown
from voiplab.grading.plan.notes import Notes
from voiplab.lab import Lab
from voiplab.secrecy import examine, overhear

if TYPE_CHECKING:
    from voiplab.evidence import Evidence

_CONTROL = {"2001": "Alice", "2002": "Bob"}


def prove_secrecy(bench: Bench, notes: Notes) -> None:
    """Make a call, and try to listen to it; make it again in clear, where listening must succeed.

    Args:
        bench: the lab under test.
        notes: where to write down what is seen.
    """
    caller, called = bench.phones
    bench.progress(f"{caller.extension} calls {called.extension}; who can listen?")
    evidence = converse(bench, caller, called)
    notes.exhibit("The call, as an eavesdropper has it", evidence.folder, Shown.EAVESDROPPER)
    notes.add(*examine(evidence))
    notes.observe(f"On this call, the eavesdropper {_verdicts(evidence)}.")
    if any(leg.encrypted for leg in evidence.record.legs):
        _see_that_it_can_fail(_control(bench), notes)


def _see_that_it_can_fail(control: "Evidence", notes: Notes) -> None:
    notes.exhibit("Control: the same call in clear", control.folder, Shown.EAVESDROPPER)
    notes.observe(f"On the same call in clear, the eavesdropper {_verdicts(control)}.")
    checks = examine(control)
    failed = [check.name for check in checks if not check.passed]
    notes.check(
        "control: the same checks on a call in clear",
        "each of them fails",
        f"{len(failed)} of {len(checks)} fail; the eavesdropper {_verdicts(control)}",
        passed=len(failed) == len(checks),
        where=f"the evidence in {control.folder.name}",
    )


def _verdicts(evidence: "Evidence") -> str:
    """Say what an eavesdropper makes of the streams of which is known what was said."""
    heard = [each for each in overhear(evidence) if each.said is not None]
    if not heard:
        return "has nothing to listen to"
    understood = sum(each.understood is True for each in heard)
    estoi = max(each.listening.estoi or 0.0 for each in heard)
    return f"understands {understood} of {len(heard)} streams, with an ESTOI of {estoi:.2f} at most"


def _control(bench: Bench) -> "Evidence":
    """Make the same call in clear: in the lab itself where it may, else in one beside it."""
    exchange = bench.lab.exchange
    if exchange.written or exchange.security is Security.REQUIRED:
        bench.progress("control: the same call in clear, in a lab of its own")
        with Lab(users=_CONTROL, security=Security.PLAIN, runs=bench.lab.runs) as lab:
            beside = Bench(lab, bench.patience_s, bench.progress)
            beside.take_pair()
            return converse(beside, *beside.phones)
    bench.progress("control: the same call in clear")
    former = {extension: bench.lab[extension].settings.security for extension in bench.pair}
    try:
        for extension in bench.pair:
            bench.lab.change_user(extension, security=Security.PLAIN)
        return converse(bench, *bench.phones)
    finally:
        for extension, security in former.items():
            bench.lab.change_user(extension, security=security)
