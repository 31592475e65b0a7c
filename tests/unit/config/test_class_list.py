import pytest

from voiplab.config import Conference, Exchange, Mailbox, User, read_class_list, write_class_list
from voiplab.errors import ConfigError

EMPTY = Exchange()


def outcomes(text: str, exchange: Exchange = EMPTY) -> list[tuple[int, str]]:
    return [(row.line, row.outcome) for row in read_class_list(text, exchange)]


def test_what_was_written_is_read_again() -> None:
    exchange = Exchange().with_webrtc()
    for user in (
        User(extension="2001", name="Zoë, 二番", codecs=("alaw", "ulaw")),
        User(extension="2002", mailbox=Mailbox(), codecs=("g722",)),
        User(extension="2003", webrtc=True, codecs=("opus",)),
    ):
        exchange = exchange.with_user(user)
    text = write_class_list(exchange, {"2001"})
    rows = read_class_list(text, Exchange().with_webrtc())
    assert [row.phone for row in rows] == ["softphone", "none", "browser"]
    for row, user in zip(rows, exchange.users, strict=True):
        assert row.user is not None
        kept = ("extension", "name", "codecs", "webrtc")
        assert [getattr(row.user, field) for field in kept] == [
            getattr(user, field) for field in kept
        ]
        assert bool(row.user.mailbox) is bool(user.mailbox)


def test_no_secret_is_written() -> None:
    user = User(extension="2001", secret="hunter2", mailbox=Mailbox(pin="9753"))  # noqa: S106 - to be looked for
    text = write_class_list(Exchange(users=(user,)), set())
    assert "hunter2" not in text
    assert "9753" not in text
    assert "2001" in text


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_the_separators_of_spreadsheets_are_understood(separator: str) -> None:
    text = f"\ufeffextension{separator}name\r\n2001{separator}Zoë\r\n"
    (row,) = read_class_list(text, EMPTY)
    assert row.user is not None
    assert (row.user.extension, row.user.name) == ("2001", "Zoë")


def test_blank_lines_are_counted_and_left_out() -> None:
    assert outcomes("\nextension\n\n2001\n  \n2002\n") == [(4, "add"), (6, "add")]


def test_a_cell_may_hold_the_separator_between_quotation_marks() -> None:
    (row,) = read_class_list('extension,name\n2001,"Desk, front"\n', EMPTY)
    assert row.user is not None
    assert row.user.name == "Desk, front"


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ("20 01,,,,", "is not an extension"),
        (",,,,", None),
        ('2001,"two\nlines",,,', "a new line"),
        ("2001,a;b,,,", "ends a value in Asterisk's files"),
        ("2001,,mobile,,", "softphone, browser or none, not 'mobile'"),
        ("2001,,,mp3,", "User codecs.0"),
        ("2001,,,ulaw ulaw,", "name one twice"),
        ("2001,,,,maybe", "voicemail is yes or no, not 'maybe'"),
        ("2001,,browser,,", "no WebSocket"),
        ("2001,,,,no,more", "6 cells and there are 5 columns"),
        ("*43,,,,", "is not an extension"),
    ],
)
def test_a_bad_row_says_what_is_wrong_with_it(cells: str, reason: str | None) -> None:
    rows = read_class_list(f"extension,name,phone,codecs,voicemail\n{cells}\n2009,,,,\n", EMPTY)
    assert rows[-1].outcome == "add"
    if reason is None:
        assert len(rows) == 1
        return
    bad = rows[0]
    assert bad.outcome == "wrong"
    assert reason in bad.reason
    assert bad.user is None


def test_what_two_rows_want_the_second_does_not_get() -> None:
    rows = read_class_list("extension\n2001\n2001\n", EMPTY)
    assert [row.outcome for row in rows] == ["add", "wrong"]
    assert "line 2" in rows[1].reason


def test_what_the_exchange_has_already() -> None:
    exchange = Exchange(
        users=(User(extension="2001"),), conferences=(Conference(extension="8000"),)
    )
    rows = read_class_list("extension\n2001\n8000\n2002\n", exchange)
    assert [row.outcome for row in rows] == ["there", "wrong", "add"]
    assert "8000 is taken" in rows[1].reason


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "is empty"),
        ("\n  \n", "is empty"),
        ("name\nZoë\n", "'extension' is missing"),
        ("extension,password\n2001,x\n", "'password' is none of them"),
        ("extension,name,name\n2001,a,b\n", "'name' stands there twice"),
        ("2001,Zoë\n", "'2001' is none of them"),
    ],
)
def test_a_list_without_its_columns_is_refused(text: str, reason: str) -> None:
    with pytest.raises(ConfigError, match=reason):
        read_class_list(text, EMPTY)


def test_each_user_gets_a_password_of_its_own() -> None:
    rows = read_class_list("extension\n2001\n2002\n", EMPTY)
    secrets = {row.user.secret.get_secret_value() for row in rows if row.user}
    assert len(secrets) == 2
