"""Two configurations compared by what they say: object by object, option by option."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape
from typing import Final

from voiplab.config.by_hand import dial_plan, pjsip
from voiplab.config.by_hand.fault import head
from voiplab.config.by_hand.reference import reference
from voiplab.config.redaction import MARK

_SECRET: Final = frozenset({"password", "md5_cred", "password_digest", "oauth_secret"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What two configurations say differently.

    Attributes:
        object: ``[2001] (endpoint)``, or the context and number of an extension.
        option: the option, or the priority.
        one: what the first says; "" when it says nothing, so that Asterisk's default holds.
        other: what the second says.
    """

    object: str
    option: str
    one: str
    other: str

    def __str__(self) -> str:
        return f"{self.object}, {self.option}: {self.one or '–'} | {self.other or '–'}"


class Differences(tuple[Difference, ...]):
    """Differences, pjsip.conf's first; a notebook shows them as a table."""

    __slots__ = ()

    def about(self, word: str) -> "Differences":
        """Those alone whose object's name has a word in it, for example an extension."""
        return Differences(each for each in self if word in each.object)

    def __str__(self) -> str:
        return "\n".join(map(str, self)) or "Both say the same."

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        if not self:
            return "<p>Both say the same.</p>"
        cell = '<td style="text-align: left">{}</td>'.format
        rows: list[str] = []
        shown = ""
        for each in self:
            described = each.object if each.object != shown else ""
            shown = each.object
            one, other = escape(each.one) or "–", escape(each.other) or "–"
            rows.append(
                f"<tr>{cell(escape(described))}{cell(escape(each.option))}{cell(one)}{cell(other)}</tr>"
            )
        return (
            f"<table><thead><tr>{head('object', 'option', 'the one says', 'the other says')}"
            f"</tr></thead><tbody>{''.join(rows)}</tbody></table>"
        )


def compare(one: Mapping[str, str], other: Mapping[str, str]) -> Differences:
    r"""Compare two configurations by objects and options, whatever the files look like.

    Templates are resolved, and an option that is spelt out with Asterisk's default is the same as
    one that is left out. Secrets are not shown; whether they differ is.

    Args:
        one: texts by file name, for example hand-written ones.
        other: likewise, for example what :func:`voiplab.config.render` returned.

    >>> one = {"pjsip.conf": "[2001]\ntype=aor\nmax_contacts=1\nqualify_frequency=0\n"}
    >>> other = {"pjsip.conf": "[a](!)\nmax_contacts=2\n[2001](a)\ntype=aor\n"}
    >>> print(compare(one, other))
    [2001] (aor), max_contacts: 1 | 2
    """
    return Differences(
        [
            *_different(_objects(one), _objects(other), pjsip_defaults=True),
            *_different(_extensions(one), _extensions(other), pjsip_defaults=False),
        ]
    )


_Said = dict[str, dict[str, str]]


def _objects(files: Mapping[str, str]) -> _Said:
    said: _Said = {}
    for each in pjsip.objects(pjsip.document(files)):
        options: dict[str, str] = {}
        for setting in each.section.settings:
            name = setting.name.lower()
            if name not in {"allow", "disallow", "type"}:
                options[name] = setting.value
        if each.kind == "endpoint":
            options["allow"] = ",".join(each.codecs)
        said[f"[{each.name}] ({each.kind})"] = {
            name: value for name, value in options.items() if not _same(value, _default(each, name))
        }
    return said


def _default(described: pjsip.PjsipObject, option: str) -> str:
    return reference().objects[described.kind].get(option) or ""


def _same(one: str, other: str) -> bool:
    words = {"true": "yes", "1": "yes", "on": "yes", "false": "no", "off": "no"}
    return words.get(one.lower(), one) == words.get(other.lower(), other)


def _extensions(files: Mapping[str, str]) -> _Said:
    said: _Said = {}
    plan = dial_plan.document(files)
    for context in dial_plan.contexts(plan).values() if plan.readable else ():
        for extension in context.extensions.values():
            steps = said.setdefault(f"[{context.name}] {extension.name}", {})
            for step in extension.steps:
                priority = "hint" if step.priority == dial_plan.HINT else str(step.priority)
                called = f"{step.application}({step.arguments})"
                steps.setdefault(priority, called if step.application else step.arguments)
    return said


def _different(one: _Said, other: _Said, *, pjsip_defaults: bool) -> Iterator[Difference]:
    for described in [*one, *(name for name in other if name not in one)]:
        here, there = one.get(described), other.get(described)
        if here is None or there is None:
            there_is = "(is there)"
            yield Difference(
                object=described,
                option="",
                one=there_is if here is not None else "",
                other=there_is if there is not None else "",
            )
        for option in [*(here or {}), *(name for name in there or {} if name not in (here or {}))]:
            left, right = (here or {}).get(option, ""), (there or {}).get(option, "")
            if _same(left, right):
                continue
            if option in _SECRET and pjsip_defaults:
                left, right = (MARK if left else ""), (f"another {MARK}" if left else MARK)
            yield Difference(object=described, option=option, one=left, other=right)
