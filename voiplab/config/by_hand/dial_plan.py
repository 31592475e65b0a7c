"""The dial plan that a hand-written extensions.conf describes."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from voiplab.config.by_hand.syntax import Document, Section, Setting, read

FILE: Final = "extensions.conf"
RESERVED: Final = frozenset({"general", "globals"})
"""The sections that are no contexts."""

HINT: Final = -1
"""The priority of an extension's hint: whose state its lamp shows."""

_INCLUDES: Final = frozenset({"include", "switch", "lswitch", "eswitch"})
_OTHERS: Final = _INCLUDES | {"ignorepat", "autohints"}
_EMPTY: Final = Document(sections=(), slips=())


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One priority of an extension.

    Attributes:
        priority: 1 for the first; `HINT` for a hint.
        label: the name that it may be jumped to by, or "".
        application: what is done.
        arguments: with what.
        setting: the line that says so.
        closed: whether the parenthesis around the arguments is closed.
    """

    priority: int
    label: str
    application: str
    arguments: str
    setting: Setting
    closed: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """A line of a context that makes no step.

    Attributes:
        kind: what is wrong with it, in a few words with hyphens.
        setting: the line.
        extension: the extension that it belongs to, or "".
    """

    kind: str
    setting: Setting
    extension: str = ""


@dataclass(slots=True, kw_only=True)
class Extension:
    """What is dialled, and what happens then.

    Attributes:
        name: a number, or a pattern after an underscore.
        steps: in the order of the file.
    """

    name: str
    steps: list[Step] = field(default_factory=list)

    @property
    def first(self) -> Setting:
        """Its first line."""
        return self.steps[0].setting

    @property
    def called(self) -> list[Step]:
        """What happens when it is called: its steps without hints."""
        return [step for step in self.steps if step.priority != HINT]


@dataclass(slots=True, kw_only=True)
class Context:
    """A part of the dial plan.

    Attributes:
        name: what endpoints and includes call it.
        section: its first section; sections of one name are one context.
        extensions: by name.
        includes: the lines that include another context.
        mistakes: the lines of which Asterisk makes nothing.
    """

    name: str
    section: Section
    extensions: dict[str, Extension] = field(default_factory=dict)
    includes: list[Setting] = field(default_factory=list)
    mistakes: list[Mistake] = field(default_factory=list)


def document(files: Mapping[str, str]) -> Document:
    """The file extensions.conf with all that it includes; an empty one when there is none."""
    return read(files, FILE) if FILE in files else _EMPTY


def contexts(dial_plan: Document) -> dict[str, Context]:
    r"""What Asterisk makes of an extensions.conf, as far as it can be read.

    Args:
        dial_plan: what :func:`document` returned.

    >>> text = "[phones]\nexten => 2001,1,Dial(PJSIP/2001,20)\n same => n,Hangup()\n"
    >>> phones = contexts(document({FILE: text}))["phones"]
    >>> [(step.priority, step.application) for step in phones.extensions["2001"].steps]
    [(1, 'Dial'), (2, 'Hangup')]
    """
    found: dict[str, Context] = {}
    for section in dial_plan.sections:
        if section.template or section.name.lower() in RESERVED:
            continue
        context = found.setdefault(section.name, Context(name=section.name, section=section))
        _fill(context, section)
    return found


def _fill(context: Context, section: Section) -> None:
    name = ""
    # `n` counts on from the line before, whatever extension that was for.
    priority: int | None = None
    for setting in section.settings:
        word = setting.name.lower()
        if word == "include":
            context.includes.append(setting)
        elif word in _OTHERS:
            continue
        elif word not in {"exten", "same"}:
            context.mistakes.append(Mistake(kind="unknown-directive", setting=setting))
        else:
            rest = setting.value
            if word == "exten":
                name, _, rest = setting.value.partition(",")
                name = name.strip()
            elif not name:
                context.mistakes.append(Mistake(kind="same-first", setting=setting))
                continue
            step = _step(rest, priority, setting)
            if isinstance(step, str):
                context.mistakes.append(Mistake(kind=step, setting=setting, extension=name))
                continue
            context.extensions.setdefault(name, Extension(name=name)).steps.append(step)
            priority = priority if step.priority == HINT else step.priority


def _step(text: str, former: int | None, setting: Setting) -> Step | str:
    """The step that a line describes, or what is wrong with it."""
    first, _, action = text.partition(",")
    spelt = re.fullmatch(r"\s*([^\s(+]+)\s*(?:\+\s*([0-9]{1,9}))?\s*(?:\(([^)]*)\))?\s*", first)
    if spelt is None:
        return "no-priority"
    priority = _priority(spelt.group(1).lower(), int(spelt.group(2) or 0), former)
    if isinstance(priority, str):
        return priority
    if priority == HINT:
        return Step(
            priority=HINT, label="", application="", arguments=action.strip(), setting=setting
        )
    application, opened, data = action.strip().partition("(")
    arguments, closed, _ = data.rpartition(")")
    return Step(
        priority=priority,
        label=(spelt.group(3) or "").strip(),
        application=application.strip(),
        arguments=arguments if closed else data,
        setting=setting,
        closed=bool(closed) or not opened,
    )


def _priority(word: str, more: int, former: int | None) -> int | str:
    """The priority that a word stands for, or what is wrong with it."""
    if word == "hint":
        return HINT
    if re.fullmatch("0*[1-9][0-9]{0,8}", word):
        return int(word) + more
    if word not in {"n", "next", "s", "same"}:
        return "no-priority"
    if former is None:
        return "n-first"
    return former + more + (1 if word in {"n", "next"} else 0)
