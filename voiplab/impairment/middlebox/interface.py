"""Standing between a machine and its network: a TAP device takes over from its interface.

The TAP device gets the interface's MAC address, its IP addresses and its routes; the interface
gets another MAC address and ARP off. From then on the kernel ignores what arrives there for the
machine (``PACKET_OTHERHOST``, packet(7)), while a packet socket still sees it. Open sockets and
calls go on, since every address stays local all the while. IPv4 is moved, and nothing else: the
lab's networks have no other.

Checksums that a sender on this machine has left to a network card which isn't there, and segments
that it has left uncut, pass through unharmed: packet socket and TAP device both put the kernel's
own note on that, a ``struct virtio_net_hdr``, before each frame.
"""

import fcntl
import json
import os
import socket
import struct
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from voiplab.errors import ImpairmentError

NOTE_BYTES = 10  # sizeof(struct virtio_net_hdr), linux/virtio_net.h

# linux/if_tun.h
_TUNSETIFF = 0x400454CA
_IFF_TAP, _IFF_NO_PI, _IFF_VNET_HDR = 0x0002, 0x1000, 0x4000

# linux/if_packet.h
_SOL_PACKET = 263
_PACKET_STATISTICS, _PACKET_VNET_HDR, _PACKET_IGNORE_OUTGOING = 6, 15, 23
_PACKET_BROADCAST, _PACKET_MULTICAST, _PACKET_OTHERHOST = 1, 2, 3
_ETH_P_ALL = 3

# asm-generic/socket.h
_SO_RCVBUFFORCE, _SO_TIMESTAMPNS = 33, 35

_ROOM_BYTES = 8 * 1024 * 1024
_LONGEST_FRAME = NOTE_BYTES + 14 + 65_535 + 4
_A_TURN = 64  # frames to take at a time, so that what is due to leave need not wait
_LOCALLY_ADMINISTERED = 0x02


@dataclass(frozen=True, slots=True)
class Arrival:
    """A frame that came, with the kernel's note before it.

    Attributes:
        time_s: when, in seconds since the epoch; None where the kernel does not say.
        noted: the note and the frame.
    """

    time_s: float | None
    noted: bytes

    @property
    def frame(self) -> bytes:
        """The Ethernet frame."""
        return self.noted[NOTE_BYTES:]


class NetworkSide:
    """The machine's former interface, where its network is.

    Args:
        name: the interface's.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.mac = Path(f"/sys/class/net/{name}/address").read_text(encoding="ascii").strip()
        self._mac_bytes = bytes.fromhex(self.mac.replace(":", ""))
        self._socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
        self._socket.setsockopt(socket.SOL_SOCKET, _SO_RCVBUFFORCE, _ROOM_BYTES)
        self._socket.setsockopt(socket.SOL_SOCKET, _SO_TIMESTAMPNS, 1)
        self._socket.setsockopt(_SOL_PACKET, _PACKET_VNET_HDR, 1)
        self._socket.setsockopt(_SOL_PACKET, _PACKET_IGNORE_OUTGOING, 1)
        self._socket.setblocking(False)  # noqa: FBT003 - the standard library names no argument
        self._socket.bind((name, _ETH_P_ALL))
        self._unseen = 0

    def fileno(self) -> int:
        """The packet socket, to be waited on."""
        return self._socket.fileno()

    def arrivals(self) -> Iterator[Arrival]:
        """Yield what has come for the machine, as far as it is there, a turn's worth."""
        for _ in range(_A_TURN):
            try:
                noted, control, _, source = self._socket.recvmsg(_LONGEST_FRAME, 64)
            except BlockingIOError:
                return
            if self._is_ours(source[2], noted):
                yield Arrival(_time_s(control), noted)

    def _is_ours(self, kind: int, noted: bytes) -> bool:
        """Whether the kernel has ignored a frame that is for the machine.

        What came before the addresses moved, the kernel has taken itself.
        """
        if kind == _PACKET_OTHERHOST:
            return noted[NOTE_BYTES : NOTE_BYTES + 6] == self._mac_bytes
        return kind in {_PACKET_BROADCAST, _PACKET_MULTICAST}

    def send(self, noted: bytes) -> None:
        """Send a frame.

        Raises:
            OSError: when the kernel does not take it.
        """
        self._socket.send(noted)

    def unseen(self) -> int:
        """Return how many frames have passed so far for which the kernel had no room."""
        seen_and_dropped = self._socket.getsockopt(_SOL_PACKET, _PACKET_STATISTICS, 8)
        self._unseen += struct.unpack("II", seen_and_dropped)[1]  # counted since last asked
        return self._unseen


class MachineSide:
    """The TAP device that the machine takes for its interface.

    Args:
        name: what to call it.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        try:
            self._device = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
            flags = _IFF_TAP | _IFF_NO_PI | _IFF_VNET_HDR
            fcntl.ioctl(self._device, _TUNSETIFF, struct.pack("16sH22x", name.encode(), flags))
        except OSError as error:
            raise ImpairmentError(
                f"No TAP device can be made here ({error}). The engine's kernel needs the module "
                "`tun`: `modprobe tun` on its machine."
            ) from error

    def fileno(self) -> int:
        """The device, to be waited on."""
        return self._device

    def arrivals(self) -> Iterator[Arrival]:
        """Yield what the machine has sent, as far as it is there, a turn's worth."""
        for _ in range(_A_TURN):
            try:
                yield Arrival(None, os.read(self._device, _LONGEST_FRAME))
            except BlockingIOError:
                return

    def send(self, noted: bytes) -> None:
        """Hand a frame to the machine.

        Raises:
            OSError: when the kernel does not take it.
        """
        os.write(self._device, noted)

    def unseen(self) -> int:
        """Return how many frames the machine has sent for which the kernel had no room."""
        dropped = Path(f"/sys/class/net/{self.name}/statistics/tx_dropped")
        return int(dropped.read_text(encoding="ascii"))


def _time_s(control: list[tuple[int, int, bytes]]) -> float | None:
    for level, kind, value in control:
        if level == socket.SOL_SOCKET and kind == _SO_TIMESTAMPNS:
            seconds, nanoseconds = struct.unpack("qq", value)
            return float(seconds + nanoseconds / 1e9)
    return None


def prepare(network: NetworkSide, machine: MachineSide) -> None:
    """Bring the TAP device up, with the interface's MAC address and without any IP address."""
    mtu = Path(f"/sys/class/net/{network.name}/mtu").read_text(encoding="ascii").strip()
    _ip(
        f"link set {machine.name} address {network.mac} mtu {mtu} addrgenmode none",
        f"link set {machine.name} up",
    )


def take_over(network: NetworkSide, machine: MachineSide) -> None:
    """Move the machine's addresses and routes from its interface to the TAP device.

    Raises:
        ImpairmentError: when the interface has no address, or they can't be moved.
    """
    addresses = _shown(network.name)
    if not addresses:
        raise ImpairmentError(
            f"{network.name} has no IP address: what impaired it before was killed, and has taken "
            "it along. Remove the user and add it anew, or start the lab anew."
        )
    routes = json.loads(_output("-json", "-4", "route", "show", "dev", network.name))
    first = int(network.mac[:2], 16)
    # Unlike the engine's own addresses, which are locally administered too (IEEE 802, 8.2.2).
    other_mac = f"{first & 0xFC ^ 0x04 | _LOCALLY_ADMINISTERED:02x}{network.mac[2:]}"
    _ip(
        *(f"address add {each} dev {machine.name} noprefixroute" for each in addresses),
        # Links first: a gateway must be on one.
        *(_route(each, machine.name) for each in routes if "gateway" not in each),
        *(_route(each, machine.name) for each in routes if "gateway" in each),
        *(f"address delete {each} dev {network.name}" for each in addresses),
        f"link set {network.name} address {other_mac} arp off",
    )


def _shown(name: str) -> list[str]:
    (link,) = json.loads(_output("-json", "-4", "address", "show", "dev", name)) or [{}]
    return [f"{each['local']}/{each['prefixlen']}" for each in link.get("addr_info", [])]


def _route(route: dict[str, Any], device: str) -> str:
    words = ["route replace", route["dst"], "dev", device]
    for key, word in (("gateway", "via"), ("prefsrc", "src"), ("metric", "metric")):
        if key in route:
            words += [word, str(route[key])]
    return " ".join(words)


def _ip(*commands: str) -> None:
    """Run commands of ip(8), all in one process, since the machine's packets are waiting."""
    _run(["ip", "-batch", "-"], "\n".join(commands))


def _output(*argv: str) -> str:
    return _run(["ip", *argv])


def _run(command: list[str], orders: str = "") -> str:
    done = subprocess.run(  # noqa: S603 - ip(8), with addresses that ip(8) has printed
        command, input=orders, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise ImpairmentError(
            f"The phone's interface can't be taken over: {done.stderr.strip()}. "
            "Has the sidecar the capability NET_ADMIN?"
        )
    return done.stdout
