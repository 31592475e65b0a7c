"""``python3 -m voiplab.impairment.middlebox.ask ORDER``: give an order, print the answer.

An order is the JSON of settings that are to come into force, or ``null`` to ask for the state.
"""

import socket
import sys
import time

from voiplab.impairment.middlebox.place import ORDERS

_READY_WITHIN_S = 10.0
_ANSWERED_WITHIN_S = 5.0
_LONGEST_ANSWER = 65_536
_LOOK_AGAIN_S = 0.005


def ask(order: str) -> str:
    """Return the middlebox's answer, once it is ready.

    Raises:
        OSError: when it is not ready in time, or does not answer.
    """
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as asking:
        asking.bind("")  # a name of the kernel's choice, to be answered at (unix(7), autobind)
        asking.settimeout(_ANSWERED_WITHIN_S)
        give_up_s = time.monotonic() + _READY_WITHIN_S
        while True:
            try:
                asking.connect(str(ORDERS))
                break
            except (FileNotFoundError, ConnectionRefusedError):
                if time.monotonic() > give_up_s:
                    raise
                time.sleep(_LOOK_AGAIN_S)
        asking.send(order.encode())
        return asking.recv(_LONGEST_ANSWER).decode()


if __name__ == "__main__":
    try:
        sys.stdout.write(ask(sys.argv[1]) + "\n")
    except OSError as error:
        sys.exit(f"The program that impairs the network does not answer: {error}")
