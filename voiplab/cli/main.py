"""The command ``voiplab`` and its subcommands."""

import sys

import typer

from voiplab.cli import analyse, call, clean, doctor, down, grade, images, plan, status, submit, up
from voiplab.cli.output import complain
from voiplab.errors import VoipLabError

app = typer.Typer(
    help="A telephony lab: a real Asterisk, real softphones, real packets.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("doctor")(doctor.doctor)
app.command("images")(images.images)
app.command("up")(up.up)
app.command("status")(status.status)
app.command("call")(call.call)
app.command("analyse")(analyse.analyse)
app.command("submit")(submit.submit)
app.command("grade")(grade.grade_)
app.command("test-plan")(plan.run_plan)
app.command("down")(down.down)
app.command("clean")(clean.clean)


def main() -> None:
    """Run the command line; what goes wrong is told in a sentence, with exit code 1."""
    try:
        app()
    except VoipLabError as error:
        complain(str(error))
        sys.exit(1)
    except KeyboardInterrupt:
        complain("Interrupted; what this command had started was stopped.")
        sys.exit(130)
