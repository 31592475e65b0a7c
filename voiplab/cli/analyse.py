"""``voiplab analyse``: what a capture tells of its calls."""

from pathlib import Path
from typing import Annotated

import typer

from voiplab.analysis import ASSUMED_DELAY_MS, Report
from voiplab.cli.output import AsJson, print_json, print_ladder, print_table, say
from voiplab.errors import VoipLabError
from voiplab.packets import Capture

_LADDERS = 5
_RUNGS = 60
_ROWS = 100


def analyse(
    files: Annotated[
        list[Path], typer.Argument(help="Captures (pcap, pcapng, or in gzip) from one clock.")
    ],
    delay_ms: Annotated[
        float, typer.Option(min=0, max=10_000, help="From mouth to ear, as assumed for R.")
    ] = ASSUMED_DELAY_MS,
    page: Annotated[
        Path | None, typer.Option("--html", help="Write one page with all of it to this file.")
    ] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Show the calls of a capture, their ladders, and how good each stream is."""
    report = Report(Capture.open(*files), delay_ms)
    if page is not None:
        _write(page, report.html())
    if as_json:
        print_json(report.as_dict())
    else:
        _show(report)
        if page is not None:
            say(f"Page: {page}")


def _write(path: Path, content: str) -> None:
    try:
        path.write_text(content, encoding="utf-8")
    except OSError as error:
        raise VoipLabError(
            f"{path} can't be written: {error.strerror}. Make room there, or choose another place."
        ) from error


def _show(report: Report) -> None:
    for problem in report.problems:
        say(f"{problem} What it holds until there is shown.")
    _show_calls(report)
    _show_ladders(report)
    _show_streams(report)
    _show_receptions(report)
    _show_diallings(report)


def _show_calls(report: Report) -> None:
    if not report.calls:
        say("No call: no INVITE was seen.")
        return
    say(f"Calls: {len(report.calls)}")
    print_table(
        ("from", "to", "status", "PDD ms", "talk s", "hung up by", "Call-ID"),
        [
            (
                call.caller,
                call.callee,
                f"{call.status} {call.reason}" if call.status else "no final answer",
                call.pdd_ms,
                call.talk_s,
                call.hung_up_by,
                call.call_id,
            )
            for call in report.calls[:_ROWS]
        ],
    )
    _say_more(len(report.calls), _ROWS, "calls")


def _show_ladders(report: Report) -> None:
    for call_id, ladder in report.ladders(_LADDERS).items():
        say("")
        say(f"Call {call_id}" if call_id else "All that was seen")
        print_ladder(ladder, _RUNGS)
    _say_more(len(report.call_ids), _LADDERS, "ladders")


def _show_streams(report: Report) -> None:
    say("")
    if not report.streams:
        say("No RTP stream was seen.")
        return
    say(f"RTP streams: {len(report.streams)}")
    several = len(report.capture.readers) > 1
    print_table(
        (
            "from", "to", "codec", "packets", "lost", "loss %", "jitter ms", "max ms", "R", "MOS",
            *(["capture"] if several else []),
        ),
        [
            (
                each.src,
                each.dst,
                (each.codec or "unknown") + (" (SRTP)" if each.encrypted else ""),
                each.packets,
                each.lost,
                each.loss_pct,
                each.jitter_ms_mean,
                each.jitter_ms_max,
                each.rating.r,
                each.rating.mos,
                *([Path(each.capture).name] if several else []),
            )
            for each in report.streams[:_ROWS]
        ],
    )  # fmt: skip
    _say_more(len(report.streams), _ROWS, "streams")
    say(
        f"R and MOS (ITU-T G.107) assume {report.delay_ms:g} ms from mouth to ear, "
        "which a capture can't tell: --delay-ms."
    )
    if any(each.encrypted for each in report.streams):
        say("SRTP is encrypted: its packets are counted by their headers, and can't be heard.")
    for reason in dict.fromkeys(
        each.rating.reason for each in report.streams if each.rating.reason
    ):
        say(f"Not rated: {reason}")


def _show_receptions(report: Report) -> None:
    if not report.receptions:
        return
    say("")
    say("What receivers reported by RTCP")
    print_table(
        ("from", "to", "about SSRC", "reports", "lost", "worst loss %", "jitter ms", "RTT ms"),
        [
            (
                each.src,
                each.dst,
                f"0x{each.about_ssrc:08x}",
                each.reports,
                each.lost,
                each.fraction_lost_pct_max,
                each.jitter_ms,
                each.rtt_ms,
            )
            for each in report.receptions[:_ROWS]
        ],
    )
    _say_more(len(report.receptions), _ROWS, "receivers")


def _show_diallings(report: Report) -> None:
    if not report.diallings:
        return
    say("")
    say("Keys (DTMF)")
    print_table(
        ("from", "to", "keys", "by"),
        [(each.src, each.dst, each.keys, each.way) for each in report.diallings[:_ROWS]],
    )
    _say_more(len(report.diallings), _ROWS, "callers")


def _say_more(count: int, shown: int, what: str) -> None:
    if count > shown:
        say(f"… and {count - shown} more {what}.")
