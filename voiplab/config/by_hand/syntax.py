"""Asterisk's configuration syntax, read as Asterisk reads it, with the file and line of each thing.

What main/config.c of Asterisk 22 does, in its order: comments are cut off, a line is stripped, and
then it is a section's head, a directive, or a setting.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from typing import Final

_BLANK: Final = "".join(map(chr, range(33)))
"""What Asterisk strips from both ends: all bytes up to the space."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """A line ``name = value`` of a section.

    Attributes:
        name: what stands left of the equals sign.
        value: what stands right of it, without comments.
        file: where it was written.
        line: on which line of that file, counted from 1.
    """

    name: str
    value: str
    file: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A section, with all settings that it has: those of its templates first.

    Attributes:
        name: what stands between the brackets.
        template: whether it is only there for others to take over: ``[name](!)``.
        parents: the sections whose settings it takes over, in their order.
        settings: all that it has in the end, in the order in which Asterisk applies it.
        file: where its head was written.
        line: on which line of that file, counted from 1.
    """

    name: str
    template: bool
    parents: tuple[str, ...]
    settings: tuple[Setting, ...]
    file: str
    line: int

    def last(self, option: str) -> Setting | None:
        """The setting that counts when an option may be set once; case is no matter."""
        named = [each for each in self.settings if each.name.lower() == option]
        return named[-1] if named else None

    def value(self, option: str) -> str:
        """The value that counts, or "" when the option is not set."""
        setting = self.last(option)
        return setting.value if setting else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Slip:
    """A line that is not what its writer meant, or nothing that Asterisk can read.

    Attributes:
        kind: what went wrong, in one word or a few with hyphens.
        file: where.
        line: on which line of that file, counted from 1.
        text: the line, without comments.
        fatal: whether Asterisk throws away everything, this file and those that include it.
    """

    kind: str
    file: str
    line: int
    text: str
    fatal: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A configuration file and all that it includes.

    Attributes:
        sections: in their order.
        slips: what could not be read, or not as it was meant.
    """

    sections: tuple[Section, ...]
    slips: tuple[Slip, ...]

    @property
    def readable(self) -> bool:
        """Whether Asterisk takes the file at all; else it goes on as if there were none."""
        return not any(slip.fatal for slip in self.slips)

    def in_force(self) -> tuple[Section, ...]:
        """The sections that Asterisk makes something of: no templates, nothing unreadable."""
        return tuple(each for each in self.sections if not each.template) if self.readable else ()


def read(files: Mapping[str, str], name: str) -> Document:
    r"""Read a configuration file as Asterisk would.

    Args:
        files: texts by file name; those that are included are looked for here too.
        name: which of them to read.

    Returns:
        Its sections, and its slips. After a slip that Asterisk would not read past, the rest is
        read all the same, as it seems to be meant.

    >>> document = read({"a.conf": "[base](!)\nx = 1\n[one](base)\ny => 2 ; two\n"}, "a.conf")
    >>> [(each.name, each.value, each.line) for each in document.sections[1].settings]
    [('x', '1', 2), ('y', '2', 4)]
    """
    reader = _Reader(files)
    reader.read(name, ())
    return Document(
        sections=tuple(draft.finished() for draft in reader.drafts), slips=tuple(reader.slips)
    )


@dataclass
class _Draft:
    """A section while it is being read."""

    name: str
    file: str
    line: int
    template: bool = False
    parents: list[str] = field(default_factory=list)
    settings: list[Setting] = field(default_factory=list)

    def has(self, wanted: str) -> bool:
        """Whether it has a setting: ``type=aor``; each section has "" ."""
        name, _, value = wanted.partition("=")
        return not wanted or any((each.name, each.value) == (name, value) for each in self.settings)

    def finished(self) -> Section:
        return Section(
            name=self.name,
            template=self.template,
            parents=tuple(self.parents),
            settings=tuple(self.settings),
            file=self.file,
            line=self.line,
        )


class _Reader:
    def __init__(self, files: Mapping[str, str]) -> None:
        self._files = files
        self._current: _Draft | None = None
        self.drafts: list[_Draft] = []
        self.slips: list[Slip] = []

    def read(self, name: str, above: tuple[str, ...]) -> None:
        comments = _Comments()
        for line, raw in enumerate(self._files[name].removeprefix("\ufeff").split("\n"), 1):
            text = comments.cut_from(raw, line).strip(_BLANK)
            if text:
                self._line(name, line, text, (*above, name))
        if comments.begun:
            self._slip("unclosed-comment", name, comments.begun[-1], ";--")

    def _line(self, file: str, line: int, text: str, chain: tuple[str, ...]) -> None:
        match text[0]:
            case "[":
                self._head(file, line, text)
            case "#":
                self._directive(file, line, text, chain)
            case _:
                self._setting(file, line, text)

    def _slip(self, kind: str, file: str, line: int, text: str, *, fatal: bool = False) -> None:
        self.slips.append(Slip(kind=kind, file=file, line=line, text=text, fatal=fatal))

    def _head(self, file: str, line: int, text: str) -> None:
        name, closed, rest = text[1:].partition("]")
        if not closed:
            self._slip("unclosed-section", file, line, text, fatal=True)
            name, _, rest = name.partition("(")
            rest = rest and f"({rest}"
        draft = _Draft(name=name, file=file, line=line)
        self._current = draft
        if not rest.startswith("("):
            if rest.strip(_BLANK):
                self._slip("after-section", file, line, text)
            self.drafts.append(draft)
            return
        options, closed, _ = rest[1:].partition(")")
        if not closed:
            self._slip("unclosed-template", file, line, text, fatal=True)
        for option in options.split(","):
            self._option(draft, option, file, line)
        if self._current is draft:
            self.drafts.append(draft)

    def _option(self, draft: _Draft, option: str, file: str, line: int) -> None:
        """What stands between the parentheses behind a section's name."""
        if option == "!":
            draft.template = True
        elif option.startswith("+"):
            former = self._find(draft.name, option[1:])
            if former is None:
                self._slip("nothing-to-add-to", file, line, draft.name, fatal=True)
            else:
                former.settings += draft.settings
                self._current = former
        else:
            parent = self._find(option)
            if parent is None:
                self._slip("unknown-template", file, line, option, fatal=True)
                return
            heir = self._current or draft
            heir.parents.append(option)
            heir.settings += parent.settings

    def _find(self, name: str, having: str | None = None) -> _Draft | None:
        """The first section of that name, which is no template if it must have something."""
        for draft in self.drafts:
            if draft.name.lower() == name.lower() and (
                having is None or (not draft.template and draft.has(having))
            ):
                return draft
        return None

    def _directive(self, file: str, line: int, text: str, chain: tuple[str, ...]) -> None:
        word, _, rest = text[1:].partition(" ") if " " in text else text[1:].partition("\t")
        wanted = _unquoted(rest.strip(_BLANK))
        if word.lower() not in {"include", "tryinclude", "exec"}:
            self._slip("hash-comment", file, line, text)
        elif word.lower() == "exec":
            self._slip("exec", file, line, text)
        elif not wanted:
            self._slip("include-of-nothing", file, line, text)
        else:
            found = self._named(wanted)
            for name in found:
                if name in chain:
                    self._slip("include-of-itself", file, line, wanted, fatal=True)
                else:
                    self.read(name, chain)
            if not found and word.lower() == "include":
                self._slip("include-of-missing-file", file, line, wanted, fatal=True)

    def _named(self, wanted: str) -> list[str]:
        """The files that an #include names, by a path or by a pattern."""
        pattern = wanted.removeprefix("/etc/asterisk/")
        return sorted(name for name in self._files if fnmatchcase(name, pattern))

    def _setting(self, file: str, line: int, text: str) -> None:
        name, equals, value = text.partition("=")
        if self._current is None:
            self._slip("before-any-section", file, line, text, fatal=True)
            return
        if not equals:
            kind = "slash-comment" if text.startswith("//") else "no-equals-sign"
            self._slip(kind, file, line, text)
            return
        appends = name.endswith("+") and len(name) > 1
        name = name.removesuffix("+") if appends else name
        value = value.removeprefix(">") if not appends else value
        setting = Setting(
            name=name.removeprefix("\\").strip(_BLANK),
            value=value.strip(_BLANK),
            file=file,
            line=line,
        )
        if not setting.name:
            self._slip("no-name", file, line, text)
        elif not (appends and _append(self._current.settings, setting)):
            self._current.settings.append(setting)


def _append(settings: list[Setting], more: Setting) -> bool:
    """Do as ``name += value`` does: its value goes on where the last of that name ends."""
    for at in reversed(range(len(settings))):
        if settings[at].name == more.name:
            whole = (settings[at].value + more.value).strip(_BLANK)
            settings[at] = replace(settings[at], value=whole)
            return True
    return False


class _Comments:
    """Cuts comments off, line by line: ``; to the end`` and ``;-- over several lines --;``."""

    def __init__(self) -> None:
        self.begun: list[int] = []

    def cut_from(self, rest: str, line: int) -> str:
        kept = ""
        while True:
            before, semicolon, after = rest.partition(";")
            if not semicolon:
                return kept if self.begun else kept + rest
            rest = after
            if before.endswith("\\"):
                kept += "" if self.begun else f"{before[:-1]};"
            elif re.match("--(?!-)", after):
                kept += "" if self.begun else before
                rest = after[2:]
                self.begun.append(line)
            elif before.endswith("--") and self.begun:
                self.begun.pop()
            elif not self.begun:
                return kept + before


def _unquoted(name: str) -> str:
    """A file's name without the quotation marks or angle brackets around it."""
    for opening, closing in ('""', "<>"):
        if name.startswith(opening) and name.endswith(closing) and len(name) > 1:
            return name[1:-1]
    return name
