"""Faults in how a file is written, whatever it says."""

import re
from collections.abc import Iterator
from typing import Final

from voiplab.config.by_hand.fault import Fault, at
from voiplab.config.by_hand.syntax import Document, Section, Setting, Slip

_NOT_READ: Final = "Asterisk reads nothing of the file"

_EXPLAINED: Final[dict[str, tuple[str, str]]] = {
    "unclosed-section": (
        f"The bracket of {{text}} is not closed: {_NOT_READ}.",
        "Close it with ].",
    ),
    "unclosed-template": (
        f"The parenthesis of {{text}} is not closed: {_NOT_READ}.",
        "Close it with ).",
    ),
    "after-section": (
        "What follows the bracket in {text} is passed over.",
        "A template stands right behind it, without a space; settings begin on the next line.",
    ),
    "nothing-to-add-to": (
        f"(+) adds to a section [{{text}}] above, and there is none: {_NOT_READ}.",
        "Write the section first, or leave (+) out.",
    ),
    "unknown-template": (
        f"There is no section or template [{{text}}] above: {_NOT_READ}.",
        "Write the template before the sections that use it, with (!) behind its name.",
    ),
    "hash-comment": (
        "A # begins an instruction such as #include, not a comment: Asterisk doesn't know {text}.",
        "Begin comments with a semicolon (;).",
    ),
    "slash-comment": (
        "{text} is not a comment: Asterisk takes it for a setting without a value.",
        "Begin comments with a semicolon (;).",
    ),
    "exec": ("The lab's Asterisk doesn't carry out #exec.", "Write the settings themselves."),
    "include-of-nothing": ("#include names no file.", "Name one, or leave the line out."),
    "include-of-itself": (
        "{text} includes itself, again and again: Asterisk breaks down over it.",
        "Leave one of the #include lines out.",
    ),
    "include-of-missing-file": (
        f"There is no file {{text}} to include: {_NOT_READ}.",
        "Add that file, or leave the line out.",
    ),
    "before-any-section": (
        f"{{text}} stands before the first section: {_NOT_READ}.",
        "Put a section's name in brackets above it.",
    ),
    "no-equals-sign": (
        "There is no equals sign in {text}: Asterisk passes over the line.",
        "Write option = value, [section] or ; comment.",
    ),
    "no-name": (
        "Nothing stands left of the equals sign in {text}: Asterisk passes over the line.",
        "Write option = value.",
    ),
    "unclosed-comment": (
        "The comment that begins here with ;-- never ends: all that follows is part of it.",
        "End it with --; or begin the comment with a single semicolon.",
    ),
}

_SECRET: Final = re.compile("pass|secret|md5", re.IGNORECASE)

_OPENING: Final = "“„«»”"


def of_syntax(document: Document) -> Iterator[Fault]:
    """What is wrong with how a file, and those that it includes, are written."""
    for slip in document.slips:
        yield _explained(slip)
    for section in document.sections:
        for setting in section.settings:
            yield from _of_value(section, setting)


def _explained(slip: Slip) -> Fault:
    problem, remedy = _EXPLAINED[slip.kind]
    shown = "this line" if _SECRET.search(slip.text) else slip.text
    return at(slip, kind=slip.kind, problem=problem.format(text=shown), remedy=remedy)


def _of_value(section: Section, setting: Setting) -> Iterator[Fault]:
    unquoted = re.sub(r'"[^"]*"', "", setting.value)
    curly = next((letter for letter in unquoted if letter in _OPENING), "")
    if curly:
        yield at(
            setting,
            kind="smart-quotes",
            owner=f"[{section.name}]",
            problem=f"{curly} is a quotation mark of a word processor, which Asterisk takes for a "
            "letter like any other.",
            remedy='Use an editor for plain text, and " where a quotation mark is needed.',
        )
