"""``voiplab down``: stop a lab."""

from typing import Annotated

import typer

from voiplab.cli.output import AsJson, print_json, say
from voiplab.containers import Engine, sweep


def down(
    name: Annotated[str, typer.Argument(help="Which lab.")] = "lab", *, as_json: AsJson = False
) -> None:
    """Stop a lab and remove its containers, network and volumes; the evidence stays."""
    swept = sweep(Engine.connect(), name)
    if as_json:
        print_json({"name": name, "containers": swept.containers, "networks": swept.networks})
    elif swept:
        say(f"Lab {name} is down: {swept.containers} containers removed.")
    else:
        say(f"There is no lab {name}: nothing to stop.")
