import JsSIP from "jssip";

import { Audio } from "./audio.js";
import { translated } from "./candidates.js";
import { Signalling, addresses, isRelayed, jupyterBaseUrl } from "./signalling.js";
import { measured } from "./statistics.js";

const LOCAL = "127.0.0.1"; // where the lab publishes its ports unless told otherwise
const SECOND_MS = 1000;
const ANSWER_WITHIN_MS = 10_000;
const RECONNECT_S = { least: 1, most: 4 };

// What a status code that refuses a call is called (RFC 3261, section 21).
const REFUSALS = {
  403: "forbidden",
  404: "not_found",
  408: "no_answer",
  415: "no_codec",
  480: "unavailable",
  484: "not_found",
  486: "busy",
  488: "no_codec",
  500: "failed",
  503: "failed",
  600: "busy",
  603: "declined",
  606: "no_codec",
};

/**
 * A telephone: registered at the exchange, with at most one call.
 *
 * Its `state` is plain data; each change of it is an event "change". Each second of a call is an
 * event "second", whose detail is what was measured.
 */
export class Telephone extends EventTarget {
  state = {
    registration: "connecting",
    call_state: "idle",
    peer: "",
    peer_name: "",
    muted: false,
    on_hold: false,
    established: null,
    notice: null,
    second: null,
  };

  /**
   * @param {string} extension the user's number.
   * @param {() => Promise<object>} account asks who to be and where the exchange is.
   */
  constructor(extension, account) {
    super();
    this.extension = extension;
    this.askAccount = account;
    this.audio = new Audio();
    this.session = null;
    this.published = {};
    this.onWake = () => this.audio.wake();
    this.onLeave = () => this.agent?.stop();
    document.addEventListener("pointerdown", this.onWake, true);
    document.addEventListener("keydown", this.onWake, true);
    window.addEventListener("pagehide", this.onLeave);
  }

  change(changes) {
    Object.assign(this.state, changes);
    this.dispatchEvent(new Event("change"));
  }

  /** Say something to the reader: the name of a sentence, and what it speaks of. */
  say(name, values = {}) {
    this.change({ notice: { name, values } });
  }

  // Registration

  async start() {
    if (!window.isSecureContext || !navigator.mediaDevices) this.say("insecure");
    if (!window.RTCPeerConnection) this.say("no_webrtc");
    const account = await this.firstAccount();
    if (!account) return;
    const locate = async () => {
      const now = await withinTime(this.askAccount(), ANSWER_WITHIN_MS);
      this.published = now.media_ports;
      return addresses(now.websocket_port, window.location, jupyterBaseUrl());
    };
    this.signalling = new Signalling(locate);
    this.agent = new JsSIP.UA({
      uri: `sip:${this.extension}@pbx`,
      display_name: account.name || null,
      authorization_user: this.extension,
      password: account.password,
      sockets: [this.signalling],
      register_expires: 120,
      session_timers: false,
      connection_recovery_min_interval: RECONNECT_S.least,
      connection_recovery_max_interval: RECONNECT_S.most,
      user_agent: "VoIP Lab browser phone",
    });
    this.agent.on("connected", () => this.change({ registration: "connecting" }));
    this.agent.on("disconnected", () => this.disconnected());
    this.agent.on("registered", () => this.registered());
    this.agent.on("registrationFailed", ({ response }) => this.refused(response));
    this.agent.on("newRTCSession", (event) => this.follow(event));
    this.agent.start();
  }

  /** Who to be: asked until the exchange runs; null when the phone was closed meanwhile. */
  async firstAccount() {
    while (!this.closed) {
      try {
        return await this.askAccount();
      } catch {
        this.disconnected();
        await new Promise((resolve) => setTimeout(resolve, RECONNECT_S.least * SECOND_MS));
      }
    }
    return null;
  }

  registered() {
    const { notice } = this.state;
    const settled = ["line_cut", "registration_refused"].includes(notice?.name);
    this.change({ registration: "registered", notice: settled ? null : notice });
    const [host] = Object.values(this.published)[0] ?? [];
    const elsewhere = isRelayed(this.signalling.url) && host === LOCAL;
    if (elsewhere && this.state.notice?.name !== "insecure") this.say("media_elsewhere");
  }

  disconnected() {
    if (this.closed) return;
    this.change({ registration: "disconnected" });
    if (this.state.call_state === "idle") this.say("line_cut");
  }

  refused(response) {
    if (!response) return; // the line was cut: "disconnected" says so
    this.change({ registration: "refused" });
    this.say("registration_refused", { status: `${response.status_code} ${response.reason_phrase}` });
  }

  // Calls

  async call(number) {
    const peer = number.trim();
    if (this.session || this.state.call_state !== "idle") return;
    if (!/^[\w*#+.-]{1,40}$/.test(peer)) return this.say("bad_number", { peer });
    if (this.state.registration !== "registered") return this.say("not_registered");
    this.change({ call_state: "dialling", peer, peer_name: "", notice: null });
    const mediaStream = await this.microphone();
    if (!mediaStream) return this.idle();
    if (this.state.call_state !== "dialling") return this.audio.release();
    this.agent.call(`sip:${encodeURIComponent(peer)}@pbx`, {
      mediaStream,
      mediaConstraints: { audio: true, video: false },
      pcConfig: { iceServers: [] },
    });
  }

  async answer() {
    const { session } = this;
    if (this.state.call_state !== "incoming") return;
    this.audio.tones.play(null);
    const mediaStream = await this.microphone();
    if (session !== this.session) return;
    if (mediaStream) session.answer({ mediaStream, pcConfig: { iceServers: [] } });
    else session.terminate({ status_code: 480 });
  }

  /** The microphone's stream; without one, null, and the reader is told what to do. */
  async microphone() {
    if (!navigator.mediaDevices) return this.say("insecure"), null;
    try {
      return await this.audio.listen();
    } catch (error) {
      const sentences = {
        NotAllowedError: "microphone_refused",
        NotFoundError: "microphone_missing",
        OverconstrainedError: "microphone_missing",
      };
      this.say(sentences[error.name] ?? "microphone_broken", { reason: error.message });
      return null;
    }
  }

  reject() {
    if (this.state.call_state === "incoming") this.session.terminate({ status_code: 603 });
  }

  hangUp() {
    if (this.session) {
      const refusal = this.state.call_state === "incoming" ? { status_code: 603 } : {};
      this.session.terminate(refusal);
    } else if (this.state.call_state === "dialling") this.idle();
  }

  hold(on) {
    if (this.state.call_state !== "established" || on === this.state.on_hold) return;
    if (on) this.session.hold();
    else this.session.unhold();
  }

  mute(on) {
    if (!this.session) return;
    if (on) this.session.mute({ audio: true });
    else this.session.unmute({ audio: true });
  }

  /** Press keys: digits to the other side in a call (RFC 4733), tones for who presses them. */
  press(digits) {
    if (this.state.call_state !== "established") return false;
    [...digits].forEach((digit) => this.audio.tones.key(digit));
    this.session.sendDTMF(digits, { transportType: "RFC2833", duration: 160 });
    return true;
  }

  async chooseMicrophone(id) {
    this.audio.microphoneId = id;
    if (!this.session || !this.audio.microphone) return;
    const stream = await this.microphone();
    const track = stream?.getAudioTracks()[0];
    if (!track) return;
    track.enabled = !this.state.muted && !this.state.on_hold;
    const sender = this.session.connection.getSenders().find(({ track }) => track);
    await sender?.replaceTrack(track);
  }

  follow({ session, originator, request }) {
    if (this.session) {
      session.terminate({ status_code: 486 });
      return;
    }
    this.session = session;
    const incoming = originator === "remote";
    if (incoming) {
      this.audio.tones.play("ring");
      this.change({
        call_state: "incoming",
        peer: request.from.uri.user ?? "",
        peer_name: request.from.display_name ?? "",
        notice: null,
      });
    }
    session.on("sdp", (event) => {
      if (event.originator === "remote") event.sdp = translated(event.sdp, this.published);
    });
    session.on("peerconnection", ({ peerconnection }) => this.connect(peerconnection));
    if (session.connection) this.connect(session.connection);
    // Asterisk learns where we are from our first packet: it needs no list of all our addresses.
    session.on("icecandidate", ({ ready }) => ready());
    session.on("progress", () => {
      if (incoming) return;
      this.audio.tones.play("ringback");
      this.change({ call_state: "ringing" });
    });
    session.on("accepted", () => this.audio.tones.play(null));
    session.on("confirmed", () => this.established());
    session.on("hold", ({ originator }) => originator === "local" && this.change({ on_hold: true }));
    session.on("unhold", ({ originator }) => {
      if (originator === "local") this.change({ on_hold: false });
    });
    session.on("muted", () => this.change({ muted: true }));
    session.on("unmuted", () => this.change({ muted: false }));
    session.on("ended", (event) => this.ended(event));
    session.on("failed", (event) => this.failed(event, incoming));
  }

  connect(connection) {
    connection.addEventListener("track", ({ track }) => {
      this.audio.hear(new MediaStream([track]));
    });
  }

  established() {
    if (this.state.established) return;
    this.change({ call_state: "established", established: Date.now() });
    this.timer = setInterval(() => this.measure(), SECOND_MS);
  }

  async measure() {
    const { session } = this;
    const report = await session?.connection?.getStats();
    if (!report || session !== this.session) return;
    const second = {
      time: Date.now() / SECOND_MS,
      call_s: (Date.now() - this.state.established) / SECOND_MS,
      peer: this.state.peer,
      ...measured(report),
      heard_level_db: this.audio.recentLevel("heard"),
      said_level_db: this.state.muted ? null : this.audio.recentLevel("said"),
    };
    this.change({ second });
    this.dispatchEvent(new CustomEvent("second", { detail: second }));
  }

  ended({ cause }) {
    this.idle();
    const { registration } = this.state;
    if (cause === JsSIP.C.causes.RTP_TIMEOUT) this.say("media_lost");
    else if (registration === "disconnected") this.say("line_cut");
    else this.say("ended");
  }

  failed({ originator, message, cause }, incoming) {
    const { peer } = this.state;
    const { name: already } = this.state.notice ?? {};
    this.idle();
    if (already?.startsWith("microphone")) return; // it says why
    if (incoming) {
      this.say(originator === "remote" ? "missed" : "rejected", { peer });
    } else if (originator === "local") {
      this.say("cancelled");
    } else if (message?.status_code) {
      const { status_code: status, reason_phrase: reason } = message;
      if (status === 486 || status === 600) this.audio.tones.play("busy");
      this.say(REFUSALS[status] ?? "failed", { peer, status: `${status} ${reason}` });
    } else if (cause === JsSIP.C.causes.CONNECTION_ERROR) {
      this.say("line_cut");
    } else {
      this.say("failed", { peer, status: cause });
    }
  }

  idle() {
    clearInterval(this.timer);
    this.audio.tones.play(null);
    this.audio.rest();
    this.session = null;
    this.change({
      call_state: "idle",
      muted: false,
      on_hold: false,
      established: null,
      second: null,
    });
  }

  close() {
    this.closed = true;
    document.removeEventListener("pointerdown", this.onWake, true);
    document.removeEventListener("keydown", this.onWake, true);
    window.removeEventListener("pagehide", this.onLeave);
    this.agent?.stop();
    this.idle();
    this.audio.close();
  }
}

function withinTime(promise, milliseconds) {
  const late = new Promise((_, reject) => {
    setTimeout(() => reject(new Error("no answer")), milliseconds);
  });
  return Promise.race([promise, late]);
}
