"""What a machine answers when it is asked about its Asterisk."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from voiplab.installation.machine import Machine
from voiplab.installation.steps import OWNED, SOURCE_TREE, SOURCES

QUESTIONS: Mapping[str, str] = {
    "packages": r"dpkg-query --show --showformat '${db:Status-Status} ${Package} ${Version}\n'",
    "sources": f"grep '^Types:' {SOURCES}",
    "source": f"ls -d {SOURCE_TREE}/configure",
    "configured": f"cat {SOURCE_TREE}/build_tools/menuselect-deps",
    "pjproject": f"grep '^PJPROJECT_BUNDLED=' {SOURCE_TREE}/makeopts",
    "left out": f"grep '^MENUSELECT_[A-Z]*=' {SOURCE_TREE}/menuselect.makeopts",
    "compiled": f"cd {SOURCE_TREE} && ls main/asterisk */*.so",
    "version": "asterisk -V",
    "owner": "dpkg --search /usr/sbin/asterisk",
    "modules": "ls /usr/lib/asterisk/modules /usr/lib/*/asterisk/modules | grep '[.]so$'",
    "configuration": "ls /etc/asterisk",
    "user": "id --user asterisk",
    "owners": f"stat --format '%U %n' {' '.join(OWNED)}",
    "astdb": "su -s /bin/sh asterisk -c 'test -w /var/lib/asterisk' && echo writable",
    "script": "ls /etc/init.d/asterisk",
    "settings": "grep '^AST_' /etc/default/asterisk",
    "links": "ls /etc/rc2.d",
    "status": "service asterisk status",
    "process": "ps -C asterisk -o user= -o args=",
    "uptime": "asterisk -rx 'core show uptime seconds'",
    "sockets": "ss --listening --numeric --udp --tcp --processes",
}
"""What is asked, as anybody could type it."""

_MARK = "=====? "


def look(machine: Machine) -> dict[str, str]:
    """Ask a machine all questions, as it is now.

    Returns:
        Its answers, errors included, by the question's name.

    Raises:
        LabStopped: when the machine does not run.
    """
    # In one breath: a shell for each would take longer than the answers do.
    script = "".join(f"echo '{_MARK}{name}'\n( {asked} )\n" for name, asked in QUESTIONS.items())
    parts = machine.ask(f"cd /\n{script}").split(_MARK)[1:]
    return {name: answer.strip() for name, _, answer in (part.partition("\n") for part in parts)}


@dataclass(frozen=True)
class Findings:
    """What a machine's answers say of its Asterisk.

    Attributes:
        answers: what :func:`look` returned.

    >>> Findings({"version": "Asterisk 22.10.1", "links": "S01asterisk"}).version
    '22.10.1'
    """

    answers: Mapping[str, str]

    def __getitem__(self, name: str) -> str:
        return str(self.answers.get(name, ""))

    @cached_property
    def packages(self) -> dict[str, str]:
        r"""The packages that are installed, with their versions.

        >>> Findings({"packages": "installed make 4.4\nconfig-files cron 3"}).packages
        {'make': '4.4'}
        """
        return dict(re.findall(r"^installed (\S+) (\S+)$", self["packages"], re.MULTILINE))

    @property
    def takes_sources(self) -> bool:
        """Whether apt is told to fetch source packages too."""
        return "deb-src" in self["sources"]

    @property
    def source_version(self) -> str:
        """The version of the source that is unpacked; "" when there is none.

        >>> Findings({"source": "/usr/src/asterisk-22.10.1+dfsg+~cs6.17/configure"}).source_version
        '22.10.1'
        """
        found = re.search(r"^/usr/src/asterisk-([\d.]+)", self["source"])
        return found[1] if found else ""

    @cached_property
    def libraries(self) -> dict[str, bool]:
        r"""What configure looked for, and whether it was there; empty before it ran.

        >>> Findings({"configured": "SRTP=1:1\nLUA=0"}).libraries
        {'SRTP': True, 'LUA': False}
        """
        found = re.findall(r"^(\w+)=(\d+)(?::\d+)?$", self["configured"], re.MULTILINE)
        return {name: number != "0" for name, number in found}

    @property
    def brings_pjproject(self) -> bool:
        """Whether PJSIP's own library is built along: Debian has no package of it."""
        return self["pjproject"].endswith("=yes")

    @cached_property
    def left_out(self) -> frozenset[str] | None:
        r"""The modules that are not to be built; None when nothing has been chosen yet.

        >>> sorted(Findings({"left out": "MENUSELECT_APPS=app_page app_sms \n"}).left_out)
        ['app_page', 'app_sms']
        """
        rows = re.findall(r"^MENUSELECT_[A-Z]+=(.*)$", self["left out"], re.MULTILINE)
        return frozenset(" ".join(rows).split()) if rows else None

    @cached_property
    def compiled(self) -> frozenset[str]:
        """What has been compiled: `asterisk` itself, and modules without their `.so`."""
        files = re.findall(r"^[\w-]+/([\w-]+)(?:\.so)?$", self["compiled"], re.MULTILINE)
        return frozenset(files)

    @property
    def version(self) -> str:
        """The version of the Asterisk that is installed; "" when none is."""
        found = re.search(r"^Asterisk ([\d.]+)", self["version"])
        return found[1] if found else ""

    @property
    def package(self) -> str:
        """The Debian package that it belongs to; "" for none."""
        found = re.search(r"^([\w.+-]+): /usr/sbin/asterisk$", self["owner"])
        return found[1] if found else ""

    @cached_property
    def modules(self) -> frozenset[str]:
        """The modules that are installed, without their `.so`."""
        return frozenset(re.findall(r"^(\w+)\.so$", self["modules"], re.MULTILINE))

    @property
    def configuration(self) -> frozenset[str]:
        """The files of its configuration."""
        return frozenset(re.findall(r"^\S+\.conf$", self["configuration"], re.MULTILINE))

    @property
    def has_user(self) -> bool:
        """Whether there is a user `asterisk`."""
        return self["user"].isdecimal()

    @cached_property
    def owners(self) -> dict[str, str]:
        """Whose its folders are, by folder."""
        found = re.findall(r"^(\S+) (/\S+)$", self["owners"], re.MULTILINE)
        return {folder: owner for owner, folder in found}

    @property
    def runs_as(self) -> str:
        """The user that it runs as; "" when it doesn't run.

        >>> Findings({"process": "asterisk /usr/sbin/asterisk -U asterisk"}).runs_as
        'asterisk'
        """
        return self["process"].partition(" ")[0]

    @property
    def answers_to_commands(self) -> bool:
        """Whether it obeys its command line: it has booted."""
        return "System uptime:" in self["uptime"]

    @property
    def uptime_s(self) -> int | None:
        """For how long it has run, in seconds; None when it doesn't."""
        found = re.search(r"System uptime: (\d+)", self["uptime"])
        return int(found[1]) if found else None

    @property
    def enabled(self) -> bool:
        """Whether init is told to start it in runlevel 2, which Debian boots into."""
        return re.search(r"^S\d\dasterisk$", self["links"], re.MULTILINE) is not None

    @property
    def sip_ports(self) -> tuple[str, ...]:
        """Where it listens for SIP: `udp 0.0.0.0:5060`."""
        found = re.findall(
            r"^(udp|tcp)\s+\S+\s+\d+\s+\d+\s+(\S+:506[01])\s.*asterisk",
            self["sockets"],
            re.MULTILINE,
        )
        return tuple(f"{protocol} {address}" for protocol, address in found)
