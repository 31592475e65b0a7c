"""``voiplab status``: which labs there are."""

from voiplab.cli.output import AsJson, print_json, print_table, say
from voiplab.containers import Engine, labs


def status(*, as_json: AsJson = False) -> None:
    """Show the labs on this engine, and whose they are."""
    found = labs(Engine.connect())
    if as_json:
        print_json(
            {
                "labs": [
                    {
                        "name": lab.name,
                        "orphaned": lab.orphaned,
                        "parts": [
                            {"name": part.name, "role": part.role, "status": part.status}
                            for part in lab.parts
                        ],
                    }
                    for lab in found
                ]
            }
        )
        return
    if not found:
        say("No lab runs. Start one: voiplab up, or Lab.start() in a notebook.")
        return
    print_table(
        ("lab", "part", "role", "status"),
        [
            (lab.name + (" (orphaned)" if lab.orphaned else ""), part.name, part.role, part.status)
            for lab in found
            for part in lab.parts
        ],
    )
    if any(lab.orphaned for lab in found):
        say("The process of an orphaned lab has ended without stopping it: voiplab clean")
