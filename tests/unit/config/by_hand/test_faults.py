"""Each mistake is found on its line, and a good file has none."""

import re
import tomllib
from pathlib import Path

import pytest

from voiplab.config import (
    Conference,
    Exchange,
    Mailbox,
    RingGroup,
    User,
    find_faults,
    read_files,
    render,
)
from voiplab.config.by_hand import faults_of_dial_plan, faults_of_syntax

WRITTEN = Path(__file__).parents[3] / "fixtures" / "written"
FAULTS = tomllib.loads((WRITTEN / "faults.toml").read_text())["fault"]
GOOD = read_files(WRITTEN / "good")
MODULES = render(Exchange())["modules.conf"]


def spoilt(fault: dict) -> dict[str, str]:
    file = fault.get("file", "pjsip.conf")
    text = GOOD[file]
    replace, by = fault["replace"], fault["by"]
    pairs = zip(replace, by, strict=True) if isinstance(replace, list) else [(replace, by)]
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new, 1)
    return GOOD | {file: text, "modules.conf": MODULES}


@pytest.mark.parametrize("fault", FAULTS, ids=[f"{each['kind']}-{each['line']}" for each in FAULTS])
def test_a_mistake_is_found_where_it_is(fault):
    found = find_faults(spoilt(fault))
    kinds = {each.kind for each in found}
    assert kinds == {fault["kind"], *fault.get("besides", ())}
    first = next(each for each in found if each.kind == fault["kind"])
    assert (first.file, first.line) == (fault.get("file", "pjsip.conf"), fault["line"])
    assert first.weight == fault.get("weight", "error")


def test_every_kind_is_tried():
    folder = Path(faults_of_syntax.__file__).parent
    source = "".join(
        (folder / f"faults_of_{each}.py").read_text() for each in ("syntax", "pjsip", "dial_plan")
    )
    kinds = set(re.findall(r'kind="([a-z0-9-]+)"', source))
    kinds |= set(faults_of_syntax._EXPLAINED) | set(faults_of_dial_plan._EXPLAINED)
    assert kinds - {each["kind"] for each in FAULTS} == set()


def test_each_says_where_what_is_wrong_and_what_to_do():
    for fault in FAULTS:
        for found in find_faults(spoilt(fault)):
            assert found.problem.endswith("."), found
            assert found.remedy.endswith((".", "?")), found
            assert found.where.startswith(found.file)
            assert str(found.line or found.file) in str(found)


def test_good_files_have_no_fault():
    assert find_faults(GOOD | {"modules.conf": MODULES}) == ()


def test_the_projects_own_files_have_no_fault():
    full = Exchange(
        users=(
            User(extension="2001", name="“Anna”, the first # one // two"),
            User(extension="2002", mailbox=Mailbox(), contacts=3),
            User(extension="2003", webrtc=True, codecs=("opus",)),
        ),
        ring_groups=(RingGroup(extension="6000", members=("2001", "2002")),),
        conferences=(Conference(extension="8000", pin="4321"),),
        webrtc=True,
        rtp_last_port=10039,
    )
    assert find_faults(render(full)) == ()
    assert find_faults(render(Exchange())) == ()


def test_files_in_the_manner_of_asterisks_samples_have_no_fault():
    pjsip = """
;--
 Templates, as in the sample files.
--;
[global]
type=global
user_agent=Lab

[transport-udp]
type=transport
protocol=udp    ;udp,tcp,tls,ws,wss,flow
bind=0.0.0.0

[transport-tls]
type=transport
protocol=tls
bind=0.0.0.0
cert_file=/etc/asterisk/keys/pbx.crt
priv_key_file=/etc/asterisk/keys/pbx.key
method=tlsv1_2

[endpoint-basic](!)
type=endpoint
context=internal
disallow=all
allow=ulaw
allow=gsm
direct_media=no

[auth-userpass](!)
type=auth
auth_type=userpass

[aor-single-reg](!)
type=aor
max_contacts=1
remove_existing=yes

[mytrunk]
type=registration
outbound_auth=mytrunk
server_uri=sip:sip.example.com
client_uri=sip:1234567890@sip.example.com

[mytrunk]
type=auth
username=1234567890
password=correct-horse-battery

[mytrunk]
type=aor
contact=sip:203.0.113.1:5060

[mytrunk]
type=endpoint
context=from-external
disallow=all
allow=!all,ulaw,alaw
outbound_auth=mytrunk
auth=mytrunk
aors=mytrunk

[mytrunk]
type=identify
endpoint=mytrunk
match=203.0.113.1

[6001](endpoint-basic)
auth=6001
aors=6001
callerid=Anna \\; Bert <6001>
set_var=GREETING=hello

[6001](auth-userpass)
password=fixture-for-tests-only
username=6001

[6001](aor-single-reg)
[6001](+type=aor)
qualify_frequency=60
"""
    extensions = """
[general]
static=yes
writeprotect=no
autofallthrough=yes

[globals]
TRUNK=PJSIP/mytrunk

[internal]
include => services
exten => _6XXX,1,Verbose(1,call to ${EXTEN})
exten => _6XXX,n,Dial(PJSIP/${EXTEN},30)
exten => _6XXX,n(busy),VoiceMail(${EXTEN}@default,b)
exten => _6XXX,n,Hangup
exten => _9.,1,Dial(PJSIP/${EXTEN:1}@mytrunk)
exten => 6001,hint,PJSIP/6001

[from-external]
exten => s,1,Goto(internal,6001,1)
exten => _X.,1,GotoIf($["${CALLERID(num)}" = ""]?10)
exten => _X.,2,Dial(PJSIP/6001&PJSIP/mytrunk/sip:${EXTEN}@203.0.113.1)
exten => _X.,10,Hangup()

[services]
exten => 500,1,Playback(demo-echotest)
same => n,Echo()
same => n,SendText(a\\; b)
same => n,Hangup()
exten => i,1,Hangup()
exten => h,1,NoOp(${HANGUPCAUSE})
"""
    assert find_faults({"pjsip.conf": pjsip, "extensions.conf": extensions}) == ()


def test_a_trunk_that_is_known_by_its_address_needs_no_password_and_no_aor():
    trunk = "\n[trunk]\ntype = endpoint\ncontext = phones\nallow = alaw\n"
    plan = GOOD["extensions.conf"] + "exten => 0,1,Dial(PJSIP/0@trunk)\n"
    files = GOOD | {"pjsip.conf": GOOD["pjsip.conf"] + trunk, "extensions.conf": plan}
    assert {each.kind for each in find_faults(files)} == {"no-auth", "no-aor"}
    identify = "\n[trunk]\ntype = identify\nendpoint = trunk\nmatch = 203.0.113.1\n"
    assert find_faults(files | {"pjsip.conf": files["pjsip.conf"] + identify}) == ()


@pytest.mark.parametrize(
    "name", ["1NORTH", "anna", "ANNA", "s", "h", "0", "*43", "_20XX", "911N0W"]
)
def test_a_name_that_only_looks_like_a_pattern_is_none(name):
    plan = GOOD["extensions.conf"] + f"exten => {name},1,Hangup()\n"
    assert find_faults(GOOD | {"extensions.conf": plan}) == ()


@pytest.mark.parametrize("name", ["20XX", "2[0-3]X", "0X.", "9N!"])
def test_a_pattern_without_its_underscore_is_one(name):
    plan = GOOD["extensions.conf"] + f"exten => {name},1,Hangup()\n"
    found = find_faults(GOOD | {"extensions.conf": plan})
    assert [each.kind for each in found] == ["pattern-without-underscore"]


def test_a_secret_is_in_no_fault():
    pjsip = GOOD["pjsip.conf"]
    for old, new in (
        ("password = for", "password for"),
        ("password = for-tests-only-anna", 'password = "for-tests-only-anna"'),
        ("password = for", "pasword = for"),
        ("password = for-tests-only-anna", "password = “for-tests-only-anna”"),
        ("password = for-tests-only-anna", "password = for-tests-only-anna # Anna's"),
    ):
        found = find_faults(GOOD | {"pjsip.conf": pjsip.replace(old, new, 1)})
        assert found
        assert "for-tests" not in str(found) + found._repr_html_()


def test_what_is_wrong_is_shown_as_a_table_without_markup_of_its_own():
    pjsip = GOOD["pjsip.conf"].replace("type = aor", "type = <b>aor</b>", 1)
    page = find_faults(GOOD | {"pjsip.conf": pjsip})._repr_html_()
    assert "<table>" in page
    assert "<b>" not in page
    assert "No fault" in find_faults(GOOD)._repr_html_()
