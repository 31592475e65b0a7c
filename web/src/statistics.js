/**
 * What a call's media measured: the browser's own statistics (W3C, Identifiers for WebRTC's
 * Statistics API), which rest on RTP and on the RTCP reports of the other end (RFC 3550).
 *
 * @param {RTCStatsReport|Map} report what `getStats()` gave.
 * @returns {object} counts since the call began, times in milliseconds; null where nothing is
 *     known yet. "sent" is as the other end reports it.
 */
export function measured(report) {
  const found = {};
  const byId = new Map();
  report.forEach((entry) => {
    byId.set(entry.id, entry);
    if (entry.kind === "audio" || entry.type === "transport") found[entry.type] = entry;
  });
  const received = found["inbound-rtp"];
  const sent = found["outbound-rtp"];
  const reported = found["remote-inbound-rtp"];
  const pair = byId.get(found.transport?.selectedCandidatePairId);
  return {
    codec: byId.get(received?.codecId ?? sent?.codecId)?.mimeType?.replace(/^audio\//, "") ?? null,
    received_packets: received?.packetsReceived ?? null,
    received_lost: received?.packetsLost ?? null,
    received_jitter_ms: milliseconds(received?.jitter),
    sent_packets: sent?.packetsSent ?? null,
    sent_lost: reported?.packetsLost ?? null,
    sent_jitter_ms: milliseconds(reported?.jitter),
    round_trip_ms: milliseconds(reported?.roundTripTime ?? pair?.currentRoundTripTime),
  };
}

const milliseconds = (seconds) => (seconds === undefined ? null : seconds * 1000);
