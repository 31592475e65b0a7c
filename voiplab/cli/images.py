"""``voiplab images``: build what labs are made of."""

from typing import Annotated

import typer

from voiplab.cli.output import AsJson, print_json, say
from voiplab.containers import Engine, build_images, missing_images


def images(
    *,
    check: Annotated[bool, typer.Option("--check", help="Only tell which are missing.")] = False,
    as_json: AsJson = False,
) -> None:
    """Build the container images that are missing."""
    engine = Engine.connect()
    missing = missing_images(engine)
    if not check and missing:
        build_images(engine, on_progress=(lambda _line: None) if as_json else say)
    if as_json:
        print_json({"missing": missing if check else [], "built": [] if check else missing})
    elif not missing:
        say("All images are there.")
    elif check:
        say(f"Missing: {', '.join(missing)}. Build them: make images")
    else:
        say(f"Built: {', '.join(missing)}.")
    if check and missing:
        raise typer.Exit(1)
