"""``python3 -m voiplab.impairment.middlebox INTERFACE SPARED_TCP_PORT``: impair a network."""

import socket
import sys

from voiplab.errors import ImpairmentError
from voiplab.impairment.middlebox import place
from voiplab.impairment.middlebox.interface import MachineSide, NetworkSide, prepare, take_over
from voiplab.impairment.middlebox.middlebox import Middlebox
from voiplab.impairment.middlebox.tap_capture import TapCapture
from voiplab.impairment.truth import TruthLog

DEVICE = "phone0"


def serve(interface: str, spared_tcp_port: int) -> None:
    """Take over from an interface, and impair what crosses it until the network is gone."""
    place.CAPTURE_FOLDER.mkdir(parents=True, exist_ok=True)
    network, machine = NetworkSide(interface), MachineSide(DEVICE)
    prepare(network, machine)
    capture = TapCapture(DEVICE, place.CAPTURE, spared_tcp_port=spared_tcp_port)
    with (
        place.TRUTH.open("w", encoding="ascii", buffering=1) as truth,
        place.SETTINGS.open("w", encoding="ascii", buffering=1) as settings_log,
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as orders,
    ):
        middlebox = Middlebox(
            network,
            machine,
            truth=TruthLog(truth),
            settings_log=settings_log,
            capture=capture,
            orders=orders,
            spared_tcp_port=spared_tcp_port,
        )
        take_over(network, machine)
        middlebox.begin()
        # Who finds this socket finds the network taken over.
        orders.bind(str(place.ORDERS))
        middlebox.run()


if __name__ == "__main__":
    try:
        serve(sys.argv[1], int(sys.argv[2]))
    except (ImpairmentError, OSError) as error:
        sys.exit(f"The network is impaired no longer: {error}")
