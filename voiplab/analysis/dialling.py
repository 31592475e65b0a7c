"""What was keyed in during calls."""

from collections.abc import Sequence
from dataclasses import dataclass

from voiplab.packets.dtmf import PressedKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialling:
    """The keys that one side pressed in a call.

    Attributes:
        src: the sender as address:port.
        dst: the receiver as address:port.
        way: how they were told: "RFC 4733" or "SIP INFO".
        keys: what was pressed, in its order, such as ``1234#``.
        call_id: the Call-ID of the dialog, or "".
    """

    src: str
    dst: str
    way: str
    keys: str
    call_id: str


def diallings(pressed: Sequence[PressedKey]) -> tuple[Dialling, ...]:
    """Put together what each side keyed in.

    Args:
        pressed: the keys, by time.

    Returns:
        One for each sender, receiver, way and call, in the order of their first keys.
    """
    groups: dict[tuple[str, str, str, str], list[str]] = {}
    for key in pressed:
        digit = key.digit if len(key.digit) == 1 else f" {key.digit} "
        groups.setdefault((key.src, key.dst, key.way, key.call_id), []).append(digit)
    return tuple(
        Dialling(src=src, dst=dst, way=way, keys=" ".join("".join(keys).split()), call_id=call_id)
        for (src, dst, way, call_id), keys in groups.items()
    )
