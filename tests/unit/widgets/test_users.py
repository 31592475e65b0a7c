import threading
from dataclasses import dataclass, field

import pytest

from voiplab import config
from voiplab.config import Exchange
from voiplab.errors import ConfigError, EngineError
from voiplab.widgets.users import UsersPanel


@dataclass
class Pbx:
    """What the panel speaks to: it keeps its users as a lab does, and has no phones to start."""

    exchange: Exchange = field(default_factory=Exchange)
    softphones: set[str] = field(default_factory=set)
    added: list[tuple] = field(default_factory=list)
    broken: str = ""

    def add(  # noqa: PLR0913 - as Lab.add_user
        self,
        extension: str,
        *,
        name: str = "",
        phone=True,
        codecs=None,
        voicemail=False,
        security=None,
    ):
        if self.broken:
            raise EngineError(self.broken)
        self.added.append((extension, name, phone, codecs, voicemail))
        self.exchange = self.exchange.with_user(
            config.User(
                extension=extension,
                name=name,
                codecs=codecs or config.PHONE_CODECS,
                webrtc=phone == "browser",
                mailbox=config.Mailbox() if voicemail else None,
                security=security,
            )
        )
        if phone is True:
            self.softphones.add(extension)

    def add_many(self, names, *, phone: bool = True, codecs=None):
        for extension, name in names.items():
            self.add(extension, name=name, phone=phone, codecs=codecs)

    def change(self, extension: str, **changes):
        user = self.exchange.user(extension)
        self.exchange = self.exchange.replacing_user(config.User(**(dict(user) | changes)))

    def remove(self, extension: str):
        self.exchange = self.exchange.without_user(extension)
        self.softphones.discard(extension)

    @property
    def extensions(self) -> list[str]:
        return [user.extension for user in self.exchange.users]


@pytest.fixture
def pbx() -> Pbx:
    pbx = Pbx()
    pbx.add("2001", name="Front desk")
    pbx.add("2002", name="Office")
    pbx.added.clear()
    return pbx


@pytest.fixture
def panel(pbx: Pbx, monkeypatch: pytest.MonkeyPatch):
    # Read by hand, so that each test knows when.
    monkeypatch.setattr("voiplab.widgets.refresh.Refresh.start", lambda _self: None)
    monkeypatch.setattr("voiplab.widgets.refresh.Refresh.soon", lambda self: self.once())
    made = UsersPanel(
        exchange=lambda: pbx.exchange,
        registered=lambda: set(pbx.softphones),
        softphones=lambda: pbx.softphones,
        add=pbx.add,
        add_many=pbx.add_many,
        change=pbx.change,
        remove=pbx.remove,
    )
    made._refresh.once()
    yield made
    made.close()


def said(panel: UsersPanel) -> tuple[str, str]:
    panel.wait()
    return panel.report.state, panel.report.sentence


def test_the_table_shows_who_is_there(panel: UsersPanel, pbx: Pbx) -> None:
    assert [row["extension"] for row in panel.table.rows] == ["2001", "2002"]
    assert panel.table.rows[0]["phone"] == "registered"
    pbx.softphones.discard("2002")
    panel._refresh.once()
    assert panel.table.rows[1]["phone"] == "none of the lab's"


def test_a_user_is_added_and_what_it_wrote_is_shown(panel: UsersPanel, pbx: Pbx) -> None:
    panel.form.extension.value = "2003"
    panel.form.name.value = "Reception"
    panel.add.click()
    assert said(panel) == ("done", "User 2003 is there.")
    assert pbx.added == [("2003", "Reception", True, None, False)]
    assert panel.report.python == 'lab.add_user("2003", name="Reception")'
    assert '+callerid = "Reception" <2003>' in panel.configuration.source.text
    assert [row["extension"] for row in panel.table.rows] == ["2001", "2002", "2003"]
    assert panel.form.extension.value == ""
    assert panel.form.extension.sentence == ""


def test_the_line_of_python_says_only_what_differs(panel: UsersPanel, pbx: Pbx) -> None:
    panel.form.extension.value = "2003"
    panel.form.phone.value = "none"
    panel.form.codecs.value = "alaw ulaw"
    panel.form.voicemail.value = True
    panel.add.click()
    assert said(panel)[0] == "done"
    line = 'lab.add_user("2003", phone=False, codecs=("alaw", "ulaw"), voicemail=True)'
    assert panel.report.python == line
    before = pbx.added.pop()
    pbx.remove("2003")
    eval(line, {"lab": type("Lab", (), {"add_user": staticmethod(pbx.add)})})  # noqa: S307
    assert pbx.added == [before]


def test_a_phone_in_the_browser_has_opus_first(panel: UsersPanel) -> None:
    panel.form.phone.value = "browser"
    assert panel.form.codecs.value == "opus, ulaw, alaw"
    panel.form.phone.value = "softphone"
    assert panel.form.codecs.value == "ulaw, alaw"
    panel.form.codecs.value = "alaw"
    panel.form.phone.value = "browser"
    assert panel.form.codecs.value == "alaw"


def test_a_phone_in_the_browser_says_how_it_is_shown(panel: UsersPanel, pbx: Pbx) -> None:
    pbx.exchange = pbx.exchange.with_webrtc()
    panel.form.extension.value = "2003"
    panel.form.phone.value = "browser"
    panel.add.click()
    state, sentence = said(panel)
    assert state == "done"
    assert sentence.endswith('A cell shows the phone: BrowserPhone(lab["2003"])')
    assert panel.report.python == 'lab.add_user("2003", phone="browser")'


@pytest.mark.parametrize(
    ("field_name", "value", "sentence"),
    [
        ("extension", "20 03", "is not an extension"),
        ("extension", "2001", "is taken by the user Front desk"),
        ("name", 'Zoë "Z"', "ends a value in Asterisk's files"),
        ("name", "x" * 80, "takes 80 bytes"),
        ("codecs", "mp3", "codecs"),
        ("codecs", "", "there is none: name at least one"),
        ("codecs", "ulaw, ulaw", "name one twice"),
    ],
)
def test_each_field_says_at_once_what_is_wrong(
    panel: UsersPanel, pbx: Pbx, field_name: str, value: str, sentence: str
) -> None:
    if field_name != "extension":
        panel.form.extension.value = "2003"
    field = getattr(panel.form, field_name)
    field.value = value
    assert sentence in field.sentence
    panel.add.click()
    state, told = said(panel)
    assert (state, told) == ("failed", field.sentence)
    assert pbx.added == []


def test_nobody_is_added_without_an_extension(panel: UsersPanel, pbx: Pbx) -> None:
    assert panel.form.extension.sentence == ""
    panel.add.click()
    assert said(panel)[0] == "failed"
    assert panel.form.extension.sentence.startswith("Every user has an extension")
    assert pbx.added == []
    panel.form.extension.value = "2003"
    assert panel.form.extension.sentence == ""


def test_a_comma_in_a_name_is_refused_as_soon_as_there_is_voicemail(panel: UsersPanel) -> None:
    panel.form.name.value = "Desk, front"
    assert panel.form.name.sentence == ""
    panel.form.voicemail.value = True
    assert "holds a comma" in panel.form.name.sentence
    panel.form.voicemail.value = False
    assert panel.form.name.sentence == ""


def test_an_engine_that_fails_is_a_sentence_and_the_form_stays(panel: UsersPanel, pbx: Pbx) -> None:
    pbx.broken = "The engine has no room."
    panel.form.extension.value = "2003"
    panel.add.click()
    assert said(panel) == ("failed", "The engine has no room.")
    assert panel.form.extension.value == "2003"


def test_adding_can_be_cancelled_and_is_taken_back(panel: UsersPanel, pbx: Pbx) -> None:
    adding, cancelled = threading.Event(), threading.Event()
    add = pbx.add

    def slow(extension: str, **named: object) -> None:
        adding.set()
        cancelled.wait(10)
        add(extension, **named)

    panel._add_user = slow
    panel.form.extension.value = "2003"
    panel.add.click()
    assert adding.wait(10)
    panel.cancel()
    cancelled.set()
    assert said(panel) == ("cancelled", "Cancelled: user 2003 was taken back.")
    assert pbx.extensions == ["2001", "2002"]


def test_a_chosen_user_is_changed(panel: UsersPanel, pbx: Pbx) -> None:
    panel.table.chosen = "2002"
    assert (panel.form.extension.value, panel.form.name.value) == ("2002", "Office")
    assert panel.form.extension.disabled
    assert panel.add.layout.display == "none"
    panel.form.name.value = "Back office"
    panel.form.ring_s.value = 10.0
    panel.change.click()
    assert said(panel) == ("done", "User 2002 was changed.")
    assert panel.report.python == 'lab.change_user("2002", name="Back office", ring_s=10)'
    assert (pbx.exchange.user("2002").name, pbx.exchange.user("2002").ring_s) == ("Back office", 10)
    assert '-callerid = "Office" <2002>' in panel.configuration.source.text
    assert panel.table.rows[1]["name"] == "Back office"


def test_what_is_encrypted_can_be_chosen_and_changed(panel: UsersPanel, pbx: Pbx) -> None:
    panel.form.extension.value = "2003"
    panel.form.security.value = "sdes"
    panel.add.click()
    assert said(panel)[0] == "done"
    assert panel.report.python == 'lab.add_user("2003", security="sdes")'
    assert pbx.exchange.user("2003").security == "sdes"
    assert [row["phone"] for row in panel.table.rows] == [
        "registered",
        "registered",
        "registered, encrypted",
    ]
    assert panel.form.security.value == ""
    panel.table.chosen = "2003"
    assert panel.form.security.value == "sdes"
    panel.form.security.value = "dtls"
    panel.change.click()
    assert said(panel)[0] == "done"
    assert panel.report.python == 'lab.change_user("2003", security="dtls")'
    panel.form.security.value = ""
    panel.change.click()
    assert said(panel)[0] == "done"
    assert panel.report.python == 'lab.change_user("2003", security=None)'
    assert pbx.exchange.user("2003").security is None


def test_what_can_not_be_encrypted_or_must_be_is_said_at_once(panel: UsersPanel, pbx: Pbx) -> None:
    panel.form.phone.value = "browser"
    panel.form.security.value = "sdes"
    assert "media the browser encrypts by DTLS" in panel.form.security.sentence
    panel.form.phone.value = "softphone"
    assert panel.form.security.right
    pbx.exchange = pbx.exchange.with_security("required")
    panel._refresh.once()
    panel.form.extension.value = "2003"
    panel.form.security.value = "plain"
    assert "user 2003 is to be in clear" in panel.form.security.sentence
    panel.add.click()
    assert said(panel)[0] == "failed"
    assert pbx.added == []


def test_a_mailbox_is_given_and_taken_without_its_pin_being_shown(
    panel: UsersPanel, pbx: Pbx
) -> None:
    panel.table.chosen = "2002"
    panel.form.voicemail.value = True
    panel.change.click()
    said(panel)
    assert panel.report.python == 'lab.change_user("2002", mailbox=Mailbox())'
    assert pbx.exchange.user("2002").mailbox is not None


def test_nothing_changed_is_said_and_not_done(panel: UsersPanel, pbx: Pbx) -> None:
    panel.table.chosen = "2002"
    before = pbx.exchange
    panel.change.click()
    assert said(panel)[1] == "Nothing differs from what user 2002 has."
    assert pbx.exchange is before


def test_a_user_is_removed_only_after_a_yes(panel: UsersPanel, pbx: Pbx) -> None:
    panel.table.chosen = "2002"
    panel.remove.click()
    assert panel.question.asked
    panel.question.no()
    assert pbx.extensions == ["2001", "2002"]
    panel.remove.click()
    panel.question.yes()
    assert said(panel) == ("done", "User 2002 is gone.")
    assert panel.report.python == 'lab.remove_user("2002")'
    assert pbx.extensions == ["2001"]
    assert panel.table.chosen == ""
    assert panel.add.layout.display is None
    assert "-callerid" in panel.configuration.source.text


def test_a_question_is_dropped_when_another_user_is_chosen(panel: UsersPanel, pbx: Pbx) -> None:
    panel.table.chosen = "2002"
    panel.remove.click()
    panel.table.chosen = "2001"
    assert not panel.question.asked
    panel.question.yes()
    assert pbx.extensions == ["2001", "2002"]


def test_enter_adds_or_saves(panel: UsersPanel, pbx: Pbx) -> None:
    panel.form.extension.value = "2003"
    panel.form.extension._hear(None, {"order": "submit"}, [])
    said(panel)
    assert pbx.extensions == ["2001", "2002", "2003"]
    panel.table.chosen = "2003"
    panel.form.name.value = "Zoë"
    panel.form.name._hear(None, {"order": "submit"}, [])
    said(panel)
    assert pbx.exchange.user("2003").name == "Zoë"


# The class list

LIST = (
    "extension,name,phone,codecs,voicemail\n2101,Ada\n2102,Grace\n2103,Alan,none\n2104,Zoë,,,yes\n"
)


def test_a_class_list_is_tried_before_it_is_added(panel: UsersPanel, pbx: Pbx) -> None:
    assert panel.class_list.add_all.disabled
    panel.class_list.text.value = f"{LIST}2001,Front desk\n"
    outcomes = [row["outcome"] for row in panel.class_list.table.rows]
    assert outcomes == [*["would be added"] * 4, "is there already, and stays as it is"]
    assert pbx.added == []
    panel.class_list.add_all.click()
    assert said(panel) == ("done", "4 users were added.")
    assert pbx.added == [
        ("2101", "Ada", True, None, False),
        ("2102", "Grace", True, None, False),
        ("2103", "Alan", False, None, False),
        ("2104", "Zoë", True, None, True),
    ]
    assert panel.report.python == (
        'lab.add_users({"2101": "Ada", "2102": "Grace"})\n'
        'lab.add_users({"2103": "Alan"}, phone=False)\n'
        'lab.add_user("2104", name="Zoë", voicemail=True)'
    )
    assert all("stays" in row["outcome"] for row in panel.class_list.table.rows)
    assert panel.class_list.add_all.disabled


def test_bad_rows_are_named_by_line_and_keep_the_list_from_being_added(
    panel: UsersPanel, pbx: Pbx
) -> None:
    panel.class_list.text.value = f"{LIST}21 05,Max\n"
    assert panel.class_list.text.sentence.startswith("1 row can't be")
    last = panel.class_list.table.rows[-1]
    assert last["line"] == "6"
    assert "'21 05' is not an extension" in last["outcome"]
    assert panel.class_list.add_all.disabled
    panel.class_list._clicked()
    assert pbx.added == []


def test_what_became_bad_since_is_not_added(panel: UsersPanel, pbx: Pbx) -> None:
    panel.class_list.text.value = "extension\n8000\n"
    pbx.exchange = pbx.exchange.with_conference(config.Conference(extension="8000"))
    panel.class_list.add_all.click()
    assert pbx.added == []
    assert "8000 is taken" in panel.class_list.table.rows[0]["outcome"]


def test_columns_that_are_not_are_a_sentence_beside_the_text(panel: UsersPanel) -> None:
    panel.class_list.text.value = "extension,password\n2101,secret\n"
    assert "'password' is none of them" in panel.class_list.text.sentence
    assert panel.class_list.table.rows == []


def test_importing_can_be_cancelled_and_says_who_stays(panel: UsersPanel, pbx: Pbx) -> None:
    began, go_on = threading.Event(), threading.Event()
    add_many = pbx.add_many

    def slow(names: dict, **named: object) -> None:
        began.set()
        go_on.wait(10)
        add_many(names, **named)

    panel._add_users = slow
    panel.class_list.text.value = LIST
    panel.class_list.add_all.click()
    assert began.wait(10)
    assert panel.report.share == 0.0
    panel.cancel()
    go_on.set()
    assert said(panel) == (
        "cancelled",
        "Cancelled: 2 of 4 were added, and stay: 2101, 2102.",
    )
    assert pbx.extensions == ["2001", "2002", "2101", "2102"]
    assert "+exten => 2102,hint" in panel.configuration.source.text


def test_an_import_that_fails_in_the_midst_shows_who_is_there(panel: UsersPanel) -> None:
    def fail(*_args: object, **_named: object) -> None:
        raise ConfigError("Asterisk would not take it.")

    panel._add_user = fail
    panel.class_list.text.value = LIST
    panel.class_list.add_all.click()
    assert said(panel) == ("failed", "Asterisk would not take it.")
    assert [row["extension"] for row in panel.table.rows][-1] == "2103"
    assert panel.class_list.table.rows[0]["outcome"] == "is there already, and stays as it is"


def test_the_present_users_are_written_without_passwords(panel: UsersPanel, pbx: Pbx) -> None:
    panel.class_list.export()
    text = panel.class_list.text.value
    assert text.splitlines()[1] == "2001,Front desk,softphone,ulaw alaw,no"
    for user in pbx.exchange.users:
        assert user.secret.get_secret_value() not in text
    assert 'download="class-list.csv"' in panel.class_list._link.value


def test_a_file_is_read_or_refused(panel: UsersPanel) -> None:
    panel.class_list._uploaded("list.csv", "\ufeffextension;name\n2101;Zoë\n".encode())
    assert panel.class_list.table.rows[0]["who"] == "2101 Zoë"
    panel.class_list._uploaded("list.csv", "extension;name\n2101;Zoë\n".encode("latin-1"))
    assert "list.csv is not a text in UTF-8" in panel.class_list.upload.sentence
