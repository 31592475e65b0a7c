"""Whether a phone and the PBX reach each other at all."""

import re

from voiplab.errors import VoipLabError
from voiplab.grading.plan.bench import Bench, refusal
from voiplab.grading.plan.notes import Notes


def examine_connectivity(bench: Bench, notes: Notes) -> None:
    """Look for the PBX by name, port and protocol, from a phone's place on the network.

    Args:
        bench: the lab under test.
        notes: where to write down what is seen.
    """
    pbx = bench.lab.pbx
    version = pbx.version()
    listening = _listening(pbx.command("pjsip show transports"))
    notes.check(
        "the server runs",
        "Asterisk answers its management interface",
        f"Asterisk {version}",
        passed=True,
    )
    bench.progress("a phone looks for the server")
    nobody = bench.free_extension()
    with bench.spare_phone(nobody) as phone:
        host, _, port = phone.account.registrar.partition(":")
        found = phone.container.exec(["getent", "hosts", host], check=False)
        address = found.stdout.decode().split()[0] if found.exit_code == 0 else "no address"
        notes.check(
            "name",
            f"{host!r} is {pbx.container.address}",
            address,
            passed=address == pbx.container.address,
            where="getent hosts in the phone's container",
        )
        notes.check(
            "port",
            f"the server listens on port {port}",
            ", ".join(listening) or "no transport at all",
            passed=any(each.endswith(f":{port}") for each in listening),
            where="pjsip show transports",
        )
        try:
            answer = refusal(phone) or "200 OK"
        except VoipLabError as error:
            answer = f"nothing: {str(error).splitlines()[0]}"
        notes.check(
            "SIP",
            "the registrar answers a REGISTER from the phone, be it with a refusal",
            answer,
            passed=answer[:1].isdigit(),
            where="pjsip set logger on",
        )
    notes.observe(
        f"Asterisk {version} listens on {', '.join(listening)}. From the phone's place on the "
        f"network, {host!r} is {address}, and a REGISTER is answered with {answer!r}."
    )


def _listening(shown: str) -> list[str]:
    """Return each transport as protocol and address:port."""
    return [
        f"{protocol} {bind}"
        for protocol, bind in re.findall(
            r"^Transport:\s+\S+\s+(\w+)\s+\d+\s+\d+\s+(\S+:\d+)", shown, re.MULTILINE
        )
    ]
