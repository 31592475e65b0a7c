"""The PBX: one Asterisk in a container, and the configuration that it has in force."""

from voiplab.pbx.asterisk import Asterisk

__all__ = ["Asterisk"]
