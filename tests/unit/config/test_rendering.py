import re

import pytest
from jinja2 import UndefinedError

from voiplab.config import (
    CDR_COLUMNS,
    Conference,
    Exchange,
    Mailbox,
    RingGroup,
    Services,
    User,
    diff,
    needs_restart,
    redact,
    reload_commands,
    render,
)
from voiplab.config.modules import modules
from voiplab.config.rendering import FILES, _environment
from voiplab.errors import ConfigError

SESAME, LETMEIN_2, LETMEIN, OTHER = "sesame", "letmein-2", "let-me-in", "other-one"
SECRETS = {SESAME, LETMEIN_2, "97531", "86420", LETMEIN}
EXCHANGE = Exchange(
    users=(
        User(extension="2001", name="Front desk", secret=SESAME),
        User(extension="2002", secret=LETMEIN_2, mailbox=Mailbox(pin="97531")),
    ),
    ring_groups=(RingGroup(extension="6000", members=("2001", "2002")),),
    conferences=(Conference(extension="8000", pin="86420"),),
    ami_secret=LETMEIN,
)


def test_the_same_exchange_is_written_the_same() -> None:
    assert render(EXCHANGE) == render(Exchange.from_json(EXCHANGE.to_json()))
    assert tuple(render(EXCHANGE)) == FILES


def test_each_template_belongs_to_a_file() -> None:
    assert sorted(_environment().list_templates()) == sorted(f"{name}.j2" for name in FILES)


def test_a_template_that_names_nothing_is_an_error() -> None:
    with pytest.raises(UndefinedError):
        _environment().from_string("{{ exchange.no_such_field }}").render(exchange=EXCHANGE)


def test_a_value_is_checked_whichever_template_writes_it() -> None:
    with pytest.raises(ConfigError, match="can't be written"):
        _environment().from_string("x = {{ value }}").render(value="1\n[admin]")


def test_a_service_left_out_has_no_number() -> None:
    dial_plan = render(Exchange(services=Services(music=None)))["extensions.conf"]
    assert "MusicOnHold" not in dial_plan
    assert "Echo()" in dial_plan


def test_no_module_is_named_twice() -> None:
    names = [name for group in modules(webrtc=True).values() for name in group]
    assert sorted(set(names)) == sorted(names)


def test_a_record_has_as_many_fields_as_columns() -> None:
    line = next(
        line for line in render(EXCHANGE)["cdr_custom.conf"].splitlines() if "CSV_QUOTE" in line
    )
    assert line.count("CSV_QUOTE") == len(CDR_COLUMNS)


def test_redaction_leaves_no_secret() -> None:
    shown = "\n".join(redact(render(EXCHANGE)).values())
    assert not [secret for secret in SECRETS if secret in shown]
    assert shown.count("(secret)") == len(SECRETS)


def test_redaction_changes_nothing_else() -> None:
    files = render(EXCHANGE)
    for secret in SECRETS:
        files = {name: re.sub(rf"{secret}", "(secret)", text) for name, text in files.items()}
    assert redact(render(EXCHANGE)) == files


def test_a_difference_shows_what_changed_and_no_secret() -> None:
    renamed = User(extension="2001", name="Reception", secret=OTHER)
    lines = diff(render(EXCHANGE), render(EXCHANGE.replacing_user(renamed))).splitlines()
    assert [line for line in lines if line[0] in "+-"] == [
        "--- old/pjsip.conf",
        "+++ new/pjsip.conf",
        '-callerid = "Front desk" <2001>',
        '+callerid = "Reception" <2001>',
    ]
    assert diff(render(EXCHANGE), render(EXCHANGE)) == ""


def test_nothing_changed_reloads_nothing() -> None:
    assert reload_commands(render(EXCHANGE), render(EXCHANGE)) == []


@pytest.mark.parametrize(
    ("change", "commands"),
    [
        (
            EXCHANGE.with_user(User(extension="2003", mailbox=Mailbox())),
            ["module reload res_pjsip.so", "voicemail reload", "dialplan reload"],
        ),
        (
            EXCHANGE.replacing_user(User(extension="2001", name="Reception")),
            ["module reload res_pjsip.so"],
        ),
        (
            EXCHANGE.with_conference(Conference(extension="8001")),
            ["module reload app_confbridge.so", "dialplan reload"],
        ),
    ],
)
def test_only_what_changed_is_reloaded(change: Exchange, commands: list[str]) -> None:
    assert reload_commands(render(EXCHANGE), render(change)) == commands


@pytest.mark.parametrize("name", ["asterisk.conf", "modules.conf", "pjsip_transports.conf"])
def test_what_is_read_only_at_the_start_needs_a_restart(name: str) -> None:
    old = render(EXCHANGE)
    new = old | {name: old[name] + "; changed\n"}
    assert needs_restart(old, new) == [name]
    with pytest.raises(ConfigError, match=f"Asterisk reads {name} only when it starts"):
        reload_commands(old, new)


def test_a_change_of_language_needs_a_restart() -> None:
    assert needs_restart(render(EXCHANGE), render(Exchange(language="fr"))) == ["asterisk.conf"]


def test_only_an_exchange_that_serves_browsers_says_so() -> None:
    plain = render(EXCHANGE)
    serving = render(EXCHANGE.with_webrtc().with_user(User(extension="2003", webrtc=True)))
    assert "webrtc" not in plain["pjsip.conf"]
    assert "transport-ws" not in plain["pjsip_transports.conf"]
    assert "enabled = no" in plain["http.conf"]
    assert serving["pjsip.conf"].count("webrtc = yes") == 1
    assert "protocol = ws" in serving["pjsip_transports.conf"]
    assert "bindport = 8088" in serving["http.conf"]
    assert needs_restart(plain, serving) == ["modules.conf", "pjsip_transports.conf"]
