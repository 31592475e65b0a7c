"""``voiplab call``: one call, measured."""

from collections.abc import Callable
from typing import Annotated

import typer

from voiplab.cli.output import AsJson, Encryption, print_json, print_table, progress, say
from voiplab.evidence import Evidence
from voiplab.lab import Lab

CALLER, CALLEE = "2001", "2002"


def call(  # noqa: PLR0913 - a call has that many sides
    words: Annotated[str, typer.Option("--say", help="What the caller says.")] = "hello",
    reply: Annotated[str, typer.Option(help="What the called user answers.")] = "I hear you well",
    seconds: Annotated[float, typer.Option(min=0.5, max=3600, help="How long, once answered.")] = 8,
    lab_name: Annotated[
        str | None, typer.Option("--lab", help="A lab that runs; without it, one for this call.")
    ] = None,
    *,
    security: Encryption = None,
    as_json: AsJson = False,
) -> None:
    """Make a call between two softphones and show the quality of each direction."""
    if lab_name is not None and security is not None:
        raise typer.BadParameter(
            f"lab {lab_name} runs and has its security already: leave --security or --lab out."
        )
    with progress(quiet=as_json) as step:
        if lab_name is None:
            users = {CALLER: "Caller", CALLEE: "Called"}
            with Lab(users=users, security=security, progress=step) as lab:
                evidence = _call(lab, CALLER, CALLEE, words, reply, seconds, step)
        else:
            lab = Lab.attach(lab_name)
            caller, callee = _two_phones(lab)
            evidence = _call(lab, caller, callee, words, reply, seconds, step)
            lab.stop()
    if as_json:
        print_json(evidence.summary())
    else:
        _show(evidence)


def _two_phones(lab: Lab) -> tuple[str, str]:
    with_phone = [user.extension for user in lab.users if user.has_phone]
    if len(with_phone) < 2:  # noqa: PLR2004 - a call has two ends
        lab.add_users({e: "" for e in (CALLER, CALLEE) if e not in with_phone})
        with_phone = [user.extension for user in lab.users if user.has_phone]
    return with_phone[0], with_phone[1]


def _call(  # noqa: PLR0913, PLR0917 - a call as the command line describes it
    lab: Lab,
    caller: str,
    callee: str,
    words: str,
    reply: str,
    seconds: float,
    step: Callable[[str], None],
) -> Evidence:
    step(f"{caller} calls {callee}")
    made = lab[caller].phone.call(lab[callee], say=words, reply=reply)
    step(f"talking for {seconds:g} s")
    made.wait(seconds)
    made.hang_up()
    return made.evidence


def _show(evidence: Evidence) -> None:
    quality = evidence.quality
    print_table(
        ("from", "to", "codec", "packets", "lost", "loss %", "jitter ms", "R", "MOS"),
        [
            (
                each.sender,
                each.receiver,
                each.codec,
                each.packets,
                each.lost,
                each.loss_pct,
                each.jitter_ms,
                each.r,
                each.mos,
            )
            for each in quality
        ],
    )
    setup_ms = evidence.setup_ms
    if setup_ms is not None:
        say(f"Set up in {setup_ms:.0f} ms (from INVITE to 200 OK, at the caller).")
    for sentence in evidence.record.missing:
        say(f"Missing: {sentence}")
    say(f"Evidence: {evidence.folder}")
