/**
 * The tones that a telephone makes itself, from oscillators.
 *
 * Ringback and busy are those of ITU-T E.180, Supplement 2, for the United States: two frequencies
 * in Hz, and seconds of tone and of silence. The ring is our own.
 */
const TONES = {
  ring: { hertz: [523, 659], on: 0.9, off: 2.1, gain: 0.12, warble: 12 },
  ringback: { hertz: [440, 480], on: 2, off: 4, gain: 0.05 },
  busy: { hertz: [480, 620], on: 0.5, off: 0.5, gain: 0.05, times: 3 },
};

const DTMF_ROWS = [697, 770, 852, 941];
const DTMF_COLUMNS = [1209, 1336, 1477];
const KEYS = "123456789*0#";
const KEY_S = 0.1;
const FADE_S = 0.008;

export class Tones {
  constructor(context) {
    this.context = context;
    this.output = context.createGain();
    this.playing = null;
  }

  /** Play a tone over and over, in the place of what was played; null for none. */
  play(name) {
    if (this.playing?.name === name) return;
    this.stop();
    if (!name) return;
    const tone = TONES[name];
    const playing = { name, timer: 0 };
    this.playing = playing;
    let left = tone.times ?? Infinity;
    const once = () => {
      if (this.playing !== playing) return;
      if (left-- <= 0) {
        this.playing = null;
        return;
      }
      this.sound(tone, tone.on);
      playing.timer = setTimeout(once, (tone.on + tone.off) * 1000);
    };
    once();
  }

  /** The two frequencies of a key (ITU-T Q.23), heard by who presses it. */
  key(digit) {
    const index = KEYS.indexOf(digit);
    if (index < 0) return;
    const hertz = [DTMF_ROWS[Math.floor(index / 3)], DTMF_COLUMNS[index % 3]];
    this.sound({ hertz, gain: 0.05 }, KEY_S);
  }

  stop() {
    if (!this.playing) return;
    clearTimeout(this.playing.timer);
    this.playing = null;
    this.envelope?.gain.setTargetAtTime(0, this.context.currentTime, FADE_S);
  }

  sound({ hertz, gain, warble }, seconds) {
    const { context } = this;
    const now = context.currentTime;
    const envelope = context.createGain();
    envelope.gain.setValueAtTime(0, now);
    envelope.gain.linearRampToValueAtTime(gain, now + FADE_S);
    envelope.gain.setValueAtTime(gain, now + seconds - FADE_S);
    envelope.gain.linearRampToValueAtTime(0, now + seconds);
    envelope.connect(this.output);
    this.envelope = envelope;
    for (const frequency of hertz) {
      const oscillator = context.createOscillator();
      oscillator.frequency.value = frequency;
      if (warble) this.warbled(oscillator, warble, now, seconds);
      oscillator.connect(envelope);
      oscillator.start(now);
      oscillator.stop(now + seconds);
    }
  }

  /** Let a pitch go up and down, so many times a second. */
  warbled(oscillator, times, start, seconds) {
    const pitch = oscillator.frequency.value;
    for (let step = 0; step < seconds * times; step++) {
      oscillator.frequency.setValueAtTime(pitch * (step % 2 ? 1.2 : 1), start + step / times);
    }
  }
}
