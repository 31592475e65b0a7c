import pickle
from collections.abc import Callable

import pytest

from voiplab.config import Conference, Exchange, Mailbox, RingGroup, Services, User, render
from voiplab.errors import ConfigError, UnknownUser

HUNTER = "hunter2"
LETMEIN = "letmein"
DESK = User(extension="2001", name="Front desk")
OFFICE = User(extension="2002", name="Office")


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (
            lambda: User(extension="20\n01"),
            (
                "User extension: '20\\n01' is not an extension: it takes 2 to 8 digits, "
                "such as '2001'."
            ),
        ),
        (
            lambda: User(extension="٢٠٠١"),
            "User extension: '٢٠٠١' is not an extension: it takes 2 to 8 digits, such as '2001'.",
        ),
        (
            lambda: User(extension=2001),
            "User extension: 2001 is not an extension: it takes 2 to 8 digits, such as '2001'.",
        ),
        (
            lambda: User(extension="2001", name="Front\ndesk"),
            (
                "User name: the name 'Front\\ndesk' holds a new line: write it on one line, "
                "in plain sight."
            ),
        ),
        (
            lambda: User(extension="2001", name="a;b"),
            (
                "User name: the name 'a;b' holds ;, which ends a value in Asterisk's files: "
                "leave it out."
            ),
        ),
        (
            lambda: User(extension="2001", name="é" * 40),
            (
                f"User name: the name '{'é' * 40}' takes 80 bytes, of which Asterisk keeps 79: "
                "shorten it."
            ),
        ),
        (
            lambda: User(extension="2001", name="\u200d"),
            "User name: the name '\\u200d' shows nothing: give it a letter.",
        ),
        (
            lambda: User(extension="2001", name="\ud800"),
            (
                "User name: the name '\\ud800' holds the invisible '\\ud800': "
                "write it on one line, in plain sight."
            ),
        ),
        (
            lambda: User(extension="2001", name="Room 1, floor 2", mailbox=Mailbox()),
            (
                "The name 'Room 1, floor 2' holds a comma, which ends a name in voicemail.conf: "
                "leave the comma or the mailbox out."
            ),
        ),
        (
            lambda: User(extension="2001", codecs=("ulaw", "mp3")),
            (
                "User codecs.1: input should be 'ulaw', 'alaw', 'g722', 'opus', 'g726' or 'gsm'"
                "; change it."
            ),
        ),
        (
            lambda: User(extension="2001", codecs=("ulaw", "ulaw")),
            "The codecs ulaw, ulaw name one twice: name it once.",
        ),
        (
            lambda: User(extension="2001", nmae="Desk"),
            "User nmae: there is no such field; did you mean 'name'?",
        ),
        (User, "User extension: it is missing: give it a value."),
        (
            lambda: Exchange(users=(DESK, User(extension="2001"))),
            "2001 is taken by the user Front desk: choose another number.",
        ),
        (
            lambda: Exchange(users=(DESK,), services=Services(echo_test="2001")),
            "2001 is taken by the service echo test: choose another number.",
        ),
        (
            lambda: Exchange(users=(DESK,), conferences=(Conference(extension="2001"),)),
            "2001 is taken by the user Front desk: choose another number.",
        ),
        (
            lambda: Exchange(
                users=(DESK,), ring_groups=(RingGroup(extension="6000", members=("2009",)),)
            ),
            (
                "The ring group 6000 rings 2009, but no user has that extension: "
                "add the user first, or take it out of the group."
            ),
        ),
        (
            lambda: RingGroup(extension="6000", members=("2001", "2001")),
            "2001 is a member of 6000 twice: name it once.",
        ),
        (
            lambda: RingGroup(extension="6000", members=()),
            "RingGroup members: there is none: name at least one.",
        ),
        (
            lambda: Exchange(rtp_first_port=10001),
            (
                "RTP takes even ports (RFC 3550, section 11), and the range starts at 10001: "
                "start at 10002."
            ),
        ),
        (
            lambda: Exchange(rtp_first_port=20000, rtp_last_port=20002),
            (
                "The ports 20000 to 20002 don't hold the two pairs that one call takes: "
                "widen the range."
            ),
        ),
    ],
)
def test_what_can_not_be_is_refused_in_one_sentence(
    make: Callable[[], object], sentence: str
) -> None:
    with pytest.raises(ConfigError) as refused:
        make()
    assert str(refused.value) == sentence


@pytest.mark.parametrize("secret", ["", "two words", "semi;colon", "é", "x" * 65, "a\nb"])
def test_a_refused_secret_is_not_repeated(secret: str) -> None:
    with pytest.raises(ConfigError) as refused:
        User(extension="2001", secret=secret)
    assert str(refused.value).startswith("User secret: a secret takes 1 to 64 letters")
    assert not secret or secret not in str(refused.value)
    assert refused.value.__cause__ is None


@pytest.mark.parametrize(
    "name",
    [
        "Zoë",
        "O'Brien",
        "[brackets]",
        "a, b",
        "Family 👨‍👩‍👧",
        "${EXTEN}",
        "<2002>",
        "名前",
        "#include x",
    ],
)
def test_a_name_is_written_as_it_is(name: str) -> None:
    files = render(Exchange(users=(User(extension="2001", name=name),)))
    assert f'callerid = "{name}" <2001>\n' in files["pjsip.conf"]


def test_spaces_around_a_name_are_not_part_of_it() -> None:
    assert User(extension="2001", name="  Front desk ").name == "Front desk"


def test_secrets_are_strong_and_distinct_by_default() -> None:
    secrets = {User(extension="2001").secret.get_secret_value() for _ in range(100)}
    assert len(secrets) == 100
    assert min(len(secret) for secret in secrets) >= 32


def test_no_secret_is_in_a_repr() -> None:
    exchange = Exchange(
        users=(User(extension="2001", secret=HUNTER, mailbox=Mailbox(pin="97531")),),
        conferences=(Conference(extension="8000", pin="86420"),),
        ami_secret=LETMEIN,
    )
    for shown in (repr(exchange), str(exchange), f"{exchange.users}", exchange.model_dump_json()):
        for secret in (HUNTER, "97531", "86420", LETMEIN):
            assert secret not in shown


def test_an_exchange_is_a_value() -> None:
    exchange = Exchange(users=(DESK,))
    larger = exchange.with_user(OFFICE)
    assert exchange.users == (DESK,)
    assert larger.users == (DESK, OFFICE)
    assert larger.without_user("2002") == exchange
    assert larger.ami_secret == exchange.ami_secret
    with pytest.raises(ValueError, match="frozen"):
        exchange.users = ()


def test_a_user_is_replaced_in_place() -> None:
    renamed = User(extension="2001", name="Reception")
    assert Exchange(users=(DESK, OFFICE)).replacing_user(renamed).users == (renamed, OFFICE)


def test_an_unknown_user_is_named_with_those_there_are() -> None:
    exchange = Exchange(users=(DESK, OFFICE))
    for change in (
        lambda: exchange.user("2009"),
        lambda: exchange.without_user("2009"),
        lambda: exchange.replacing_user(User(extension="2009")),
    ):
        with pytest.raises(UnknownUser, match="'2009': there is 2001, 2002"):
            change()


def test_a_member_of_a_ring_group_is_not_removed() -> None:
    exchange = Exchange(users=(DESK, OFFICE)).with_ring_group(
        RingGroup(extension="6000", members=("2001", "2002"))
    )
    with pytest.raises(ConfigError, match="The ring group 6000 rings 2002"):
        exchange.without_user("2002")
    assert exchange.without_ring_group("6000").without_user("2002").users == (DESK,)


def test_groups_and_conferences_come_and_go() -> None:
    room = Conference(extension="8000")
    exchange = Exchange().with_conference(room)
    assert exchange.conferences == (room,)
    assert exchange.without_conference("8000").conferences == ()
    with pytest.raises(ConfigError, match="No conference has the extension '8001'"):
        exchange.without_conference("8001")
    with pytest.raises(ConfigError, match="No ring group has the extension '6000'"):
        exchange.without_ring_group("6000")


def test_a_phone_in_a_browser_needs_an_exchange_that_serves_browsers() -> None:
    browser = User(extension="2003", webrtc=True)
    with pytest.raises(ConfigError, match="phone of 2003 is a web page, and this exchange has no"):
        Exchange().with_user(browser)
    serving = Exchange(rtp_first_port=30000, rtp_last_port=31000).with_webrtc().with_user(browser)
    assert serving.user("2003").webrtc
    assert serving.media_ports == range(30000, 30039, 2)
    assert len(serving.media_ports) == 20
    with pytest.raises(ConfigError, match="too many to publish"):
        Exchange(webrtc=True)


def test_json_carries_an_exchange_whole() -> None:
    exchange = Exchange(
        users=(User(extension="2001", name="Zoë 👩‍🚀", mailbox=Mailbox()), OFFICE),
        ring_groups=(RingGroup(extension="6000", members=("2001",)),),
        conferences=(Conference(extension="8000", pin="4321"),),
        services=Services(music=None),
        language="fr",
    )
    assert Exchange.from_json(exchange.to_json()) == exchange


def test_json_that_is_no_exchange_is_refused_in_one_sentence() -> None:
    for text in ("", "[]", '{"users": [{"extension": "x"}]}', '{"a": 1}'):
        with pytest.raises(ConfigError) as refused:
            Exchange.from_json(text)
        assert len(str(refused.value).splitlines()) == 1


def test_an_exchange_can_be_pickled() -> None:
    exchange = Exchange(users=(DESK,))
    assert pickle.loads(pickle.dumps(exchange)) == exchange  # noqa: S301 - our own bytes
