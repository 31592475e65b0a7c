import { Tones } from "./tones.js";

const SILENT_DB = -60;
const HISTORY = 32768; // samples, the most that an analyser keeps: 0.68 s at 48 kHz
const PRESENT = 2048;

/** Microphone, loudspeaker, levels and tones of the page. */
export class Audio {
  constructor() {
    this.context = new AudioContext({ latencyHint: "interactive" });
    this.tones = new Tones(this.context);
    this.player = document.createElement("audio");
    this.player.autoplay = true;
    this.microphone = null;
    this.microphoneId = "";
    this.speakerId = "";
    this.meters = { said: null, heard: null };
    // Tones go through an element of their own, since the choice of a loudspeaker is an element's.
    const tones = this.context.createMediaStreamDestination();
    this.tones.output.connect(tones);
    this.tonePlayer = document.createElement("audio");
    this.tonePlayer.srcObject = tones.stream;
  }

  /** A page makes no sound before its reader has touched it; each click lets it. */
  wake() {
    if (this.context.state === "suspended") this.context.resume();
    if (this.tonePlayer.paused) this.tonePlayer.play().catch(() => {});
  }

  /** The microphone's stream. @throws {DOMException} as getUserMedia does. */
  async listen() {
    this.release();
    const device = this.microphoneId ? { deviceId: { exact: this.microphoneId } } : {};
    this.microphone = await navigator.mediaDevices.getUserMedia({ audio: device });
    this.meters.said = this.meter(this.microphone);
    return this.microphone;
  }

  /** Play what the other side says. */
  hear(stream) {
    this.player.srcObject = stream;
    this.player.play().catch(() => {});
    this.meters.heard = this.meter(stream);
  }

  /** Let go of the microphone, so that the browser's lamp goes out. */
  release() {
    this.microphone?.getTracks().forEach((track) => track.stop());
    this.microphone = null;
    this.meters.said = null;
  }

  rest() {
    this.release();
    this.player.srcObject = null;
    this.meters.heard = null;
  }

  meter(stream) {
    const analyser = this.context.createAnalyser();
    analyser.fftSize = HISTORY;
    this.context.createMediaStreamSource(stream).connect(analyser);
    return { analyser, samples: new Float32Array(HISTORY) };
  }

  /**
   * The level of what is said or heard, in dB below full scale, -60 or more.
   *
   * @param {"said"|"heard"} which
   * @param {number} count over so many samples until now.
   */
  level(which, count = PRESENT) {
    const meter = this.meters[which];
    if (!meter) return SILENT_DB;
    meter.analyser.getFloatTimeDomainData(meter.samples);
    const last = meter.samples.subarray(HISTORY - count);
    const power = last.reduce((sum, sample) => sum + sample * sample, 0) / count;
    return Math.max(SILENT_DB, 10 * Math.log10(power || 1e-9));
  }

  /** The level over the last 0.7 seconds, in dB as above. */
  recentLevel(which) {
    return this.level(which, HISTORY);
  }

  /** Microphones and loudspeakers: {microphones, speakers}, each [{id, label}]. */
  async devices() {
    const all = (await navigator.mediaDevices?.enumerateDevices()) ?? [];
    const of = (kind) =>
      all
        .filter((device) => device.kind === kind && device.deviceId)
        .map(({ deviceId, label }) => ({ id: deviceId, label }));
    return { microphones: of("audioinput"), speakers: this.canChoose ? of("audiooutput") : [] };
  }

  get canChoose() {
    return "setSinkId" in HTMLMediaElement.prototype;
  }

  async choose(speakerId) {
    this.speakerId = speakerId;
    await Promise.all([this.player, this.tonePlayer].map((each) => each.setSinkId(speakerId)));
  }

  close() {
    this.tones.stop();
    this.rest();
    this.context.close();
  }
}
