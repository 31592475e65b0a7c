"""``voiplab up``: start a lab that stays."""

from typing import Annotated

import typer

from voiplab.cli.output import AsJson, Encryption, print_json, progress, say
from voiplab.lab import Lab

FIRST_EXTENSION = 2001


def up(
    name: Annotated[str, typer.Argument(help="What to call it.")] = "lab",
    users: Annotated[int, typer.Option(min=0, max=200, help="How many users with phones.")] = 2,
    *,
    security: Encryption = None,
    as_json: AsJson = False,
) -> None:
    """Start a lab that stays until `voiplab down`; notebooks take it up with Lab.attach()."""
    names = {str(FIRST_EXTENSION + index): f"User {index + 1}" for index in range(users)}
    with progress(quiet=as_json) as step:
        lab = Lab.start(name, users=names, detached=True, security=security, progress=step)
    extensions = [user.extension for user in lab.users]
    if as_json:
        print_json({"name": lab.name, "users": extensions})
        return
    say(f"Lab {lab.name} is up, with users {', '.join(extensions) or 'none'}.")
    say(f'In a notebook: lab = Lab.attach("{lab.name}"). To stop it: voiplab down {lab.name}')
