"""The arrows of a ladder: SIP messages, keys and RTCP."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from voiplab.packets.dtmf import PressedKey
from voiplab.packets.packet import host
from voiplab.packets.printable import printable
from voiplab.packets.rung import SIP_KINDS, Arrow, Kind
from voiplab.packets.signalling import SeenMessage

if TYPE_CHECKING:
    import pandas as pd

_KINDS: dict[int, Kind] = {0: "request", 1: "provisional", 2: "success"}
_REPORTS_TOLD = 50


def message_arrows(
    seen: Sequence[SeenMessage], keys: Sequence[PressedKey], column: Mapping[str, int]
) -> list[Arrow]:
    """Return an arrow a SIP message; one over UDP that was there before is a retransmission.

    Args:
        seen: the messages, by time.
        keys: the keys that were pressed; an INFO that tells one says so.
        column: the number of the actor at each IP address.
    """
    pressed = {(key.time_s, key.src, key.dst): key for key in keys if key.way == "SIP INFO"}
    before: set[tuple[str, str, bytes]] = set()
    arrows = []
    for each in seen:
        message = each.message
        sight = each.src, each.dst, bytes(message)
        again = sight in before and each.packets[0].transport == "udp"
        before.add(sight)
        key = pressed.get((each.time_s, each.src, each.dst))
        summary = message.summary if key is None else f"INFO: {_key_label(key)}"
        arrows.append(
            Arrow(
                time_s=each.time_s,
                src=column[host(each.src)],
                dst=column[host(each.dst)],
                label=printable(summary) + (", retransmitted" if again else ""),
                kind=_KINDS.get(message.status // 100, "failure"),
                text=printable(bytes(message).decode("utf-8", "replace")),
                retransmitted=again,
            )
        )
    return arrows


def key_arrows(keys: Sequence[PressedKey], column: Mapping[str, int]) -> list[Arrow]:
    """Return an arrow a key that was told in RTP.

    Args:
        keys: the keys that were pressed.
        column: the number of the actor at each IP address.
    """
    return [
        Arrow(
            time_s=key.time_s,
            src=column[host(key.src)],
            dst=column[host(key.dst)],
            label=_key_label(key),
            kind="dtmf",
            text=_key_text(key),
        )
        for key in keys
        if key.way != "SIP INFO"
    ]


def report_arrows(rtcp: "pd.DataFrame", start_s: float, column: Mapping[str, int]) -> list[Arrow]:
    """Return an arrow an RTCP datagram.

    Args:
        rtcp: what they say; see Capture.rtcp.
        start_s: when its time 0 was, in seconds since 1970-01-01 UTC.
        column: the number of the actor at each IP address.
    """
    datagrams: dict[tuple[float, str, str], list[dict[Hashable, Any]]] = {}
    for row in rtcp.to_dict("records"):
        datagrams.setdefault((row["time_s"], row["src"], row["dst"]), []).append(row)
    return [
        Arrow(
            time_s=time_s + start_s,
            src=column[host(src)],
            dst=column[host(dst)],
            label=_report_label(rows),
            kind="rtcp",
            text="\n".join(map(_report_line, rows)),
        )
        for (time_s, src, dst), rows in datagrams.items()
    ]


def folded(arrows: Sequence[Arrow]) -> list[Arrow]:
    """Return arrows with the RTCP between two SIP messages told once a direction.

    A report repeats itself every few seconds: a long call would have hundreds. What is folded
    stands where the first was, says how many there were, and what the last said. A goodbye
    stands by itself.

    Args:
        arrows: by time.
    """
    groups: dict[tuple[int, int, bool], list[Arrow]] = {}
    done: list[list[Arrow]] = []
    for arrow in arrows:
        if arrow.kind in SIP_KINDS:
            groups = {}
        if arrow.kind != "rtcp":
            done.append([arrow])
            continue
        which = arrow.src, arrow.dst, "BYE" in arrow.label
        if which not in groups:
            groups[which] = []
            done.append(groups[which])
        groups[which].append(arrow)
    return [_told_once(group) for group in done]


def _told_once(group: list[Arrow]) -> Arrow:
    first, last = group[0], group[-1]
    if len(group) == 1:
        return first
    told = "\n".join(each.text for each in group[-_REPORTS_TOLD:])
    earlier = len(group) - _REPORTS_TOLD
    if earlier > 0:
        told = f"The last {_REPORTS_TOLD} of {len(group)}:\n{told}"
    return replace(first, label=f"{len(group)} × {last.label}", text=told)


def _key_label(key: PressedKey) -> str:
    held = "" if key.duration_ms is None else f", {key.duration_ms:.0f} ms"
    return f"key {key.digit}{held}"


def _key_text(key: PressedKey) -> str:
    ended = "" if key.ended else "\nNo packet said that it was let go."
    return (
        f"{_key_label(key)}\n{key.src} → {key.dst}\n"
        f"{key.packets} packets ({key.way}), {key.volume_dbm0} dBm0{ended}"
    )


def _report_label(rows: list[dict[Hashable, Any]]) -> str:
    kinds = ", ".join(dict.fromkeys(row["kind"] for row in rows if row["kind"] != "SDES"))
    about = next((row for row in rows if _has(row, "cumulative_lost")), None)
    if any(row["text"] == "encrypted" for row in rows):
        return f"SRTCP {kinds}"
    label = f"RTCP {kinds or 'SDES'}"
    if about is not None:
        label += f": {about['cumulative_lost']} lost"
        if _has(about, "jitter_ms"):
            label += f", jitter {about['jitter_ms']:.1f} ms"
    elif said := [row["text"] for row in rows if row["kind"] in {"APP", "BYE"} and row["text"]]:
        label += f": {said[0]}"
    return printable(label)


def _report_line(row: dict[Hashable, Any]) -> str:
    words = [f"{row['time_s']:.3f} s  {row['kind']} of SSRC 0x{row['ssrc']:08x}"]
    if _has(row, "about_ssrc"):
        words.append(f"about 0x{row['about_ssrc']:08x}")
    if _has(row, "cumulative_lost"):
        words.append(f"{row['cumulative_lost']} lost in all")
    if _has(row, "fraction_lost_pct"):
        words.append(f"{row['fraction_lost_pct']:.1f} % since the last")
    if _has(row, "jitter_ms"):
        words.append(f"jitter {row['jitter_ms']:.2f} ms")
    if _has(row, "rtt_ms"):
        words.append(f"round trip {row['rtt_ms']:.1f} ms")
    if row["text"]:
        words.append(str(row["text"]))
    return printable(", ".join(words))


def _has(row: dict[Hashable, Any], name: str) -> bool:
    # Unknown is NaN or NA: neither equals itself.
    value = row[name]
    return value is not None and bool((value == value) is True)  # noqa: PLR0124
