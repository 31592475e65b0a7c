"""What a machine's answers say; they are those of a real one, in part."""

import json

import pytest

from voiplab.errors import EvidenceError
from voiplab.installation import Findings, Installed

PACKAGED = {
    "packages": "installed adduser 3.154\ninstalled asterisk 1:22.10.1\nconfig-files cron 3.0",
    "sources": "Types: deb",
    "source": "ls: cannot access '/usr/src/asterisk-22*/configure': No such file or directory",
    "configured": "cat: '/usr/src/asterisk-22*/build_tools/menuselect-deps': No such file",
    "pjproject": "grep: /usr/src/asterisk-22*/makeopts: No such file or directory",
    "left out": "grep: /usr/src/asterisk-22*/menuselect.makeopts: No such file or directory",
    "compiled": "bash: line 1: cd: /usr/src/asterisk-22*: No such file or directory",
    "version": "Asterisk 22.10.1+dfsg+~cs6.17.60671434-1",
    "owner": "asterisk: /usr/sbin/asterisk",
    "modules": "/usr/lib/asterisk/modules:\napp_dial.so\nchan_pjsip.so",
    "configuration": "asterisk.conf\nmanager.d\npjsip.conf",
    "user": "101",
    "owners": "asterisk /var/lib/asterisk\nroot /var/log/asterisk\nstat: cannot statx '/etc/no'",
    "links": "README\nS01asterisk\nS01bootlogs",
    "process": "asterisk /usr/sbin/asterisk -p -U asterisk",
    "uptime": "System uptime: 12\nLast reload: 12",
    "sockets": (
        "Netid State Recv-Q Send-Q Local Address:Port Peer Address:PortProcess\n"
        'udp UNCONN 0 0 0.0.0.0:5060 0.0.0.0:* users:(("asterisk",pid=417,fd=11))\n'
        "udp UNCONN 0 0 127.0.0.11:40318 0.0.0.0:*"
    ),
}
BY_HAND = {
    "sources": "Types: deb deb-src",
    "source": "/usr/src/asterisk-22.10.1+dfsg+~cs6.17.60671434/configure",
    "configured": "SRTP=1\nLUA=0\nPJPROJECT=2",
    "pjproject": "PJPROJECT_BUNDLED=yes",
    "left out": "MENUSELECT_APPS=app_page app_sms \nMENUSELECT_CFLAGS=OPTIONAL_API ",
    "compiled": "apps/app_dial.so\nmain/asterisk",
    "owner": "dpkg-query: no path found matching pattern /usr/sbin/asterisk",
    "links": "README\nK01asterisk",
}


def test_a_packaged_asterisk():
    found = Findings(PACKAGED)
    assert found.packages == {"adduser": "3.154", "asterisk": "1:22.10.1"}
    assert (found.version, found.package, found.runs_as) == ("22.10.1", "asterisk", "asterisk")
    assert found.modules == {"app_dial", "chan_pjsip"}
    assert found.configuration == {"asterisk.conf", "pjsip.conf"}
    assert found.owners == {"/var/lib/asterisk": "asterisk", "/var/log/asterisk": "root"}
    assert (found.has_user, found.enabled, found.answers_to_commands) == (True, True, True)
    assert (found.uptime_s, found.sip_ports) == (12, ("udp 0.0.0.0:5060",))


def test_where_there_is_no_source_nothing_is_made_up():
    found = Findings(PACKAGED)
    assert (found.takes_sources, found.source_version, found.brings_pjproject) == (False, "", False)
    assert (found.libraries, found.left_out, found.compiled) == ({}, None, frozenset())


def test_an_asterisk_from_its_source():
    found = Findings(BY_HAND)
    assert (found.takes_sources, found.source_version, found.package) == (True, "22.10.1", "")
    assert found.libraries == {"SRTP": True, "LUA": False, "PJPROJECT": True}
    assert found.brings_pjproject
    assert found.left_out == {"app_page", "app_sms", "OPTIONAL_API"}
    assert found.compiled == {"app_dial", "asterisk"}
    assert not found.enabled  # K is for kill


def test_a_machine_that_answers_nothing_has_nothing():
    found = Findings({})
    assert (found.version, found.runs_as, found.uptime_s, found.sip_ports) == ("", "", None, ())
    assert not any((found.enabled, found.has_user, found.answers_to_commands))


def test_a_recording_says_what_is_wrong_with_it(tmp_path):
    with pytest.raises(EvidenceError, match=r"installed\.json is missing"):
        Installed.open(tmp_path)
    (tmp_path / "installed.json").write_text(json.dumps({"steps": []}))
    with pytest.raises(EvidenceError, match="make notebooks"):
        Installed.open(tmp_path)
