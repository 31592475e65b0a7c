"""``voiplab clean``: remove what dead processes left behind."""

from typing import Annotated

import typer

from voiplab.cli.output import AsJson, print_json, say
from voiplab.containers import Engine, labs, orphans, sweep


def clean(
    *,
    everything: Annotated[
        bool, typer.Option("--all", help="Labs that are in use too, not only orphans.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Remove the labs whose process has ended without stopping them; touch nothing else."""
    engine = Engine.connect()
    removed = []
    for lab in labs(engine) if everything else orphans(engine):
        swept = sweep(engine, lab.name)
        removed.append(
            {
                "name": lab.name,
                "containers": swept.containers,
                "networks": swept.networks,
                "volumes": swept.volumes,
            }
        )
    if as_json:
        print_json({"removed": removed})
    elif not removed:
        say("Nothing to clean: no lab was left behind.")
    for each in removed if not as_json else []:
        say(
            f"Removed lab {each['name']}: {each['containers']} containers, "
            f"{each['networks']} networks, {each['volumes']} volumes."
        )
