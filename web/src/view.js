const KEYS = [
  ["1", ""],
  ["2", "ABC"],
  ["3", "DEF"],
  ["4", "GHI"],
  ["5", "JKL"],
  ["6", "MNO"],
  ["7", "PQRS"],
  ["8", "TUV"],
  ["9", "WXYZ"],
  ["*", ""],
  ["0", "+"],
  ["#", ""],
];
const METER_MS = 80;
const SILENT_DB = -60;
// A handset as our own drawing: two cups and the grip between them.
const HANDSET =
  '<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M5 3h3.2a1 1 0 0 1 1 .8l.7 3.4a1 1 0 0 1-.3.9' +
  'L7.7 10a13 13 0 0 0 6.3 6.3l1.9-1.9a1 1 0 0 1 .9-.3l3.4.7a1 1 0 0 1 .8 1V19a2 2 0 0 1-2 2' +
  'C10.7 21 3 13.3 3 5a2 2 0 0 1 2-2z"/></svg>';

/** A telephone drawn into an element, and its keys. */
export class View {
  /**
   * @param {HTMLElement} host where to draw.
   * @param {import("./telephone.js").Telephone} telephone
   * @param {{extension: string, name: string, texts: Object<string, string>}} shown
   */
  constructor(host, telephone, { extension, name, texts }) {
    this.telephone = telephone;
    this.texts = texts;
    this.root = element("section", { class: "voiplab-phone", "aria-label": name || extension });
    // Letters typed here are ours, not shortcuts of the notebook.
    this.root.dataset.lmSuppressShortcuts = "true";
    this.root.addEventListener("keydown", (event) => event.stopPropagation());
    this.root.append(this.handset(extension, name), this.panel());
    host.append(this.root);
    this.onChange = () => this.draw();
    telephone.addEventListener("change", this.onChange);
    this.onDevices = () => this.listDevices();
    navigator.mediaDevices?.addEventListener("devicechange", this.onDevices);
    this.metering = setInterval(() => this.drawMeters(), METER_MS);
    this.listDevices();
    this.draw();
  }

  remove() {
    clearInterval(this.metering);
    this.telephone.removeEventListener("change", this.onChange);
    navigator.mediaDevices?.removeEventListener("devicechange", this.onDevices);
    this.root.remove();
  }

  text(name, values = {}) {
    const template = this.texts[name] ?? name;
    return template.replace(/\{(\w+)\}/g, (_, key) => values[key] ?? "");
  }

  // What there is

  handset(extension, name) {
    this.lamp = element("span", { class: "vp-lamp", "aria-hidden": "true" });
    this.registration = element("span", { class: "vp-registration", role: "status" });
    this.title = element("strong", { class: "vp-title" });
    this.title.textContent = name ? `${name} · ${extension}` : extension;
    const head = element("header", { class: "vp-head" }, this.lamp, this.title, this.registration);

    this.activity = element("div", { class: "vp-activity", role: "status" });
    this.peer = element("div", { class: "vp-peer" });
    this.timer = element("div", { class: "vp-timer", role: "timer" });
    this.number = element("input", {
      class: "vp-number",
      type: "text",
      inputmode: "tel",
      autocomplete: "off",
      spellcheck: "false",
      "aria-label": this.text("number"),
      placeholder: this.text("number"),
    });
    this.number.addEventListener("keydown", (event) => {
      if (event.key === "Enter") this.telephone.call(this.number.value);
    });
    const display = element(
      "div",
      { class: "vp-display" },
      this.activity,
      this.peer,
      this.timer,
      this.number,
    );

    const pad = element("div", { class: "vp-pad", role: "group", "aria-label": this.text("pad") });
    for (const [digit, letters] of KEYS) {
      const key = button("vp-key", () => this.press(digit));
      key.append(element("b", {}, digit), element("small", { "aria-hidden": "true" }, letters));
      key.setAttribute("aria-label", { "*": this.text("star"), "#": this.text("hash") }[digit] ?? digit);
      pad.append(key);
    }

    this.callKey = button("vp-call", () => this.telephone.call(this.number.value));
    this.answerKey = button("vp-answer", () => this.telephone.answer());
    this.rejectKey = button("vp-reject", () => this.telephone.reject());
    this.hangUpKey = button("vp-hang-up", () => this.telephone.hangUp());
    for (const [key, label] of [
      [this.callKey, "call"],
      [this.answerKey, "answer"],
      [this.rejectKey, "reject"],
      [this.hangUpKey, "hang_up"],
    ]) {
      key.innerHTML = HANDSET;
      key.append(element("span", {}, this.text(label)));
    }
    const actions = element(
      "div",
      { class: "vp-actions" },
      this.callKey,
      this.answerKey,
      this.rejectKey,
      this.hangUpKey,
    );

    this.muteKey = button("vp-toggle", () => this.telephone.mute(!this.telephone.state.muted));
    this.muteKey.textContent = this.text("mute");
    this.holdKey = button("vp-toggle", () => this.telephone.hold(!this.telephone.state.on_hold));
    this.holdKey.textContent = this.text("hold");
    const toggles = element("div", { class: "vp-toggles" }, this.muteKey, this.holdKey);

    return element("div", { class: "vp-handset" }, head, display, pad, actions, toggles);
  }

  panel() {
    this.notice = element("p", { class: "vp-notice", role: "alert" });
    this.meters = { said: this.meter("said"), heard: this.meter("heard") };
    this.microphones = this.chooser("microphone", (id) => this.telephone.chooseMicrophone(id));
    this.speakers = this.chooser("speaker", (id) => this.telephone.audio.choose(id));
    this.figures = {};
    const table = element("table", { class: "vp-statistics" });
    table.append(element("caption", {}, this.text("statistics")));
    const head = element("tr", {}, element("td", {}));
    for (const direction of ["received", "sent"]) {
      head.append(element("th", { scope: "col" }, this.text(direction)));
    }
    table.append(element("thead", {}, head));
    const body = element("tbody", {});
    for (const figure of ["packets", "lost", "jitter_ms"]) {
      const row = element("tr", {}, element("th", { scope: "row" }, this.text(figure)));
      for (const direction of ["received", "sent"]) {
        row.append((this.figures[`${direction}_${figure}`] = element("td", {}, "–")));
      }
      body.append(row);
    }
    for (const figure of ["codec", "round_trip_ms"]) {
      this.figures[figure] = element("td", { colspan: 2 }, "–");
      const label = element("th", { scope: "row" }, this.text(figure));
      body.append(element("tr", {}, label, this.figures[figure]));
    }
    table.append(body);
    return element(
      "div",
      { class: "vp-panel" },
      element("div", { class: "vp-meters" }, this.meters.said.row, this.meters.heard.row),
      element("div", { class: "vp-devices" }, this.microphones.row, this.speakers.row),
      table,
      this.notice,
    );
  }

  meter(which) {
    const bar = element("span", { class: "vp-bar" });
    const scale = element(
      "span",
      {
        class: "vp-scale",
        role: "meter",
        "aria-label": this.text(`level_${which}`),
        "aria-valuemin": SILENT_DB,
        "aria-valuemax": 0,
        "aria-valuenow": SILENT_DB,
      },
      bar,
    );
    const label = element("span", { "aria-hidden": "true" }, this.text(`level_${which}`));
    return { row: element("div", { class: "vp-meter" }, label, scale), scale, bar };
  }

  chooser(which, choose) {
    const select = element("select", {});
    select.addEventListener("change", () => choose(select.value));
    const row = element("label", { class: "vp-device" }, this.text(which), select);
    return { row, select };
  }

  // What is shown of it

  draw() {
    const { state } = this.telephone;
    const { call_state: call } = state;
    const idle = call === "idle";
    this.root.dataset.registration = state.registration;
    this.root.dataset.call = call;
    set(this.registration, this.text(state.registration));
    const activity = state.on_hold ? "on_hold" : idle ? "" : call;
    set(this.activity, activity ? this.text(activity) : "");
    const name = state.peer_name && state.peer_name !== state.peer ? `${state.peer_name} · ` : "";
    set(this.peer, idle ? "" : `${name}${state.peer}`);
    show(this.peer, !idle);
    show(this.activity, !idle);
    show(this.number, idle);
    show(this.callKey, idle);
    show(this.answerKey, call === "incoming");
    show(this.rejectKey, call === "incoming");
    show(this.hangUpKey, ["dialling", "ringing", "established"].includes(call));
    this.callKey.disabled = state.registration !== "registered";
    this.toggle(this.muteKey, state.muted, !idle && call !== "incoming");
    this.toggle(this.holdKey, state.on_hold, call === "established");
    show(this.notice, Boolean(state.notice));
    set(this.notice, state.notice ? this.text(state.notice.name, state.notice.values) : "");
    if (!idle && this.wasIdle) this.listDevices(); // their names are told with the microphone
    this.wasIdle = idle;
    this.drawTime();
    this.drawFigures();
  }

  toggle(key, pressed, enabled) {
    key.setAttribute("aria-pressed", String(pressed));
    key.disabled = !enabled;
  }

  drawTime() {
    const { established } = this.telephone.state;
    show(this.timer, Boolean(established));
    set(this.timer, established ? duration(Date.now() - established) : "");
  }

  drawFigures() {
    const second = this.telephone.state.second ?? {};
    for (const [name, cell] of Object.entries(this.figures)) {
      const value = second[name] ?? null;
      const number = name.endsWith("_ms") ? value?.toFixed(1) : value?.toLocaleString?.();
      set(cell, value === null ? "–" : name.endsWith("_ms") ? `${number} ms` : String(number));
    }
  }

  drawMeters() {
    if (this.telephone.state.established) this.drawTime();
    for (const [which, { scale, bar }] of Object.entries(this.meters)) {
      const muted = which === "said" && this.telephone.state.muted;
      const level = Math.round(muted ? SILENT_DB : this.telephone.audio.level(which));
      bar.style.clipPath = `inset(0 ${(100 * level) / SILENT_DB}% 0 0)`;
      scale.setAttribute("aria-valuenow", level);
      scale.setAttribute("aria-valuetext", this.text("level_db", { level }));
    }
  }

  async listDevices() {
    const { audio } = this.telephone;
    const devices = await audio.devices();
    this.list(this.microphones, devices.microphones, audio.microphoneId);
    this.list(this.speakers, devices.speakers, audio.speakerId);
    show(this.speakers.row, audio.canChoose);
  }

  list({ select }, devices, chosen) {
    const others = devices.filter(({ id }) => id !== "default");
    const options = [{ id: "", label: this.text("default_device") }, ...others];
    select.replaceChildren(
      ...options.map(({ id, label }, index) =>
        element("option", { value: id }, label || this.text("device", { index })),
      ),
    );
    select.value = chosen;
  }

  press(digit) {
    if (this.telephone.press(digit)) return;
    if (this.telephone.state.call_state !== "idle") return;
    this.telephone.audio.tones.key(digit);
    this.number.value += digit;
  }
}

function element(name, attributes, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

function button(style, onClick) {
  const made = element("button", { type: "button", class: style });
  made.addEventListener("click", onClick);
  return made;
}

/** Set a text only where it differs: a reader of screens is told each change. */
function set(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

function show(node, visible) {
  node.hidden = !visible;
}

function duration(milliseconds) {
  const seconds = Math.floor(milliseconds / 1000);
  const two = (number) => String(number).padStart(2, "0");
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  return `${hours ? `${hours}:` : ""}${two(minutes % 60)}:${two(seconds % 60)}`;
}
