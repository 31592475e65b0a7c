"""Listening ports are those of the kernel's tables: compared with sockets of this very machine."""

import socket
from pathlib import Path

import pytest

from voiplab.pbx.listening import Listener, listeners

EVERYWHERE = "0.0.0.0"  # noqa: S104 - nothing is taken from it

# Lines of a real Asterisk's container.
TCP = """\
  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid
   0: 0B00007F:89BB 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0
   1: 00000000:13C5 00000000:0000 0A 00000000:00000000 00:00000000 00000000   101
   4: 04001CAC:13AE 01001CAC:8B98 01 00000000:00000000 00:00000000 00000000   101
"""


def test_what_is_connected_or_out_of_reach_does_not_listen():
    assert list(listeners("tcp", TCP)) == [Listener("tcp", 5061, EVERYWHERE)]


def test_an_address_is_read_in_its_order():
    text = "sl\n0: 04001CAC:13C4 00000000:0000 07 0"
    assert list(listeners("udp", text)) == [Listener("udp", 5060, "172.28.0.4")]


def test_ip_version_6_is_read_too():
    every, own = "0" * 32, "0" * 24 + "01000000"
    text = f"sl\n0: {every}:13C4 {every}:0000 0A 0\n1: {own}:13C5 {every}:0000 0A 0"
    assert list(listeners("tcp6", text)) == [Listener("tcp", 5060, "::")]


@pytest.mark.parametrize(
    ("kind", "table"), [(socket.SOCK_STREAM, "tcp"), (socket.SOCK_DGRAM, "udp")]
)
def test_a_socket_of_this_machine_is_found(kind, table):
    with socket.socket(socket.AF_INET, kind) as ours:
        ours.bind((EVERYWHERE, 0))
        if table == "tcp":
            ours.listen()
        port = ours.getsockname()[1]
        found = list(listeners(table, Path(f"/proc/net/{table}").read_text(encoding="ascii")))
    assert Listener(table, port, EVERYWHERE) in found
