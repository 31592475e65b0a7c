"""What the script of chapter 2 has clicked, minutes 1 to 8, done by Python."""

from voiplab import GilbertElliott, Impairment, Lab

CLEAR_S = 2.5
IMPAIRED_S = 3.5
SAYS = (
    "First, the network does nothing at all. Then it loses one packet in twenty. Then it loses "
    "as many, but several in a row. In the end, all of them come late. Did you hear it?"
)
REPLIES = "Office here: I am listening."


def present(lab: Lab) -> None:
    """Set up two users, and let one call the other over a network that gets worse and recovers."""
    lab.asterisk("core show uptime")
    desk = lab.add_user("2001", name="Front desk")
    office = lab.add_user("2002", name="Office")
    lab.asterisk("pjsip show endpoints")
    lab.asterisk("pjsip show contacts")
    network = office.phone.network
    call = desk.phone.call(office, say=SAYS, reply=REPLIES)
    call.wait(CLEAR_S)
    lab.asterisk("core show channels")
    for impairment in (
        Impairment(loss_pct=5),
        Impairment(bursts=GilbertElliott.of(loss_pct=5, mean_burst=5)),
    ):
        network.impair(incoming=impairment, outgoing=impairment)
        call.wait(IMPAIRED_S)
    network.impair("geostationary-satellite")
    call.wait(IMPAIRED_S)
    network.clear()
    call.wait(CLEAR_S)
    call.hang_up()
