"""The objects that a hand-written pjsip.conf describes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from voiplab.config.by_hand.reference import reference
from voiplab.config.by_hand.syntax import Document, Section, Setting, read

FILE: Final = "pjsip.conf"

_EMPTY: Final = Document(sections=(), slips=())


@dataclass(frozen=True, slots=True, kw_only=True)
class PjsipObject:
    """An object of PJSIP: a section with a type that Asterisk knows.

    Attributes:
        kind: its type: ``endpoint``, ``auth``, ``aor``, ``transport`` …
        name: its section's name; objects of different types may share it.
        section: where it was written, with its options.
    """

    kind: str
    name: str
    section: Section

    def value(self, option: str) -> str:
        """What an option is set to, or Asterisk's default, or ""."""
        setting = self.section.last(option)
        if setting:
            return setting.value
        return reference().objects[self.kind].get(option) or ""

    def setting(self, option: str) -> Setting | None:
        """The line that sets an option, if there is one."""
        return self.section.last(option)

    def names(self, option: str) -> list[str]:
        """The names that an option lists, with commas between them."""
        return [name for each in self.value(option).split(",") if (name := each.strip())]

    @property
    def codecs(self) -> tuple[str, ...]:
        """What `allow` and `disallow` leave, in the order of preference; ``all`` for all others."""
        return _codecs(self.section.settings)


def document(files: Mapping[str, str]) -> Document:
    """The file pjsip.conf with all that it includes; an empty one when there is none."""
    return read(files, FILE) if FILE in files else _EMPTY


def objects(pjsip: Document) -> tuple[PjsipObject, ...]:
    r"""What Asterisk makes of a pjsip.conf.

    Of a type that has two objects of one name, Asterisk loads none at all.

    Args:
        pjsip: what :func:`document` returned.

    >>> text = "[2001]\ntype=aor\nmax_contacts=1\n[2001]\ntype=auth\nusername=2001\n"
    >>> [(each.kind, each.value("max_contacts")) for each in objects(document({FILE: text}))]
    [('aor', '1'), ('auth', '')]
    """
    described = tuple(described_objects(pjsip.in_force()))
    return tuple(
        each
        for each in described
        if not any(
            twin is not other and (twin.kind, twin.name) == (other.kind, other.name)
            for twin in described
            for other in described
            if twin.kind == each.kind
        )
    )


def described_objects(sections: tuple[Section, ...]) -> Iterator[PjsipObject]:
    """The sections that have a type that Asterisk knows, whether it takes them or not."""
    for section in sections:
        kind = section.value("type")
        if kind in reference().objects:
            yield PjsipObject(kind=kind, name=section.name, section=section)


def _codecs(settings: tuple[Setting, ...]) -> tuple[str, ...]:
    chosen: list[str] = []
    for setting in settings:
        option = setting.name.lower()
        if option not in {"allow", "disallow"}:
            continue
        for listed in setting.value.split(","):
            named = listed.strip()
            wanted = (option == "allow") is not named.startswith("!")
            name = named.removeprefix("!").partition(":")[0]
            if name == "all" and not wanted:
                chosen.clear()
            elif name in chosen and not wanted:
                chosen.remove(name)
            elif name and wanted and name not in chosen:
                chosen.append(name)
    return tuple(chosen)


def started_with(files: Mapping[str, str]) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    """What of a pjsip.conf Asterisk reads only when it starts: its transports and its system.

    Args:
        files: texts by file name.

    Returns:
        Something that is equal for two configurations of which one can be reloaded to the other.
    """
    return tuple(
        (
            each.kind,
            each.name,
            tuple(f"{setting.name}={setting.value}" for setting in each.section.settings),
        )
        for each in objects(document(files))
        if each.kind in {"transport", "system", "global"}
    )
