"""Captures, read as telephony."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from heapq import merge
from typing import TYPE_CHECKING, Any, Literal

from voiplab.errors import CaptureError
from voiplab.packets.contents import Contents
from voiplab.packets.control import SeenReport
from voiplab.packets.dialog import Dialog, dialogs
from voiplab.packets.dtmf import PressedKey
from voiplab.packets.jitter_buffer import FixedBuffer, JitterBuffer
from voiplab.packets.packet import Packet, host
from voiplab.packets.printable import printable
from voiplab.packets.reader import CaptureReader, Source
from voiplab.packets.sdp import Codec
from voiplab.packets.signalling import SeenMessage
from voiplab.packets.sip import is_sip
from voiplab.packets.tls import Handshake

if TYPE_CHECKING:
    import pandas as pd

    from voiplab.packets.sound import Sound
    from voiplab.packets.stream import Stream

# numpy and pandas are imported when a table is first asked for: both take longer to load than a
# lab's own start should.


@dataclass(frozen=True)
class Capture:
    """One or several captures, or what part of them a call or a host is concerned with.

    Several captures must come from one clock, as those of containers on one engine do. Tables
    count time from the first frame of all captures, `start_s`.

    Attributes:
        readers: the captures.
        call_ids: only the dialogs of these Call-IDs and their media, or None for everything.
        receiver: only what arrives at this address, or None for everything.
        start_s: when the first frame was seen, in seconds since 1970-01-01 UTC.

    >>> from voiplab.packets import pcap_bytes
    >>> len(Capture.open(pcap_bytes([])).streams)
    0
    """

    readers: tuple[CaptureReader, ...]
    call_ids: frozenset[str] | None = None
    receiver: str | None = None
    _shared: Contents | None = field(default=None, repr=False, compare=False)

    @classmethod
    def open(cls, *sources: Source) -> "Capture":
        """Open captures.

        Args:
            *sources: each a file's path, its content, or a file open for reading bytes.

        Raises:
            CaptureError: when one does not exist, is empty, or is not a capture.
        """
        if not sources:
            raise CaptureError("There is no capture to open: give at least one file.")
        readers = tuple(CaptureReader(source) for source in sources)
        return cls(readers, _shared=Contents(readers))

    def call(self, *call_ids: str) -> "Capture":
        """Return the part that belongs to calls: their SIP messages and negotiated media.

        Args:
            *call_ids: their Call-IDs, as sent or as shown in a table.

        Raises:
            CaptureError: when no message of a call was captured.
        """
        known = {seen.message.call_id for seen in self._all.messages}
        chosen = {each for each in known if not {each, printable(each)}.isdisjoint(call_ids)}
        for call_id in call_ids:
            if call_id not in chosen | {printable(each) for each in chosen}:
                names = ", ".join(reader.name for reader in self.readers)
                raise CaptureError(
                    f"{names} holds no SIP message of the call {call_id!r}. "
                    f"It holds {len(known)} other Call-IDs: see the column call_id of `messages`."
                )
        return replace(self, call_ids=frozenset(chosen))

    def received_by(self, address: str) -> "Capture":
        """Return the part that arrives at a host.

        Args:
            address: the host's IP address.
        """
        return replace(self, receiver=address)

    @property
    def truncated(self) -> bool:
        """Whether a capture ends before its time; what it holds until there is good."""
        return bool(self.problems)

    @property
    def problems(self) -> tuple[str, ...]:
        """A sentence for each capture that is truncated."""
        return tuple(scan.problem for scan in self._all.scans if scan.problem)

    @property
    def start_s(self) -> float:
        """When the first frame of all captures was seen, in seconds since 1970-01-01 UTC."""
        return self._all.start_s

    @cached_property
    def signalling(self) -> tuple[SeenMessage, ...]:
        """The SIP messages, by time; one that several captures saw appears once."""
        return tuple(
            seen
            for seen in self._all.messages
            if self._concerns(seen.message.call_id, seen.packets[0].dst)
        )

    @cached_property
    def calls(self) -> tuple[Dialog, ...]:
        """The calls, in the order of their INVITEs."""
        mine = (
            s
            for s in self._all.messages
            if self.call_ids is None or s.message.call_id in self.call_ids
        )
        return tuple(dialogs(mine))

    @cached_property
    def media(self) -> "tuple[Stream, ...]":
        """The RTP streams, by the time of their first packet."""
        return tuple(
            stream
            for stream in self._all.streams
            if self._concerns(stream.call_id, host(stream.key.dst))
        )

    @cached_property
    def reports(self) -> tuple[SeenReport, ...]:
        """The RTCP datagrams, by time; one that several captures saw appears once."""
        return tuple(
            report
            for report in self._all.reports
            if self._concerns(report.call_id, host(report.dst))
        )

    @cached_property
    def keys(self) -> tuple[PressedKey, ...]:
        """The keys pressed, by time; one that several captures saw appears once."""
        return tuple(key for key in self._all.keys if self._concerns(key.call_id, host(key.dst)))

    @cached_property
    def handshakes(self) -> tuple[Handshake, ...]:
        """The connections of TLS and DTLS, by time; one that several captures saw appears once.

        What a connection of TLS carries can't be known: to a call belong only those of DTLS that
        give its media their keys.
        """
        return tuple(
            seen
            for seen in self._all.handshakes
            if (self.receiver is None or self.receiver in {host(seen.client), host(seen.server)})
            and (
                self.call_ids is None
                or self._all.plan.call_id(seen.client, seen.server, seen.time_s) in self.call_ids
            )
        )

    @cached_property
    def messages(self) -> "pd.DataFrame":
        """The SIP messages, a row each.

        Columns: time_s, src, dst (address:port), method ("" in a response), status (0 in a
        request), reason, call_id, cseq, from, to, summary.
        """
        from voiplab.packets import tables  # noqa: PLC0415 - loads pandas

        return tables.messages(self.signalling, self.start_s)

    @cached_property
    def dialogs(self) -> "pd.DataFrame":
        """The calls, a row each.

        Columns: call_id, from, to, status, reason, pdd_ms, ring_s, talk_s, hung_up_by, start_s,
        end_s. What did not happen is missing (NaN or None).
        """
        from voiplab.packets import tables  # noqa: PLC0415 - loads pandas

        return tables.dialogs(self.calls, self.start_s)

    @cached_property
    def streams(self) -> "pd.DataFrame":
        """The RTP streams, a row each, told apart by capture, five-tuple and SSRC.

        Columns:
            src, dst: address:port.
            ssrc, payload_type, codec, clock_rate_hz.
            packets: how many came.
            lost, loss_pct: sequence numbers that never came. RFC 3550's cumulative loss counts
                duplicates as received, and expects nothing before the first packet that came
                (here an earlier one may come late): it mostly is lost - duplicated.
            burst_ratio: mean length of bursts of loss over that of independent losses (G.107).
            loss_bursts, loss_burst_mean, loss_burst_max: runs of packets lost one right after
                the other: how many, and their mean and largest length in packets.
            loss_gap_mean: mean length of the runs of packets that came between those.
            duplicated, reordered, restarts: packets that came twice, packets that came late
                (RFC 4737), and new beginnings of the sequence.
            jitter_ms_mean, jitter_ms_max: of the running estimate (RFC 3550, appendix A.8).
            interarrival_ms_p50, _p95, _p99: how far apart packets arrived: median and
                percentiles, to within 0.4 %; a clock that was set back counts as 0.
            xr_burst_density_pct, xr_burst_ms, xr_gap_density_pct, xr_gap_ms: loss during bursts
                and outside of them, and how long either lasts, as an RTCP XR VoIP metrics block
                would report (RFC 3611, section 4.7.2, Gmin 16): a burst there may hold up to 15
                packets in a row that came, and a single loss is none.
            start_s, duration_s: from `start_s` to the first packet, and to the latest from there.
            call_id: the dialog that negotiated it, or "".
            encrypted: whether it is SRTP.
            capture: the name of the capture.
        """
        from voiplab.packets import tables  # noqa: PLC0415 - loads pandas

        return tables.streams(self.media, self.start_s)

    @cached_property
    def rtcp(self) -> "pd.DataFrame":
        """What RTCP reported, a row each report block, or each packet that has none.

        Columns: time_s, src, dst (address:port), kind ("SR", "RR", "SDES", "BYE", "XR", "APP",
        "RTPFB", "PSFB"), ssrc (of who reports), about_ssrc, fraction_lost_pct (since the report
        before), cumulative_lost, highest_sequence (extended), jitter_ms (by the clock of the
        stream that it is about), rtt_ms (from where the capture was made to who reports and
        back), call_id, text (a CNAME, a reason to leave, or what else is said; "encrypted" for
        SRTCP). What is not said or can't be known is missing.
        """
        from voiplab.packets import rtcp_table  # noqa: PLC0415 - loads pandas

        return rtcp_table.rtcp(self.reports, self._all.streams, self.start_s)

    @cached_property
    def dtmf(self) -> "pd.DataFrame":
        """The keys pressed, a row each, whatever its updates and retransmissions.

        Columns: time_s, src, dst (address:port), digit (0 to 9, *, #, A to D, "flash", or
        "event N"), duration_ms, volume_dbm0, packets (how many told of it), ended (whether one
        said that the key was let go), call_id, way ("RFC 4733" for named events in RTP, or
        "SIP INFO"). What is not said is missing.
        """
        from voiplab.packets import dtmf_table  # noqa: PLC0415 - loads pandas

        return dtmf_table.dtmf(self.keys, self.start_s)

    @cached_property
    def tls(self) -> "pd.DataFrame":
        """The connections of TLS and DTLS, a row each, as far as an onlooker can know them.

        Columns: time_s, client, server (address:port), protocol ("TLS" or "DTLS"), version (as
        the server chose, for example "TLS 1.3"; "" where its hello was not seen), cipher (the
        IANA's name of the suite), forward_secret and authenticated (of the suite; missing without
        one), server_name (whom the client asked for), alpn (the application protocol, where it is
        said in clear), srtp_profile (how media goes with the keys of DTLS, RFC 5764), established
        (whether both sides went over to encryption), refusal (the first fatal alert that was sent
        in clear), encrypted_bytes (in records of application data). See `handshakes` for what was
        offered, and for certificates.
        """
        from voiplab.packets import tls_table  # noqa: PLC0415 - loads pandas

        return tls_table.tls(self.handshakes, self.start_s)

    @cached_property
    def protocols(self) -> "pd.DataFrame":
        """What each port sent to another, a row each protocol of it.

        Of a call, its signalling is what the ports that carried it exchanged in all.

        Columns: src, dst (address:port), protocol ("rtp", "srtp", "rtcp", "srtcp", "dtls", "stun",
        "sip", "tls", "other"), transport ("udp", "tcp"), packets, bytes (as UDP or TCP carried),
        capture.
        """
        from voiplab.packets import protocol_table  # noqa: PLC0415 - loads pandas

        plan = self._all.plan
        carriers = {(seen.src, seen.dst) for seen in self.signalling}
        chosen = [
            (name, flow)
            for name, flow in self._all.flows
            if (flow.src, flow.dst) in carriers
            or self._concerns(plan.call_id(flow.src, flow.dst, flow.first_s), host(flow.dst))
        ]
        return protocol_table.protocols(chosen)

    def stream(self, which: "int | pd.Series[Any] | Stream") -> "Stream":
        """Return a stream.

        Args:
            which: its row in `streams`, or the row's number.

        Raises:
            CaptureError: when there is no such row.
        """
        from voiplab.packets.stream import Stream  # noqa: PLC0415 - loads numpy

        if isinstance(which, Stream):
            return which
        number = which if isinstance(which, int) else getattr(which, "name", None)
        if not isinstance(number, int) or not 0 <= number < len(self.media):
            raise CaptureError(
                f"There is no stream {number!r}: this capture has {len(self.media)}. "
                "Give a row of `streams`, or its number."
            )
        return self.media[number]

    def sound(
        self,
        which: "int | pd.Series[Any] | Stream",
        buffer: JitterBuffer | None = None,
        *,
        codec: Codec | str | None = None,
        concealment: Literal["silence", "repeat", "next"] | None = None,
    ) -> "Sound":
        """Decode a stream, as its receiver would have heard it.

        PCMU, PCMA, G722, opus and L16 can be decoded. Each packet sounds when the jitter buffer
        says, where its timestamp puts it; what is lost, late or no speech leaves silence.

        Args:
            which: its row in `streams`, or the row's number.
            buffer: the receiver's jitter buffer; by default one that waits 60 ms.
            codec: what to decode it as, even if it is encrypted; by default what it is.
            concealment: what is heard in place of a packet that is lost or late: "silence";
                "repeat", the sound before it, fading away in 60 ms; "next", the packet after
                it, twice, as baresip 1.1 plays G.711. By default silence, but for Opus,
                which conceals losses by itself (also in place of "repeat" and "next").

        Raises:
            CaptureError: when there is no such stream, or it can't be decoded: it is encrypted,
                or of an unknown codec.
        """
        from voiplab.packets.sound import sound_of  # noqa: PLC0415 - loads numpy

        return sound_of(
            self.stream(which),
            buffer or FixedBuffer(),
            codec=codec,
            concealment=concealment,
            since_s=self.start_s,
        )

    def timeline(
        self, which: "int | pd.Series[Any] | Stream", interval_s: float = 1.0
    ) -> "pd.DataFrame":
        """Return how a stream fared over time.

        Args:
            which: its row in `streams`, or the row's number.
            interval_s: how many seconds a row stands for.

        Returns:
            A row an interval: time_s (its beginning), packets, lost, jitter_ms (the mean of the
            running estimate, NaN where nothing came).

        Raises:
            CaptureError: when there is no such stream.
        """
        from voiplab.packets import tables  # noqa: PLC0415 - loads pandas

        return tables.timeline(self.stream(which), interval_s, self.start_s)

    def arrivals(self, which: "int | pd.Series[Any] | Stream") -> "pd.DataFrame":
        """Return the packets of a stream from which its jitter is measured, a row each.

        Args:
            which: its row in `streams`, or the row's number.

        Returns:
            Columns time_s, sequence (16 bit), timestamp, payload_bytes, jitter_ms (RFC 3550,
            appendix A.8; NaN where the clock rate is unknown), lost (how many packets are missing
            just before it).

        Raises:
            CaptureError: when there is no such stream.
        """
        from voiplab.packets import tables  # noqa: PLC0415 - loads pandas

        return tables.arrivals(self.stream(which), self.start_s)

    def packets(self) -> Iterator[Packet]:
        """Read the packets again, by time: all, or those of the chosen calls and receiver."""
        for packet in merge(*self.readers, key=lambda packet: packet.time_s):
            if self.receiver is not None and packet.dst != self.receiver:
                continue
            if self.call_ids is None or self._of_call(packet):
                yield packet

    def _of_call(self, packet: Packet) -> bool:
        if packet.transport == "tcp" or is_sip(packet.payload):
            carried = self._all.carried.get(packet, ())
        else:
            carried = (self._all.plan.call_id(packet.source, packet.destination, packet.time_s),)
        return self.call_ids is not None and not self.call_ids.isdisjoint(carried)

    def _concerns(self, call_id: str, receiver: str) -> bool:
        return (self.call_ids is None or call_id in self.call_ids) and (
            self.receiver is None or receiver == self.receiver
        )

    @property
    def _all(self) -> Contents:
        if self._shared is None:
            raise CaptureError("Open a capture with Capture.open(path).")
        return self._shared
