"""What we read in hand-written files is what Asterisk reads in them."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from voiplab import Lab
from voiplab.config import Exchange, Mailbox, RingGroup, User, read_files, render, users_of
from voiplab.config.by_hand import dial_plan, pjsip
from voiplab.containers import Engine

pytestmark = pytest.mark.engine

WRITTEN = Path(__file__).parents[1] / "fixtures" / "written"
RENDERED = render(
    Exchange(
        users=(
            User(extension="2001", name="Zoë, the first", codecs=("alaw", "opus")),
            User(extension="2002", mailbox=Mailbox(), contacts=3, call_waiting=True),
        ),
        ring_groups=(RingGroup(extension="6000", members=("2001", "2002")),),
    )
)
FILES = {
    "intricate": read_files(WRITTEN / "intricate"),
    "good": read_files(WRITTEN / "good"),
    "rendered": {
        name: RENDERED[name] for name in ("pjsip.conf", "extensions.conf", "pjsip_transports.conf")
    },
}
OPTIONS = ("context", "aors", "auth", "language", "rtp_symmetric", "direct_media", "transport")


@pytest.fixture(scope="module", params=FILES)
def loaded(request, engine: Engine, runs: Path) -> Iterator[tuple[dict[str, str], Lab]]:
    files = FILES[request.param]
    with Lab(configuration=files, runs=runs, engine=engine) as lab:
        yield files, lab


def shown(lab: Lab, command: str) -> dict[str, str]:
    listing = lab.asterisk(command)
    return dict(re.findall(r"^ (\w+) +: (.*?) *$", listing, re.MULTILINE))


def said(value: str) -> str:
    return {"true": "yes", "false": "no"}.get(value.lower(), value)


def test_objects_are_those_that_asterisk_has(loaded):
    files, lab = loaded
    read = pjsip.objects(pjsip.document(files))
    for kind in ("endpoint", "auth", "aor", "transport"):
        listing = lab.asterisk(f"pjsip show {kind}s")
        label = {"endpoint": "Endpoint", "auth": "Auth", "aor": "Aor", "transport": "Transport"}
        there = re.findall(rf"^ *(?:I/OAuth|{label[kind]}): +([^\s/<]+)", listing, re.MULTILINE)
        ours = {each.name for each in read if each.kind == kind}
        assert ours == set(there), kind


def test_options_have_the_values_that_asterisk_shows(loaded):
    files, lab = loaded
    read = pjsip.objects(pjsip.document(files))
    for each in read:
        if each.kind == "endpoint":
            there = shown(lab, f"pjsip show endpoint {each.name}")
            for option in OPTIONS:
                assert said(each.value(option)) == said(there[option]), (each.name, option)
            codecs = there["allow"].strip("()").split("|")
            if "all" not in each.codecs:
                assert list(each.codecs) == codecs, each.name
        if each.kind == "auth":
            there = shown(lab, f"pjsip show auth {each.name}")
            assert (each.value("username"), each.value("password")) == (
                there["username"],
                there["password"],
            )
        if each.kind == "aor":
            there = shown(lab, f"pjsip show aor {each.name}")
            for option in ("max_contacts", "qualify_frequency", "remove_existing"):
                assert said(each.value(option)) == said(there[option]), (each.name, option)


def test_users_have_the_names_that_asterisk_shows(loaded):
    files, lab = loaded
    for user in users_of(files):
        there = shown(lab, f"pjsip show endpoint {user.extension}")["callerid"]
        if there != "<unknown>" and user.name:
            assert user.name in there


def test_the_dial_plan_is_the_one_that_asterisk_shows(loaded):
    files, lab = loaded
    ours = set()
    for context in dial_plan.contexts(dial_plan.document(files)).values():
        for extension in context.extensions.values():
            seen = set()
            for step in extension.steps:
                if step.priority in seen:
                    continue
                seen.add(step.priority)
                ours.add((context.name, extension.name, step.priority, step.label, *action(step)))
    assert ours == set(theirs(lab.asterisk("dialplan show")))


def action(step: dial_plan.Step) -> tuple[str, str]:
    where = f"{step.setting.file}:{step.setting.line}"
    if step.priority == dial_plan.HINT:
        return step.arguments, where
    return f"{step.application}({step.arguments})", where


def theirs(listing: str) -> Iterator[tuple[str, str, int, str, str, str]]:
    context = name = ""
    for line in listing.splitlines():
        if found := re.match(r"\[ Context '(.*)' created by '(\w+)' \]", line):
            context = found[1] if found[2] == "pbx_config" else ""
        if found := re.match(r"  '([^']+)'(?: \(CID match '(\w+)'\))? =>", line):
            name = f"{found[1]}/{found[2]}" if found[2] else found[1]
        found = re.match(
            r"(?:  '[^']+'(?: \(CID match '\w+'\))? => *| *(?:\[(?P<label>\w+)\])? *)"
            r"(?P<priority>\d+\.|hint:) (?P<action>.*?) +\[(?P<where>[\w.]+:\d+)\]$",
            line,
        )
        if context and found:
            hint = found["priority"] == "hint:"
            priority = dial_plan.HINT if hint else int(found["priority"][:-1])
            label = found["label"] or ""
            yield context, name, priority, label, found["action"], found["where"]
