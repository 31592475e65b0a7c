"""What the tasks of this lab must come to, and what they begin with."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from functools import partial

from voiplab.containers import wait_until
from voiplab.errors import GradingError
from voiplab.grading import Assignment, Check, Student, Task, Worksheet
from voiplab.installation import PACKAGED, Findings, Machine, disks_by_hand, look, try_call
from voiplab.installation.steps import ESSENTIAL, LIBRARIES, OWNED, TOOLS

VERSION = "22."
SAMPLES = ("asterisk.conf", "extensions.conf", "logger.conf", "modules.conf", "pjsip.conf")
HEARD = 0.5  # of the level of what was said: an echo loses next to nothing
BOOT_S = 30.0

FACTS = {
    "The packaged Asterisk runs as a user of its own without a step of yours.": True,
    "Of the Asterisk that you compiled, `dpkg --search /usr/sbin/asterisk` names the package.": (
        False
    ),
    "`apt-get upgrade` brings security fixes to the Asterisk that you compiled.": False,
    "Both keep their configuration in /etc/asterisk.": True,
    "Both start by themselves after a reboot, through a link in /etc/rc2.d.": True,
    "With the packaged one came a compiler.": False,
    "The packaged one brought more modules than you chose.": True,
}
_LETTERS = "ABCDEFG"


# What the tasks begin with


def name(work: Worksheet, kind: str = "install") -> str:
    """Return the host name of one of the student's machines, the same for a sheet each time."""
    return f"{kind}-{hashlib.sha256(str(work.folder.resolve()).encode()).hexdigest()[:6]}"


def begin(work: Worksheet, *, before: str = "") -> Machine:
    """Give the student a new machine, with what the steps before a step leave on it.

    Args:
        work: the student's sheet.
        before: the step that comes next; "" for a clean machine.
    """
    disk = disks_by_hand().before(before) if before else None
    return _new(work, name(work), disk)


def started(work: Worksheet) -> Machine:
    """Give the student a new machine on which all steps are done, and Asterisk runs."""
    return _booted(_new(work, name(work), disks_by_hand().after("start")))


def with_users(work: Worksheet) -> Machine:
    """Give the student a new machine on which Asterisk is configured, too."""
    machine = started(work)
    for file, text in files(work.student).items():
        machine.write(f"/etc/asterisk/{file}", text)
    machine.run("service asterisk restart")
    return _booted(machine)


def server(work: Worksheet, *, packaged: bool = True) -> Machine:
    """Give the student a second machine, with or without the packaged Asterisk."""
    machine = _new(work, name(work, "server"), None)
    for step in PACKAGED if packaged else ():
        step.follow(machine)
    return machine


def _new(work: Worksheet, host: str, disk: str | None) -> Machine:
    machine = Machine(host)
    machine.reset(disk)
    # The sheet's lab is a machine here: work.stop_lab() removes it.
    work.lab = machine
    return machine


def _booted(machine: Machine) -> Machine:
    wait_until(
        "Asterisk to boot",
        lambda: Findings(look(machine)).answers_to_commands,
        timeout_s=BOOT_S,
        interval_s=0.5,
    )
    return machine


def echo_number(student: Student) -> str:
    """Return the number at which the student's callers are to hear themselves."""
    return str(student.number("echo", 600, 699))


def files(student: Student) -> dict[str, str]:
    """Return what the student is to write: a phone's account, and the number of an echo."""
    extension = student.extension(0)
    return {
        "pjsip.conf": f"""\
[transport-udp]
type = transport
protocol = udp
bind = 0.0.0.0

[{extension}]
type = endpoint
context = phones
disallow = all
allow = ulaw
auth = {extension}
aors = {extension}

[{extension}]
type = auth
auth_type = userpass
username = {extension}
password = {student.secret(0)}

[{extension}]
type = aor
max_contacts = 1
remove_existing = yes
""",
        "extensions.conf": f"""\
[phones]
exten => {echo_number(student)},1,Answer()
 same => n,Echo()
""",
    }


def statements(student: Student) -> dict[str, str]:
    """Return what may be true of the two installations, in an order of the student's."""
    left = list(FACTS)
    order = [left.pop(student.number(f"fact {n}", 0, n)) for n in range(len(left) - 1, -1, -1)]
    return dict(zip(_LETTERS, order, strict=True))


# What is seen of a machine, as it is now


def observe(_student: Student, given: object) -> dict[str, str]:
    """Ask a machine what is on it."""
    return look(_machine(given))


def observe_reboot(_student: Student, given: object) -> dict[str, object]:
    """Switch a machine off and on, and ask it before and after."""
    machine = _machine(given)
    before = look(machine)
    machine.reboot()

    def settled() -> dict[str, str] | None:
        after = look(machine)
        found = Findings(after)
        return after if found.answers_to_commands or not found.runs_as else None

    after = wait_until("Asterisk to boot", settled, timeout_s=BOOT_S, interval_s=0.5)
    return {"before": before, "after": after}


def observe_call(student: Student, given: object) -> dict[str, object]:
    """Have a phone register at a machine and call the echo."""
    machine = _machine(given)
    number = echo_number(student)
    call = try_call(machine, student.extension(0), student.secret(0), number)
    return {"machine": look(machine), "call": asdict(call)}


def _machine(given: object) -> Machine:
    if not isinstance(given, Machine):
        raise GradingError("Give the machine to the check, such as work.check('source', machine).")
    given.check_running()
    return given


# What it must come to


def judge_dependencies(_student: Student, seen: Mapping[str, str]) -> Iterable[Check]:
    """Are compiler and libraries there?"""
    found = Findings(seen)
    for label, wanted in (("tools", TOOLS), ("libraries", LIBRARIES)):
        missing = [package for package in wanted if package not in found.packages]
        yield Check(
            name=label,
            passed=not missing,
            expected=f"all {len(wanted)} packages installed",
            found=f"missing: {', '.join(missing)}" if missing else "all of them",
            where=f"`apt-get install --yes {' '.join(missing)}`",
        )


def judge_source(_student: Student, seen: Mapping[str, str]) -> Iterable[Check]:
    """Is the source there?"""
    found = Findings(seen)
    yield Check(
        name="source packages",
        passed=found.takes_sources,
        expected="apt is told to fetch source packages too: Types: deb deb-src",
        found=found["sources"] or "no such line",
        where="/etc/apt/sources.list.d/debian.sources, its line Types",
    )
    yield Check(
        name="source",
        passed=found.source_version.startswith(VERSION),
        expected=f"Asterisk {VERSION}x, unpacked below /usr/src",
        found=f"Asterisk {found.source_version}" if found.source_version else "nothing there",
        where="`cd /usr/src && apt-get source asterisk`, and what it says",
    )


def judge_configure(_student: Student, seen: Mapping[str, str]) -> Iterable[Check]:
    """Has configure run, and found what it must?"""
    found = Findings(seen)
    yield Check(
        name="configured",
        passed=bool(found.libraries),
        expected="configure has run to its end",
        found="it has" if found.libraries else "no build_tools/menuselect-deps, which it writes",
        where="the last lines of `./configure`: the first error counts",
    )
    yield Check(
        name="libsrtp",
        passed=found.libraries.get("SRTP", False),
        expected="it found libsrtp, for encrypted speech",
        found="found" if found.libraries.get("SRTP") else "not found",
        where="`dpkg --status libsrtp2-dev`; install it, then configure again",
    )
    yield Check(
        name="pjproject",
        passed=found.brings_pjproject,
        expected="pjproject, PJSIP's library, is built along",
        found="it is" if found.brings_pjproject else "no line PJPROJECT_BUNDLED=yes in makeopts",
        where="`make --file debian/rules execute_before_dh_auto_configure`, and TMPDIR",
    )


def judge_choice(_student: Student, seen: Mapping[str, str]) -> Iterable[Check]:
    """Are the modules chosen that a call takes?"""
    found = Findings(seen)
    left_out = set(ESSENTIAL) if found.left_out is None else found.left_out
    missing = [module for module in ESSENTIAL if module in left_out]
    yield Check(
        name="chosen",
        passed=not missing,
        expected=f"among the chosen modules: {', '.join(ESSENTIAL)}",
        found=f"left out: {', '.join(missing)}" if missing else "all of them",
        where="menuselect.makeopts, which lists what is left out",
    )


def judge_compile(_student: Student, seen: Mapping[str, str]) -> Iterable[Check]:
    """Has everything been compiled?"""
    found = Findings(seen)
    missing = [module for module in ESSENTIAL if module not in found.compiled]
    yield Check(
        name="asterisk",
        passed="asterisk" in found.compiled,
        expected="the program main/asterisk",
        found="there" if "asterisk" in found.compiled else "not there",
        where="the end of `make`; run it again: it goes on where it was",
    )
    yield Check(
        name="modules",
        passed=not missing,
        expected="a .so file for each module that a call takes",
        found=f"missing: {', '.join(missing)}" if missing else "all of them",
        where="the end of `make`; or was the module not chosen?",
    )


def judge_install(_student: Student, seen: Mapping[str, str]) -> Iterable[Check]:
    """Is it installed, by hand, with samples?"""
    found = Findings(seen)
    missing = [module for module in ESSENTIAL if module not in found.modules]
    without = [file for file in SAMPLES if file not in found.configuration]
    yield Check(
        name="version",
        passed=found.version.startswith(VERSION),
        expected=f"Asterisk {VERSION}x",
        found=found["version"] or "nothing",
        where="`asterisk -V`; `make install` puts it into /usr/sbin",
    )
    yield Check(
        name="by hand",
        passed=bool(found.source_version) and not found.package,
        expected="the one that you compiled: no package owns /usr/sbin/asterisk",
        found=f"package {found.package}" if found.package else "no package owns it",
        where="`dpkg --search /usr/sbin/asterisk`, and /usr/src",
    )
    yield Check(
        name="modules",
        passed=not missing,
        expected="the modules that a call takes, in /usr/lib/asterisk/modules",
        found=f"missing: {', '.join(missing)}" if missing else "all of them",
        where="`ls /usr/lib/asterisk/modules`",
    )
    yield Check(
        name="samples",
        passed=not without,
        expected=f"in /etc/asterisk: {', '.join(SAMPLES)}",
        found=f"missing: {', '.join(without)}" if without else "all of them",
        where="`make samples`",
    )


def judge_user(_student: Student, seen: Mapping[str, str]) -> Iterable[Check]:
    """Has Asterisk a user, and that user the folders?"""
    found = Findings(seen)
    others = [folder for folder in OWNED if found.owners.get(folder) != "asterisk"]
    yield Check(
        name="user",
        passed=found.has_user,
        expected="a user asterisk",
        found=found["user"],
        where="`adduser --system --group asterisk`",
    )
    yield Check(
        name="folders",
        passed=not others,
        expected=f"that user owns {', '.join(OWNED)}",
        found=", ".join(f"{folder}: {found.owners.get(folder, 'not there')}" for folder in others)
        or "all four are its own",
        where="`ls -ld /var/lib/asterisk`; `chown -R` changes whose a folder is",
    )


def judge_start(_student: Student, seen: Mapping[str, str]) -> Iterable[Check]:
    """Does it run, as whom, and does it obey?"""
    found = Findings(seen)
    yield Check(
        name="start script",
        passed=found["script"] == "/etc/init.d/asterisk",
        expected="/etc/init.d/asterisk",
        found=found["script"],
        where="`make config`, in the source's folder",
    )
    yield Check(
        name="runs",
        passed=found.answers_to_commands,
        expected="it runs and answers to `asterisk -rx`",
        found=found["uptime"].partition("\n")[0] or "no answer",
        where="/var/log/asterisk/messages.log, and `asterisk -U asterisk -cvvv` in the foreground",
    )
    yield Check(
        name="runs as",
        passed=found.runs_as == "asterisk",
        expected="the user asterisk",
        found=found.runs_as or "nobody: it doesn't run",
        where="/etc/default/asterisk: AST_USER and AST_GROUP",
    )


def judge_enable(_student: Student, seen: Mapping[str, Mapping[str, str]]) -> Iterable[Check]:
    """Does it come back by itself?"""
    before, after = Findings(seen["before"]), Findings(seen["after"])
    yield Check(
        name="link",
        passed=before.enabled,
        expected="a link S..asterisk in /etc/rc2.d",
        found=", ".join(before["links"].split()),
        where="`update-rc.d asterisk defaults`, `update-rc.d asterisk enable`",
    )
    yield Check(
        name="after a reboot",
        passed=after.answers_to_commands and after.runs_as == "asterisk",
        expected="it runs, as asterisk, though nobody started it",
        found=f"it runs as {after.runs_as}" if after.runs_as else "it doesn't run",
        where="`ls /etc/rc2.d`, and /var/log/boot: what the start scripts said",
    )


def judge_call(student: Student, seen: Mapping[str, Mapping[str, object]]) -> Iterable[Check]:
    """Could a phone register, call, and hear itself?"""
    found, call = Findings(seen["machine"]), seen["call"]  # type: ignore[arg-type]
    extension, number = student.extension(0), echo_number(student)
    trouble = str(call["trouble"]).partition("\n")[0]
    level = float(call["heard"]) / float(call["said"]) if call["said"] else 0.0
    yield Check(
        name="SIP port",
        passed=bool(found.sip_ports),
        expected="Asterisk listens at port 5060",
        found=", ".join(found.sip_ports) or "it listens at none",
        where="pjsip.conf: a section of type transport; `asterisk -rx 'pjsip show transports'`",
    )
    yield Check(
        name="registered",
        passed=call["registered"] is True,
        expected=f"a phone registers as {extension}, with the secret that is yours",
        found="it did" if call["registered"] else trouble,
        where=f"pjsip.conf: endpoint, auth and aor [{extension}], and max_contacts",
    )
    yield Check(
        name="answered",
        passed=call["answered"] is True,
        expected=f"{number} is answered",
        found="it was" if call["answered"] else trouble,
        where="extensions.conf: the endpoint's context, and Answer()",
    )
    yield Check(
        name="heard",
        passed=level > HEARD,
        expected="who calls hears their own voice",
        found=f"{level:.0%} of its level".replace("%", " %"),
        where="extensions.conf: Echo(); pjsip.conf: allow",
    )


def judge_packaged(_student: Student, seen: Mapping[str, str]) -> Iterable[Check]:
    """Is the packaged one there, and does it run?"""
    found = Findings(seen)
    yield Check(
        name="package",
        passed=found.package == "asterisk",
        expected="/usr/sbin/asterisk belongs to the package asterisk",
        found=found["owner"],
        where="`apt-get install --yes asterisk`, on the second machine",
    )
    yield Check(
        name="runs as",
        passed=found.runs_as == "asterisk",
        expected="it runs as asterisk",
        found=found.runs_as or "it doesn't run",
        where="`service asterisk status`",
    )


def judge_differences(student: Student, answer: Mapping[str, object]) -> Iterable[Check]:
    """Are the statements judged rightly?"""
    for letter, sentence in statements(student).items():
        given = answer.get(letter)
        yield Check(
            name=f"statement {letter}",
            passed=given is FACTS[sentence],
            expected=f"whether this is so: {sentence}",
            found="nothing" if given is None else f"{given}",
            where="the two machines: type the command that tells",
        )


def _task(name: str, title: str, judge: object, *hints: str, **rest: object) -> Task:
    """Make a task on the student's machine, which begins where the step before it ended."""
    settings = {"observe": observe, "prepare": partial(begin, before=name)} | rest
    return Task(name=name, title=title, judge=judge, hints=hints, **settings)


ASSIGNMENT = Assignment(
    name="01-install",
    title="Install Asterisk",
    tasks=(
        _task(
            "dependencies", "Compiler and libraries", judge_dependencies,
            "Fetch the lists of packages first: apt-get update.",
            "apt-get install --yes, followed by the names of all packages of the table.",
            prepare=begin,
        ),
        _task(
            "source", "The source code", judge_source,
            "apt fetches source packages only from where it is told to: the line Types in "
            "/etc/apt/sources.list.d/debian.sources.",
            "Make it `Types: deb deb-src`, with sed -i or machine.write, then apt-get update.",
            "In /usr/src: apt-get source asterisk.",
        ),
        _task(
            "configure", "Configure", judge_configure,
            "The three lines are in the text, in their order.",
            "configure takes pjproject from the folder in TMPDIR: "
            "TMPDIR=$PWD/debian/build-pjproject ./configure.",
            "If a library was not found, install its -dev package and configure again.",
        ),
        _task(
            "choice", "Choose modules", judge_choice,
            "make menuselect.makeopts writes the file in which the choice is kept.",
            "--disable-all comes first, then an --enable for each module; the file's name is last.",
            'print(" ".join(f"--enable {module}" for module in MODULES)) writes most of the line.',
        ),
        _task(
            "compile", "Compile", judge_compile,
            "make -j2 compiles two files at a time.",
            "Was it interrupted? The same line goes on where it was.",
        ),
        _task(
            "install", "Install", judge_install,
            "make install, in the source's folder.",
            "Sample configuration has a target of its own: make samples.",
        ),
        _task(
            "user", "A user of its own", judge_user,
            "adduser --system --group makes a user that nobody logs in as, and its group.",
            "chown -R asterisk:asterisk, followed by the four folders.",
        ),
        _task(
            "start", "Start it", judge_start,
            "make config installs the start script, and /etc/default/asterisk.",
            "In /etc/default/asterisk, take the # from AST_USER and AST_GROUP.",
            "service asterisk start; if it ran as root before, restart.",
        ),
        _task(
            "enable", "Have it start by itself", judge_enable,
            "In runlevel 2, init runs what is in /etc/rc2.d.",
            "update-rc.d asterisk defaults makes the links, update-rc.d asterisk enable turns a "
            "K into an S.",
            observe=observe_reboot, prepare=started,
        ),
        _task(
            "call", "It works", judge_call,
            "A phone takes a transport, an endpoint, an auth and an aor: chapter 6 explains each.",
            "The endpoint's context is the section of extensions.conf with your number.",
            "checks.files(work.student) are the two files, ready to be written.",
            observe=observe_call, prepare=started,
        ),
        _task(
            "packaged", "The packaged way", judge_packaged,
            "apt-get update, then apt-get install --yes asterisk, on `server`.",
            prepare=partial(server, packaged=False),
        ),
        Task(
            name="differences", title="What is the difference?", judge=judge_differences,
            answer=dict,
            hints=(
                "Ask both machines: machine.ask(...) and server.ask(...).",
                ("dpkg --search, ps -C asterisk -o user=, ls /etc/rc2.d, command -v gcc, "
                "ls /usr/lib/*/asterisk/modules | wc -l."),
            ),
            prepare=server,
        ),
    ),
)  # fmt: skip
