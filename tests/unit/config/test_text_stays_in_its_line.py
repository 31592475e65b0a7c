"""No text that a user gives can add a line to a configuration file."""

import string
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from voiplab.config import Conference, Exchange, Mailbox, RingGroup, Services, User, render
from voiplab.config.rendering import within_its_line
from voiplab.errors import ConfigError

# What breaks formats is what a search should try often.
DANGEROUS = st.sampled_from(
    [*'\n\r;"\\,[]<>#=|${}()\x00\x85\u2028\u2029\u202e\ufeff\x1b', "\n[", ";--"]
)
TEXT = st.one_of(
    st.text(),
    st.lists(st.one_of(DANGEROUS, st.text(max_size=5)), max_size=8).map("".join),
    st.text(alphabet=string.digits + "*\n ", max_size=9),
)

SECRET = "s"  # noqa: S105 - a made-up one

MAKES: dict[str, Callable[[Any], Exchange]] = {
    "user's extension": lambda text: Exchange(users=(User(extension=text),)),
    "user's name": lambda text: Exchange(users=(User(extension="2001", name=text),)),
    "name in a mailbox": lambda text: Exchange(
        users=(User(extension="2001", name=text, mailbox=Mailbox(pin="1234")),)
    ),
    "user's secret": lambda text: Exchange(users=(User(extension="2001", secret=text),)),
    "codec": lambda text: Exchange(users=(User(extension="2001", codecs=(text,)),)),
    "transport": lambda text: Exchange(users=(User(extension="2001", transport=text),)),
    "mailbox's PIN": lambda text: Exchange(
        users=(User(extension="2001", mailbox=Mailbox(pin=text)),)
    ),
    "ring group's extension": lambda text: Exchange(
        users=(User(extension="2001"),),
        ring_groups=(RingGroup(extension=text, members=("2001",)),),
    ),
    "ring group's member": lambda text: Exchange(
        users=(User(extension="2001"),),
        ring_groups=(RingGroup(extension="6000", members=(text,)),),
    ),
    "conference's extension": lambda text: Exchange(conferences=(Conference(extension=text),)),
    "conference's PIN": lambda text: Exchange(
        conferences=(Conference(extension="8000", pin=text),)
    ),
    "service's number": lambda text: Exchange(services=Services(echo_test=text)),
    "language": lambda text: Exchange(language=text),
    "AMI user": lambda text: Exchange(ami_user=text),
    "AMI secret": lambda text: Exchange(ami_secret=text),
}
HARMLESS = {
    "user's extension": "2001",
    "user's name": "Front desk",
    "name in a mailbox": "Front desk",
    "user's secret": "secret",
    "codec": "alaw",
    "transport": "tcp",
    "mailbox's PIN": "4321",
    "ring group's extension": "6000",
    "ring group's member": "2001",
    "conference's extension": "8000",
    "conference's PIN": "4321",
    "service's number": "*43",
    "language": "en",
    "AMI user": "voiplab",
    "AMI secret": "secret",
}


def shape(exchange: Exchange) -> dict[str, tuple[int, ...]]:
    """How many lines, sections, assignments and comments each file has."""
    return {
        name: (text.count("\n"), text.count("\n["), text.count("\n#"), text.count(";"))
        for name, text in render(exchange).items()
    }


@pytest.mark.parametrize("field", MAKES)
@given(text=TEXT)
@example(text="2001\nsecret = x")
@example(text='x" <1>\n[admin]')
@example(text="x;--")
@example(text="x" * 300)
def test_text_is_refused_in_one_sentence_or_stays_in_its_line(field: str, text: str) -> None:
    try:
        exchange = MAKES[field](text)
    except ConfigError as refused:
        sentence = str(refused)
        assert len(sentence.splitlines()) == 1
        assert len(sentence) < 300
        assert sentence.endswith((".", "?"))
    else:
        assert shape(exchange) == shape(MAKES[field](HARMLESS[field]))


@pytest.mark.parametrize("field", MAKES)
def test_what_is_harmless_is_accepted(field: str) -> None:
    MAKES[field](HARMLESS[field])


@given(name=TEXT)
def test_a_name_changes_only_the_line_of_the_caller_s_name(name: str) -> None:
    plain = User(extension="2001", name="?", secret=SECRET)
    try:
        named = User(extension="2001", name=f"?{name}", secret=SECRET)
    except ConfigError:
        return
    old = render(Exchange(users=(plain,), ami_secret=SECRET))
    new = render(Exchange(users=(named,), ami_secret=SECRET))
    changed = [
        after
        for file in old
        for before, after in zip(old[file].split("\n"), new[file].split("\n"), strict=True)
        if before != after
    ]
    assert changed == ([] if named == plain else [f'callerid = "{named.name}" <2001>'])


@given(text=TEXT)
def test_the_second_lock_lets_no_new_line_or_comment_through(text: str) -> None:
    try:
        written = within_its_line(text)
    except ConfigError:
        return
    assert written == text
    assert len(text.splitlines()) <= 1
    assert not set(text) & set('";\\')
