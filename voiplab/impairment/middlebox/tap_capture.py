"""A capture of what the machine receives and sends, made by tcpdump on the TAP device."""

import os
import subprocess
from pathlib import Path

from voiplab.errors import ImpairmentError


class TapCapture:
    """A growing capture; each packet is in the file once it has passed.

    Args:
        device: where to listen.
        file: what to write: pcap.
        spared_tcp_port: whose segments are not kept.

    Raises:
        ImpairmentError: when tcpdump does not start.
    """

    def __init__(self, device: str, file: Path, *, spared_tcp_port: int) -> None:
        self._folder = file.parent
        self._tcpdump = subprocess.Popen(  # noqa: S603 - as the phone's own (docker/phone)
            [
                *("tcpdump", "-i", device, "-nn", "-U", "--immediate-mode"),
                *("-s", "17000", "-B", "4096", "-Z", "root", "-w", str(file)),
                f"not tcp port {spared_tcp_port}",
            ],
            stderr=subprocess.PIPE,
            text=True,
        )
        # It says that it listens once it does.
        said = self._said()
        if "listening on" not in said:
            raise ImpairmentError(f"tcpdump does not listen on {device}: {said}.")

    def _said(self) -> str:
        assert self._tcpdump.stderr is not None  # noqa: S101 - for the type checker
        return self._tcpdump.stderr.readline().strip()

    def trouble(self) -> str:
        """Return why the capture is not complete, or "" when it is."""
        status = self._tcpdump.poll()
        if status is not None:
            return f"it stopped with status {status}, {self._said()}"
        # tcpdump goes on in silence when its disk is full.
        if os.statvfs(self._folder).f_bavail == 0:
            return "No space left on device"
        return ""
