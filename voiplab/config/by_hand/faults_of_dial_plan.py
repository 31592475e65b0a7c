"""Faults in what an extensions.conf says."""

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Final

from voiplab.config.by_hand.dial_plan import FILE, Context, Extension, Mistake, Step
from voiplab.config.by_hand.fault import Fault, at
from voiplab.config.by_hand.faults_of_pjsip import nearest
from voiplab.config.by_hand.reference import reference

_EXPLAINED: Final[dict[str, tuple[str, str]]] = {
    "unknown-directive": (
        "The dial plan has no {name} lines: Asterisk passes over this one.",
        "Write exten => number,priority,Application(…), or same => n,Application(…).",
    ),
    "same-first": (
        "same goes on with the extension above, and there is none: Asterisk passes over the line.",
        "Begin with exten => number,1,Application(…).",
    ),
    "n-first": (
        "n counts on from the line above, and there is none: Asterisk passes over it.",
        "Write 1 in place of n in the first line of an extension.",
    ),
    "no-priority": (
        "No priority stands between number and application: Asterisk passes over the line.",
        "Write exten => number,1,Application(…).",
    ),
}

_LEADS_ON: Final = frozenset(
    {"agi", "confbridge", "dial", "directory", "exec", "execif", "followme", "gosub", "gosubif"}
    | {"goto", "gotoif", "gotoiftime", "originate", "page", "queue", "retrydial", "stasis"}
    | {"tryexec", "voicemail", "while"}
)
"""Applications after which a phone may ring, or that leave the extension."""

# Digits, and letters or brackets that stand for digits in a pattern, and there alone.
_PATTERN: Final = re.compile(r"(?=.*[0-9])(?=.*[XZN\[])(?:[0-9XZN*#]|\[[0-9*#-]+\])+[.!]?")

_GONE: Final = {"SIP": "chan_sip was removed in Asterisk 21", "IAX2": "the lab doesn't load IAX2"}


def of_dial_plan(
    contexts: Mapping[str, Context], endpoints: Collection[str] | None, modules: str | None
) -> Iterator[Fault]:
    """What is wrong with what an extensions.conf says.

    Args:
        contexts: what the file describes.
        endpoints: the names of the endpoints; None when they are not known.
        modules: the text of modules.conf; None when it is not known.
    """
    for context in contexts.values():
        for mistake in context.mistakes:
            yield _explained(context, mistake)
        yield from _of_includes(context, contexts)
        for extension in context.extensions.values():
            yield from _of_extension(context, extension, endpoints or ())
            for step in extension.called:
                yield from _of_step(context, extension, step, endpoints, modules)
    if endpoints is not None:
        yield from _of_silence(contexts, endpoints)


def _owner(context: Context, extension: Extension) -> str:
    return f"[{context.name}] {extension.name}"


def _explained(context: Context, mistake: Mistake) -> Fault:
    problem, remedy = _EXPLAINED[mistake.kind]
    return at(
        mistake.setting,
        kind=mistake.kind,
        owner=f"[{context.name}] {mistake.extension}".strip(),
        problem=problem.format(name=mistake.setting.name),
        remedy=remedy,
    )


def _of_includes(context: Context, contexts: Mapping[str, Context]) -> Iterator[Fault]:
    for setting in context.includes:
        name = setting.value.partition(",")[0].strip()
        if name not in contexts:
            likely = nearest(name, contexts)
            yield at(
                setting,
                kind="unknown-included-context",
                owner=f"[{context.name}]",
                problem=f"There is no context [{name}] to include.",
                remedy=f"Did you mean {likely}?" if likely else f"Write [{name}].",
            )


def _of_extension(
    context: Context, extension: Extension, endpoints: Collection[str]
) -> Iterator[Fault]:
    owner = _owner(context, extension)
    seen: dict[int, Step] = {}
    for step in extension.called:
        twin = seen.setdefault(step.priority, step)
        if twin is not step:
            yield at(
                step.setting,
                kind="priority-twice",
                owner=owner,
                problem=f"Priority {step.priority} of {extension.name} stands on line "
                f"{twin.setting.line} already: Asterisk passes over this line.",
                remedy="Write same => n,… for what comes next, or another number.",
            )
    if not seen:
        return
    if 1 not in seen:
        yield at(
            extension.called[0].setting,
            kind="no-priority-1",
            owner=owner,
            problem=f"{extension.name} has no priority 1, where every call begins: who dials it is "
            "answered with 404.",
            remedy="Write 1 as the priority of its first line.",
        )
    else:
        yield from _of_gaps(owner, seen)
    if _PATTERN.fullmatch(extension.name):
        yield at(
            extension.first,
            kind="pattern-without-underscore",
            owner=owner,
            problem=f"{extension.name} is dialled letter by letter: it is no pattern.",
            remedy=f"Write _{extension.name}.",
        )
    applications = {step.application.lower() for step in seen.values()}
    unknown = applications - {name.lower() for name in reference().applications}
    missing = [each for each in context.mistakes if each.extension == extension.name]
    if extension.name in endpoints and not (unknown or missing or applications & _LEADS_ON):
        yield at(
            extension.first,
            kind="no-dial",
            owner=owner,
            problem=f"It never rings the phone of {extension.name}: no step of it is Dial.",
            remedy=f"Write exten => {extension.name},1,Dial(PJSIP/{extension.name},25).",
        )


def _of_gaps(owner: str, seen: Mapping[int, Step]) -> Iterator[Fault]:
    labelled = {step.priority for step in seen.values() if step.label}
    expected = 1
    for priority in sorted(seen):
        if priority > expected and priority not in labelled and not _jumped_to(priority, seen):
            yield at(
                seen[priority].setting,
                kind="priority-skipped",
                owner=owner,
                problem=f"There is no priority {expected}, so the call ends there and never comes "
                f"to {priority}.",
                remedy=f"Write {expected} in place of {priority}, or better n, which counts by "
                "itself.",
            )
        expected = priority + 1


def _jumped_to(priority: int, seen: Mapping[int, Step]) -> bool:
    """Whether a step of the extension names the priority: dial plans of old jump to n+101."""
    return any(
        step.application.lower().startswith(("goto", "gosub"))
        and re.search(rf"\b{priority}\b", step.arguments)
        for step in seen.values()
    )


def _of_step(
    context: Context,
    extension: Extension,
    step: Step,
    endpoints: Collection[str] | None,
    modules: str | None,
) -> Iterator[Fault]:
    owner = _owner(context, extension)
    yield from _of_application(owner, step, modules)
    if not step.closed:
        yield at(
            step.setting,
            kind="unclosed-parenthesis",
            owner=owner,
            problem=f"The parenthesis of {step.application} is not closed.",
            remedy="Close it with ). A semicolon before it begins a comment: write \\; instead.",
        )
    elif re.search(r"\)\s*(//|#)", step.arguments):
        yield at(
            step.setting,
            kind="comment-in-value",
            owner=owner,
            problem="# and // begin no comment: Asterisk takes what follows for a part of the "
            "arguments.",
            remedy="Begin comments with a semicolon (;).",
        )
    if step.application.lower() in {"dial", "retrydial"}:
        yield from _of_dial(owner, extension, step, endpoints)


def _of_application(owner: str, step: Step, modules: str | None) -> Iterator[Fault]:
    known = {name.lower(): (name, each) for name, each in reference().applications.items()}
    name = step.application
    if "${" in name:
        return
    if name.lower() not in known:
        likely = nearest(name, known)
        yield at(
            step.setting,
            kind="unknown-application",
            owner=owner,
            problem=f"Asterisk has no application {name!r}: a call that comes here ends."
            if name
            else "No application stands behind the priority: a call that comes here ends.",
            remedy=f"Did you mean {known[likely][0]}?"
            if likely
            else "See `core show applications`.",
        )
        return
    written, alternatives = known[name.lower()]
    if modules is not None and not any(_loaded(module, modules) for module in alternatives):
        yield at(
            step.setting,
            kind="application-not-loaded",
            owner=owner,
            problem=f"{written} is in the module {alternatives[0]}, which this Asterisk doesn't "
            "load.",
            remedy=f"Use another application, or load {alternatives[0]}.so in modules.conf.",
        )


def _loaded(module: str, modules: str) -> bool:
    everything = re.search(r"^\s*autoload\s*=>?\s*(yes|true|1|on)", modules, re.MULTILINE)
    named = re.search(
        rf"^\s*(?:load|require|preload)\s*=>?\s*{module}(\.so)?\s*$", modules, re.MULTILINE
    )
    return module == "builtin" or bool(everything or named)


def _of_dial(
    owner: str, extension: Extension, step: Step, endpoints: Collection[str] | None
) -> Iterator[Fault]:
    devices = step.arguments.partition(",")[0]
    if not devices.strip():
        yield at(
            step.setting,
            kind="dial-nobody",
            owner=owner,
            problem="Dial names nobody.",
            remedy="Write Dial(PJSIP/ and the endpoint's name.",
        )
    for device in devices.split("&"):
        technology, slash, resource = device.strip().partition("/")
        if "$" in technology or not technology:
            continue
        if technology.upper() in _GONE:
            yield at(
                step.setting,
                kind="dial-old-channel",
                owner=owner,
                problem=f"There is no channel driver {technology}: {_GONE[technology.upper()]}.",
                remedy=f"Write PJSIP/{resource}.",
            )
        elif not slash or technology.upper() not in {"PJSIP", "LOCAL"}:
            yield at(
                step.setting,
                kind="dial-unknown-channel",
                owner=owner,
                problem=f"{device.strip()!r} is no device: a call that comes here ends.",
                remedy="Write PJSIP/ and the endpoint's name.",
            )
        elif technology.upper() == "PJSIP" and endpoints is not None:
            yield from _of_device(owner, extension, step, resource, endpoints)


def _of_device(
    owner: str, extension: Extension, step: Step, resource: str, endpoints: Collection[str]
) -> Iterator[Fault]:
    literal = not extension.name.startswith("_")
    named = resource.replace("${EXTEN}", extension.name) if literal else resource
    head, slash, _ = named.partition("/")
    endpoint = head if slash else named.rpartition("@")[2]
    if "$" in endpoint or endpoint in endpoints:
        return
    likely = nearest(endpoint, endpoints)
    yield at(
        step.setting,
        kind="dial-unknown-endpoint",
        owner=owner,
        problem=f"There is no endpoint [{endpoint}] in pjsip.conf for Dial to ring.",
        remedy=f"Did you mean PJSIP/{likely}?" if likely else f"Write an endpoint [{endpoint}].",
    )


def _of_silence(contexts: Mapping[str, Context], endpoints: Collection[str]) -> Iterator[Fault]:
    """Endpoints that nothing in the dial plan can ring."""
    texts = [
        f"{step.application}({step.arguments})"
        for context in contexts.values()
        for extension in context.extensions.values()
        for step in extension.called
    ]
    if any("$" in text and not text.lower().startswith(("noop", "say")) for text in texts):
        return
    numbers = {name for context in contexts.values() for name in context.extensions} | {
        mistake.extension for context in contexts.values() for mistake in context.mistakes
    }
    for endpoint in sorted(endpoints):
        rung = re.compile(rf"PJSIP/([^&,@]*@)?{re.escape(endpoint)}(?![\w.-])", re.IGNORECASE)
        if endpoint in numbers or any(rung.search(text) for text in texts):
            continue
        yield Fault(
            kind="never-dialled",
            file=FILE,
            line=next((context.section.line for context in contexts.values()), 0),
            object=endpoint,
            problem=f"No extension rings the endpoint [{endpoint}]: nobody can call it.",
            remedy=f"Write exten => {endpoint},1,Dial(PJSIP/{endpoint},25).",
        )
