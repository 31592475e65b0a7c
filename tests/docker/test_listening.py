"""What the PBX listens on, by its kernel's word and by knocking."""

import socket

import pytest

from voiplab import Lab

pytestmark = pytest.mark.engine


def ports(lab, protocol):
    return {each.port for each in lab.pbx.listeners() if each.protocol == protocol}


def test_a_pbx_listens_for_sip_and_its_management_and_nothing_else_that_is_known(lab):
    assert {5060, 5061, 5038} <= ports(lab, "tcp")
    assert 5060 in ports(lab, "udp")
    assert not ports(lab, "tcp") & {22, 23, 80, 8088}


def test_each_tcp_port_that_listens_takes_a_connection(lab):
    for port in ports(lab, "tcp"):
        socket.create_connection((lab.pbx.address, port), timeout=5).close()


def test_each_call_opens_ports_for_its_speech(lab):
    before = ports(lab, "udp")
    call = lab["2001"].phone.call(lab["2002"], say="Hello.")
    call.wait(seconds=1)
    during = ports(lab, "udp") - before
    call.hang_up()
    # A pair, RTP and RTCP, for each of the two phones.
    assert len(during) == 4
    assert all(10000 <= port <= 20000 for port in during)


def test_a_pbx_for_browsers_listens_for_their_websockets_as_well():
    with Lab(browser_phones=True) as lab:
        assert 8088 in ports(lab, "tcp")
