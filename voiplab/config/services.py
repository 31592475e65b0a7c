"""The numbers at which the exchange itself answers."""

from voiplab.config.part import Part
from voiplab.config.text import ServiceCode


class Services(Part):
    """What the exchange does for a caller by itself; None leaves a service out.

    Args:
        echo_test: sends back what it hears.
        voicemail: lets the caller listen to the messages in their own mailbox.
        speaking_clock: says the time.
        own_number: says the caller's extension.
        music: plays the music on hold.
        test_tone: plays 1004 Hz at 0 dBm, the tone by which telephone lines are measured.

    >>> Services(music=None).echo_test
    '*43'
    """

    echo_test: ServiceCode | None = "*43"
    voicemail: ServiceCode | None = "*97"
    speaking_clock: ServiceCode | None = "*60"
    own_number: ServiceCode | None = "*65"
    music: ServiceCode | None = "*64"
    test_tone: ServiceCode | None = "*44"
