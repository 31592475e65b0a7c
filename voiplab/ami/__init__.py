"""Asterisk's management interface (AMI): actions sent, events heard, as plain calls."""

from voiplab.ami.client import Ami
from voiplab.ami.event import Event

__all__ = ["Ami", "Event"]
