"""The program that impairs a phone's network: a middlebox (RFC 3234), in a sidecar container.

It runs on Linux with Python's smallest standard library. The lab puts these files into the
container, so that what is in force there is what :mod:`voiplab.impairment` says.
"""

__all__: list[str] = []
