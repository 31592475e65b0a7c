"""The parts of which panels are made, without a browser."""

import threading

import pytest

from voiplab.config import Exchange, User
from voiplab.errors import ConfigError
from voiplab.widgets.button import Question, button
from voiplab.widgets.configuration import ConfigurationView
from voiplab.widgets.debounce import Debounce
from voiplab.widgets.field import Field
from voiplab.widgets.pages import Pages
from voiplab.widgets.source import Source
from voiplab.widgets.table import Table


def refuse(value: object) -> None:
    if value == "bad":
        raise ConfigError("It is bad.")


def test_a_field_is_checked_as_it_is_typed() -> None:
    field = Field("Name", check=refuse)
    assert field.right
    field.value = "bad"
    assert (field.sentence, field.right) == ("It is bad.", False)
    field.value = "good"
    assert (field.sentence, field.right) == ("", True)


def test_a_field_lets_a_defect_through() -> None:
    field = Field("Name", check=lambda value: {}[value])
    with pytest.raises(KeyError):
        field.value = "x"


def test_what_is_typed_is_checked_and_not_sent_back() -> None:
    field = Field("Name", check=refuse)
    sent: list[dict] = []
    field.send_state = lambda key=None: sent.append(field.get_state(key=key))
    field._hear(field, {"order": "value", "value": "bad"}, [])
    assert (field.value, field.sentence) == ("bad", "It is bad.")
    assert [state for state in sent if "value" in state] == []
    assert [state for state in sent if "sentence" in state]
    field.value = "set from Python"
    assert [state["value"] for state in sent if "value" in state] == ["set from Python"]


def test_what_is_typed_is_not_echoed() -> None:
    field = Field("Name")
    sent: list[dict] = []
    field._send = lambda message, **_buffers: sent.append(message)
    field._hear(field, {"order": "value", "value": "typed"}, [])
    assert field.value == "typed"
    assert not any("value" in message.get("state", {}) for message in sent)


def test_enter_submits_a_field() -> None:
    submitted: list[str] = []
    field = Field("Name")
    field.on_submit(lambda: submitted.append(field.value))
    field.value = "Zoë"
    field._hear(field, {"order": "submit"}, [])
    assert submitted == ["Zoë"]


def test_a_chosen_file_is_read() -> None:
    read: list[tuple[str, bytes]] = []
    field = Field("From a file", kind="file")
    field.on_file(lambda name, content: read.append((name, content)))
    field._hear(field, {"order": "file", "name": "list.csv"}, [memoryview(b"extension\n")])
    assert read == [("list.csv", b"extension\n")]
    assert b"extension" not in repr(field.get_state()).encode()


def test_a_row_is_chosen_on_the_page() -> None:
    table = Table({"n": "Number"}, key="n", caption="", empty="", choosable=True)
    table.show([{"n": "1"}, {"n": "2"}])
    table._hear(table, {"order": "choose", "key": "2"}, [])
    assert table.chosen == "2"


def test_a_row_that_is_gone_is_chosen_no_more() -> None:
    table = Table({"n": "Number"}, key="n", caption="", empty="", choosable=True)
    table.show([{"n": "1"}, {"n": "2"}])
    table.chosen = "2"
    table.show([{"n": "2"}])
    assert table.chosen == "2"
    table.show([{"n": "1"}])
    assert table.chosen == ""


def test_a_question_does_nothing_until_it_is_answered() -> None:
    done: list[str] = []
    question, asker = Question(), button("Stop…", lambda: None)
    assert not question.asked
    question.yes()
    question.ask("Stop <it>?", "Stop", lambda: done.append("stopped"), back=asker)
    assert question.asked
    assert "Stop &lt;it&gt;?" in question.children[0].value
    question.no()
    assert (question.asked, done) == (False, [])
    question.ask("Stop it?", "Stop", lambda: done.append("stopped"), back=asker)
    question.yes()
    question.yes()
    assert (question.asked, done) == (False, ["stopped"])


def test_a_button_does_what_it_says() -> None:
    done: list[int] = []
    made = button("Add", lambda: done.append(1), kind="main")
    made.click()
    assert done == [1]


def test_a_page_has_a_tab() -> None:
    pages = Pages("Users", {"One": Source("a"), "List": Source("b")})
    assert pages.tabs.titles == ["One", "List"]
    assert len(pages.children[1].children) == 2


def test_what_is_shown_can_hold_anything() -> None:
    source = Source('The "log"')
    source.show("<script>alert(1)</script> & more")
    assert "<script>" not in source.value
    assert "&lt;script&gt;" in source.value
    assert 'aria-label="The &quot;log&quot;"' in source.value
    source.show_difference("--- old\n+++ new\n@@ -1 +1 @@\n-<a>\n+<b>\n c")
    assert '<span class="voiplab-removed">-&lt;a&gt;</span>' in source.value
    assert '<span class="voiplab-added">+&lt;b&gt;</span>' in source.value
    assert '<span class="voiplab-file">--- old</span>' in source.value


def test_a_change_of_the_configuration_is_shown_without_secrets() -> None:
    secret = "not-for-anybodys-eyes"  # noqa: S105 - to be looked for
    before = Exchange()
    after = before.with_user(User(extension="2001", name="Zoë", secret=secret))
    view = ConfigurationView()
    assert "Nothing has been changed" in view.source.text
    view.show(before, after)
    assert '+callerid = "Zoë" <2001>' in view.source.text
    view.chosen.value = "pjsip.conf"
    assert "password = (secret)" in view.source.text
    view.chosen.value = "extensions.conf"
    assert "2001" in view.source.text
    view.show_as_it_is(before)
    assert "2001" not in view.source.text
    view.show_as_it_is(after)
    assert "2001" in view.source.text
    view.show_as_it_is(before)
    view.chosen.value = ""
    assert "+auth = 2001" in view.source.text
    assert secret not in repr(view.get_state()) + view.source.value


def test_many_reasons_make_one_act() -> None:
    acts: list[int] = []
    acted = threading.Event()

    def act() -> None:
        acts.append(1)
        acted.set()

    debounce = Debounce(act, after_s=0.05)
    for _ in range(5):
        debounce.ask()
    assert acted.wait(10)
    assert acts == [1]
    debounce.ask()
    debounce.forget()
    debounce._timer.join(10)
    assert acts == [1]
