/**
 * Say in an SDP where Asterisk's media ports are published.
 *
 * Asterisk knows its own address and ports; a browser reaches them where the container engine
 * publishes them, as it would behind an address translator. A candidate (RFC 8839, section 5.1) of
 * a port that is not published is of no use to a browser and is left out.
 *
 * @param {string} sdp what Asterisk offers or answers.
 * @param {Object<string, [string, number]>} published address and port by Asterisk's own port.
 * @returns {string} the SDP to believe.
 */
export function translated(sdp, published) {
  const seen = new Set();
  return sdp
    .split("\r\n")
    .map((line) => {
      const found = /^(a=candidate:\S+ \d+ udp \d+) \S+ (\d+) typ host$/i.exec(line);
      if (!found) return line.startsWith("a=candidate:") ? null : line;
      const place = published[found[2]]?.join(" ");
      if (place === undefined || seen.has(place)) return null;
      seen.add(place);
      return `${found[1]} ${place} typ host`;
    })
    .filter((line) => line !== null)
    .join("\r\n");
}
