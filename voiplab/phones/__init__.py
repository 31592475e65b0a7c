"""Softphones: baresip in a container, driven over its control port."""

from voiplab.phones.access_network import AccessNetwork
from voiplab.phones.account import Account
from voiplab.phones.control import PhoneEvent
from voiplab.phones.leg import Leg
from voiplab.phones.softphone import Answering, Softphone

__all__ = ["AccessNetwork", "Account", "Answering", "Leg", "PhoneEvent", "Softphone"]
