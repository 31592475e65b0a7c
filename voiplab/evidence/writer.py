"""Writing a call's evidence into its folder."""

import csv
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf
from pathlib import Path

from voiplab.errors import CaptureError, EvidenceError
from voiplab.evidence.folder import CDR, CONFIGURATION, EVENTS, SIGNALLING, Evidence
from voiplab.evidence.pbx_signalling import is_sip_over_tls
from voiplab.evidence.record import CallRecord, LegRecord
from voiplab.impairment import Settings, during, truth_between
from voiplab.packets import Capture, write_pcap
from voiplab.packets.packet import Packet
from voiplab.packets.sip import is_sip

# What was lost or still under way when the last packet came.
_STRAGGLERS_S = 1.0


@dataclass(frozen=True, slots=True)
class LegFiles:
    """What one phone has to show for a call.

    Attributes:
        capture: a capture that holds the call, and perhaps more; pcap.
        signalling: the SIP that the capture hides, as the PBX had it, without keys; pcap.
        heard: what came out of its loudspeaker; WAV.
        said: what it was told to say; WAV.
        network: what became of each packet on its network, in this call and at other times; CSV.
        impairments: what its network has done, one after the other, in this call and before.
    """

    capture: bytes = b""
    signalling: bytes = b""
    heard: bytes = b""
    said: bytes = b""
    network: bytes = b""
    impairments: tuple[Settings, ...] = ()


class EvidenceWriter:
    """Writes calls' evidence, each into a folder of its own.

    Args:
        parent: the folder of those folders; it is made when it is needed.
    """

    def __init__(self, parent: Path) -> None:
        self._parent = parent

    def write(
        self,
        record: CallRecord,
        *,
        legs: Mapping[str, LegFiles],
        events: Sequence[Mapping[str, object]],
        cdrs: Sequence[Mapping[str, str]],
        configuration: Mapping[str, str],
    ) -> Evidence:
        """Write a call's evidence; writing the same call again replaces what was there.

        Args:
            record: what is known of the call.
            legs: each phone's files, by its user's extension.
            events: what the PBX reported during the call.
            cdrs: the PBX's call detail records of it.
            configuration: the PBX's files, without secrets, by name.

        Returns:
            The evidence, opened.

        Raises:
            EvidenceError: when the folder can't be written.
        """
        folder = self._parent / record.folder_name()
        missing = list(record.missing)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            kept = tuple(
                _write_leg(folder, leg, legs[leg.user], missing, record.started.timestamp())
                for leg in record.legs
            )
            signalling = next((each.signalling for each in legs.values() if each.signalling), b"")
            if signalling:
                (folder / SIGNALLING).write_bytes(signalling)
            with (folder / EVENTS).open("w", encoding="utf-8") as lines:
                lines.writelines(json.dumps(event, ensure_ascii=False) + "\n" for event in events)
            _write_table(folder / CDR, cdrs)
            (folder / CONFIGURATION).mkdir(exist_ok=True)
            for name, text in configuration.items():
                (folder / CONFIGURATION / name).write_text(text, encoding="utf-8")
            # Last, so that a folder with a record is a whole one.
            record.model_copy(
                update={
                    "legs": kept,
                    "missing": tuple(missing),
                    "signalling": SIGNALLING if signalling else None,
                }
            ).write(folder)
        except OSError as error:
            raise EvidenceError(
                f"The call's evidence can't be written to {folder}: {error.strerror or error}. "
                "Make room there, or choose another folder: Lab.start(runs=…) or VOIPLAB_RUNS."
            ) from error
        return Evidence.open(folder)


def _write_leg(
    folder: Path, leg: LegRecord, files: LegFiles, missing: list[str], started_s: float
) -> LegRecord:
    names: dict[str, object] = {"capture": None, "heard": None, "said": None, "network": None}
    ended_s = inf
    if files.capture:
        names["capture"], ended_s = _write_capture(folder, leg, files, missing)
    if files.network:
        names["network"] = f"{leg.user}-network.csv"
        span = truth_between(files.network, started_s, ended_s + _STRAGGLERS_S)
        (folder / f"{leg.user}-network.csv").write_bytes(span)
        names["impairments"] = during(files.impairments, started_s, ended_s)
    for kind, content in (("heard", files.heard), ("said", files.said)):
        if content:
            names[kind] = f"{leg.user}-{kind}.wav"
            (folder / f"{leg.user}-{kind}.wav").write_bytes(content)
    return leg.model_copy(update=names)


def _write_capture(
    folder: Path, leg: LegRecord, files: LegFiles, missing: list[str]
) -> tuple[str | None, float]:
    """Cut the call out of what its phone's network carried, keep that, and say when it ends."""
    name = f"{leg.user}.pcap"
    try:
        whole = Capture.open(files.capture)
        try:
            packets = _of_call(whole, leg.call_id, files)
        except CaptureError:
            if leg.transport != "tls":
                raise
            packets = list(whole.packets())
            missing.append(
                f"The PBX has told nothing of the encrypted SIP of phone {leg.user}: what was "
                "captured there may hold more than the call."
            )
        write_pcap(folder / name, packets)
        missing.extend(f"The capture at phone {leg.user}: {each}" for each in whole.problems)
    except CaptureError as error:
        missing.append(f"The capture at phone {leg.user} does not hold the call: {error}")
        return None, inf
    return name, max((packet.time_s for packet in packets), default=inf)


def _of_call(whole: Capture, call_id: str, files: LegFiles) -> list[Packet]:
    """Take a call out of a capture; where that hides its SIP, with the TLS that does so."""
    if not files.signalling:
        return list(whole.call(call_id).packets())
    told = Capture.open(files.capture, files.signalling).call(call_id)
    wanted = {packet.frames for packet in told.packets() if not is_sip(packet.payload)}
    # What SIP can be read in spite of TLS is what an eavesdropper looks for.
    times = [seen.time_s for seen in told.signalling]
    wanted |= {
        packet.frames
        for seen in whole.signalling
        if times[0] <= seen.time_s <= times[-1]
        for packet in seen.packets
    }
    return [
        packet for packet in whole.packets() if packet.frames in wanted or is_sip_over_tls(packet)
    ]


def _write_table(path: Path, rows: Sequence[Mapping[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        if rows:
            table = csv.DictWriter(file, fieldnames=list(rows[0]))
            table.writeheader()
            table.writerows(rows)
