"""Phones: baresip in a container, driven over its control port; and what a browser's needs."""

from voiplab.phones.access_network import AccessNetwork
from voiplab.phones.account import Account
from voiplab.phones.browser import BrowserAccount
from voiplab.phones.control import PhoneEvent
from voiplab.phones.leg import Leg
from voiplab.phones.softphone import Answering, Softphone

__all__ = [
    "AccessNetwork",
    "Account",
    "Answering",
    "BrowserAccount",
    "Leg",
    "PhoneEvent",
    "Softphone",
]
