"""``voiplab test-plan``: does a telephone system do what it must?"""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from voiplab.cli.output import AsJson, complain, print_json, print_table, progress, say
from voiplab.config import Security
from voiplab.errors import VoipLabError
from voiplab.grading import TestPlan, test_plan
from voiplab.grading.plan.case import Outcome
from voiplab.lab import Lab
from voiplab.lab.runs import runs_folder

COULD_NOT_RUN = 2

_MARKS = {Outcome.PASSED: "✓", Outcome.FAILED: "✗", Outcome.NOT_RUN: "–"}


def run_plan(  # noqa: PLR0913, PLR0917 - as many as there are options
    security: Annotated[
        Security, typer.Option(help="What is encrypted in the lab that is started.")
    ] = Security.SDES,
    lab_name: Annotated[
        str | None, typer.Option("--lab", help="A lab that runs; without it, one is started.")
    ] = None,
    configuration: Annotated[
        Path | None,
        typer.Option(help="A folder of hand-written files with which the lab is started."),
    ] = None,
    only: Annotated[
        list[str] | None, typer.Option("--case", help="Only this case; may be given again.")
    ] = None,
    page: Annotated[
        Path | None, typer.Option("--html", help="Where to write the report; else under runs/.")
    ] = None,
    junit: Annotated[
        Path | None, typer.Option("--junit", help="Write JUnit's XML to this file, too.")
    ] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Test connectivity, users, calls, restarts and encryption; exit code 1 when a case fails.

    Exit code 2 says that the plan could not be run.
    """
    try:
        with progress(quiet=as_json) as step:
            plan = _carry_out(lab_name, configuration, security, only or [], step)
        report = plan.write_html(page or _usual_place(plan))
        if junit is not None:
            plan.write_junit(junit)
    except VoipLabError as error:
        complain(str(error))
        raise typer.Exit(COULD_NOT_RUN) from error
    if as_json:
        print_json(plan.as_dict() | {"report": str(report)})
    else:
        _show(plan, report)
    if not plan.passed:
        raise typer.Exit(1)


def _carry_out(
    lab_name: str | None,
    configuration: Path | None,
    security: Security,
    cases: list[str],
    step: Callable[[str], None],
) -> TestPlan:
    if lab_name is None:
        return test_plan(security=security, configuration=configuration, cases=cases, progress=step)
    lab = Lab.attach(lab_name)
    try:
        return test_plan(lab, cases=cases, progress=step)
    finally:
        lab.stop()


def _usual_place(plan: TestPlan) -> Path:
    return runs_folder() / plan.lab / f"test-plan-{plan.started:%Y%m%d-%H%M%S}.html"


def _show(plan: TestPlan, report: Path) -> None:
    print_table(
        ("", "case", "what came of it", "s"),
        [
            (_MARKS[case.outcome], case.name, case.summary, round(case.duration_s, 1))
            for case in plan.cases
        ],
    )
    for case in plan.cases:
        for check in case.failures:
            say(f"{case.name}: {check}")
    say(f"{plan.verdict} (security {plan.security}).")
    say(f"Report: {report}")
