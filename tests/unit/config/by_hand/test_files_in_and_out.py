"""Hand-written files: taken up, read whatever they hold, described, compared and shown."""

import pickle
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from voiplab.config import (
    Exchange,
    User,
    WrittenUser,
    compare,
    find_faults,
    number_of,
    read_complaints,
    read_files,
    redact,
    render,
    started_with,
    users_of,
)
from voiplab.config.by_hand.syntax import read
from voiplab.errors import ConfigError

GOOD = read_files(Path(__file__).parents[3] / "fixtures" / "written" / "good")

PIECES = st.lists(
    st.one_of(
        st.sampled_from("[]()!+=>;\\#,&${}\"“'/@.:~-\n\t\r \x01\ufeff\u2028é电¹٣"),
        st.sampled_from(["=>", ";--", "--;", "//", "#include ", "exten", "same", "include", "n,"]),
        st.sampled_from(["type", "endpoint", "aor", "auth", "transport", "max_contacts", "a.conf"]),
        st.sampled_from(["1,", "2001", "_X.", "Dial(PJSIP/", "hint", "[2001]", "9" * 5000]),
    ),
    max_size=60,
).map("".join)


@given(st.one_of(st.text(), PIECES), st.one_of(st.text(), PIECES))
@example("[a](a)\n[a](+)\n#include pjsip.conf", "[c]\nexten => 1,1\nexten => ,,\nsame=>n(,")
@example(";--" * 40, "--;" * 40)
def test_whatever_a_file_holds_it_is_read_and_searched(pjsip, extensions):
    files = {"pjsip.conf": pjsip, "extensions.conf": extensions}
    for fault in find_faults(files):
        assert 0 <= fault.line <= files[fault.file].count("\n") + 1
    users_of(files)
    compare(files, GOOD)
    assert isinstance(started_with(files), tuple)


def test_lines_keep_their_file_through_includes():
    files = {"a.conf": "[one]\nx = 1\n#include <b.conf>\nz = 3\n", "b.conf": "y = 2\n[two]\n"}
    sections = read(files, "a.conf").sections
    found = [(each.name, each.file, each.line) for section in sections for each in section.settings]
    assert found == [("x", "a.conf", 2), ("y", "b.conf", 1), ("z", "a.conf", 4)]
    assert [section.name for section in sections] == ["one", "two"]


def test_a_folder_is_taken_up_with_all_its_conf_files(tmp_path):
    for name, text in GOOD.items():
        (tmp_path / name).write_text(text.replace("\n", "\r\n"))
    (tmp_path / "notes.txt").write_text("not a configuration")
    assert read_files(tmp_path) == GOOD
    assert read_files(str(tmp_path)) == GOOD


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ({}, "There is no pjsip.conf among no files at all"),
        ({"pjsip.conf": "", "extension.conf": ""}, "There is no extensions.conf among extension"),
        (GOOD | {"../x.conf": ""}, "no name of a configuration file"),
        (GOOD | {"pjsip.txt": ""}, "no name of a configuration file"),
        (GOOD | {"manager.conf": ""}, "manager.conf is the lab's own"),
        (GOOD | {"pjsip.conf": b"[a]"}, "pjsip.conf is bytes, not text"),
        (GOOD | {"pjsip.conf": "[a]\n\0"}, "pjsip.conf, line 2: there is a zero byte"),
        (GOOD | {"pjsip.conf": "x" * 1_000_001}, "leave some out"),
    ],
)
def test_what_can_be_no_configuration_is_refused_with_a_sentence(files, says):
    with pytest.raises(ConfigError, match=says):
        read_files(files)


def test_a_folder_that_cannot_be_read_is_refused_with_a_sentence(tmp_path):
    with pytest.raises(ConfigError, match="is no folder"):
        read_files(tmp_path / "nowhere")
    (tmp_path / "pjsip.conf").write_bytes(b"[a]\ntype = \xff\n")
    with pytest.raises(ConfigError, match=r"pjsip\.conf, line 2: this is not UTF-8"):
        read_files(tmp_path)


def test_users_are_those_that_the_files_describe():
    anna, bert = users_of(GOOD)
    assert (anna.extension, anna.name, anna.codecs) == ("2001", "Anna", ("ulaw", "alaw"))
    assert (bert.username, bert.secret.get_secret_value()) == ("2002", "for-tests-only-bert")
    assert (bert.sip_over, bert.sip_port, bert.security) == ("udp", 5060, None)


def test_a_user_may_have_another_number_and_another_way_to_the_exchange():
    pjsip = (
        GOOD["pjsip.conf"]
        .replace("protocol = udp\nbind = 0.0.0.0", "protocol = tls\nbind = 0.0.0.0:5071")
        .replace("[2001]", "[anna]")
        .replace("direct_media = no", "media_encryption = sdes", 1)
    )
    extensions = GOOD["extensions.conf"].replace("PJSIP/2001", "PJSIP/anna")
    anna, bert = users_of({"pjsip.conf": pjsip, "extensions.conf": extensions})
    assert (anna.extension, number_of(anna), number_of(bert)) == ("anna", "2001", "2002")
    assert (anna.sip_over, anna.sip_port, anna.security) == ("tls", 5071, "sdes")


def test_an_exchange_that_is_written_by_hand_has_those_users_and_takes_no_others():
    exchange = Exchange(users=(User(extension="2009"),)).with_written(GOOD)
    assert [user.extension for user in exchange.users] == ["2001", "2002"]
    for change in (
        lambda: exchange.with_user(User(extension="2003")),
        lambda: exchange.without_user("2001"),
        exchange.with_webrtc,
    ):
        with pytest.raises(ConfigError, match="written by hand"):
            change()
    assert Exchange.from_json(exchange.to_json()) == exchange
    assert isinstance(Exchange.from_json(exchange.to_json()).users[0], WrittenUser)
    assert "for-tests" not in repr(exchange)


def test_hand_written_files_take_the_place_of_the_rendered_ones():
    plain = Exchange()
    files = render(plain.with_written(GOOD | {"rtp.conf": "[general]\n"}))
    rendered = render(plain)
    assert files["pjsip.conf"] == GOOD["pjsip.conf"]
    assert files["rtp.conf"] == "[general]\n"
    assert "pjsip_transports.conf" not in files
    assert files["modules.conf"] == rendered["modules.conf"]
    assert files["manager.conf"] != ""


@pytest.mark.parametrize(
    "line",
    [
        "password=hunter2",
        "  Password  =  hunter2 ; mine",
        "password => hunter2",
        "password += hunter2",
        "\tSECRET\t=\thunter2",
        ";password = hunter2",
        "md5_cred = hunter2",
    ],
)
def test_no_secret_of_a_hand_written_file_is_shown(line):
    shown = redact(GOOD | {"pjsip.conf": f"[2001]\n{line}\nusername = 2001\n"})["pjsip.conf"]
    assert "hunter2" not in shown
    assert "(secret)" in shown
    assert "username = 2001" in shown


LOG = """\
[2026-11-25 04:40:00.100] NOTICE[7]: loader.c:2568 load_modules: 97 modules will be loaded.
[2026-11-25 04:40:00.200] WARNING[7]: config.c:2330 process_text_line: No '=' (equal sign) in line \
5 of /etc/asterisk/pjsip.conf
[2026-11-25 04:40:00.201] WARNING[7]: config.c:2330 process_text_line: No '=' (equal sign) in line \
5 of /etc/asterisk/pjsip.conf
[2026-11-25 04:40:00.300] ERROR[7]: config_options.c:780 aco_process_var: Could not find option \
suitable for category '2001' named 'dissalow' at line 8 of \n\
[2026-11-25 04:40:00.301] ERROR[7]: res_sorcery_config.c:422 sorcery_config_internal_load: Could \
not create an object of type 'endpoint' with id '2001' from configuration file 'pjsip.conf'
    -- Remote UNIX connection
[2026-11-25 04:40:01.000] WARNING[7][C-00000001]: pbx.c:2928 pbx_extension_helper: No application \
'<b>Dail</b>' for extension (phones, 2002, 1)
"""


def test_complaints_are_told_once_with_their_file_and_line():
    found = read_complaints(LOG)
    assert [(each.level, each.file, each.line, each.times) for each in found] == [
        ("WARNING", "pjsip.conf", 5, 2),
        ("ERROR", "pjsip.conf", 8, 1),
        ("ERROR", "pjsip.conf", 0, 1),
        ("WARNING", "", 0, 1),
    ]
    assert "(pjsip.conf, line 5)" in str(found)
    assert "<b>" not in found._repr_html_()
    assert len(read_complaints(LOG, since="2026-11-25 04:40:01")) == 1
    assert str(read_complaints("")) == "Asterisk has no complaint."
    assert pickle.loads(pickle.dumps(found)) == found  # noqa: S301 - our own


def test_two_configurations_are_compared_by_what_they_say():
    exchange = Exchange(
        users=(
            User(extension="2001", name="Anna", codecs=("ulaw", "alaw")),
            User(extension="2002", name="Bert", codecs=("ulaw",)),
        )
    )
    found = {
        (each.object, each.option): (each.one, each.other)
        for each in compare(GOOD, render(exchange))
    }
    assert found["[2002] (endpoint)", "allow"] == ("ulaw,alaw", "ulaw")
    assert ("[2001] (endpoint)", "allow") not in found
    assert ("[2001] (endpoint)", "callerid") not in found
    assert found["[2001] (auth)", "password"] == ("(secret)", "another (secret)")
    assert found["[2001] (endpoint)", "rewrite_contact"] == ("", "yes")
    assert found["[transport-tcp] (transport)", ""] == ("", "(is there)")
    assert ("[phones] 2001", "1") in found
    assert compare(GOOD, GOOD) == ()
    secret = exchange.user("2001").secret.get_secret_value()
    page = compare(GOOD, render(exchange))._repr_html_()
    assert secret not in page
    assert "for-tests" not in page


def test_comments_templates_and_order_make_no_difference():
    pjsip = "; another look\n[base](!)\ntype = aor\nmax_contacts=1\n" + GOOD["pjsip.conf"].replace(
        "[2001]\ntype = aor\nmax_contacts = 1\n", "[2001](base)\nqualify_frequency = 0\n"
    )
    assert compare(GOOD, GOOD | {"pjsip.conf": pjsip}) == ()


def test_what_is_read_only_at_the_start_is_told_apart():
    other = GOOD | {"pjsip.conf": GOOD["pjsip.conf"].replace("Anna", "Zoë")}
    assert started_with(GOOD) == started_with(other)
    other = GOOD | {"pjsip.conf": GOOD["pjsip.conf"].replace("protocol = udp", "protocol = tcp")}
    assert started_with(GOOD) != started_with(other)
