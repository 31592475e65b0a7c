// One labelled control, with what is wrong with its value beside it.

/** A name that no other view on the page has: each model has this module to itself. */
const unique = (kind) => `voiplab-${kind}-${Math.random().toString(36).slice(2)}`;

function element(tag, name, parent) {
  const made = document.createElement(tag);
  if (name) made.className = name;
  parent.append(made);
  return made;
}

function control(kind, parent) {
  if (kind === "choice") return element("select", "", parent);
  if (kind === "lines") return element("textarea", "", parent);
  const input = element("input", "", parent);
  input.type = { switch: "checkbox", range: "range", number: "number" }[kind] ?? kind;
  input.autocomplete = "off";
  input.spellcheck = false;
  return input;
}

export default {
  render({ model, el }) {
    const kind = model.get("kind");
    const id = unique("field");
    el.classList.add("voiplab-field");
    el.dataset.kind = kind;
    const label = element("label", "", el);
    label.htmlFor = id;
    const input = control(kind, el);
    input.id = id;
    const reading = element("output", "voiplab-reading", el);
    reading.htmlFor = id;
    const sentence = element("span", "voiplab-sentence", el);
    sentence.id = `${id}-sentence`;
    sentence.setAttribute("role", "status");
    input.setAttribute("aria-describedby", sentence.id);

    const value = () => {
      if (kind === "switch") return input.checked;
      if (kind === "range" || kind === "number") return input.value === "" ? null : input.valueAsNumber;
      return input.value;
    };
    const read = () => {
      // A slider stands on one of its steps; what Python gave may lie between two.
      const exact = sending ? input.valueAsNumber : model.get("value");
      const unit = model.get("unit");
      reading.textContent = kind === "range" ? `${+Number(exact).toFixed(2)} ${unit}` : unit;
      if (kind === "range") input.setAttribute("aria-valuetext", reading.textContent);
    };
    if (kind === "file") {
      input.addEventListener("change", async () => {
        const [file] = input.files;
        if (!file) return;
        model.send({ order: "file", name: file.name }, undefined, [await file.arrayBuffer()]);
        input.value = "";
      });
    }
    let offered = null;
    if (kind === "text" && model.get("options").length) {
      offered = element("datalist", "", el);
      offered.id = `${id}-offered`;
      offered.append(...model.get("options").map(([key]) => new Option(key, key)));
      input.setAttribute("list", offered.id);
    }
    let sending = 0;
    // As a message, in order with the clicks that follow; a changed trait would wait its turn
    // behind a busy kernel, and a click overtake it.
    const tell = () => {
      clearTimeout(sending);
      sending = 0;
      model.set("value", value());
      model.send({ order: "value", value: value() });
    };
    input.addEventListener(kind === "choice" || kind === "switch" ? "change" : "input", () => {
      if (kind === "file") return;
      // A drag makes dozens of values a second: one in 50 ms is told, the last one always.
      sending ||= setTimeout(tell, 50);
      read();
    });
    input.addEventListener("blur", () => sending && tell());
    input.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || kind === "lines" || kind === "switch") return;
      tell();
      model.send({ order: "submit" });
    });

    const show = () => {
      label.textContent = model.get("label");
      if (kind === "choice") {
        const options = model.get("options");
        if (input.dataset.options !== JSON.stringify(options)) {
          input.dataset.options = JSON.stringify(options);
          input.replaceChildren(...options.map(([key, text]) => new Option(text, key)));
        }
      }
      if (kind === "range" || kind === "number") {
        for (const name of ["min", "max", "step"]) {
          const limit = model.get(name);
          if (limit !== null) input[name] = limit;
        }
      }
      const wanted = model.get("value");
      if (!sending) {
        if (kind === "switch") input.checked = Boolean(wanted);
        else if (kind !== "file" && wanted !== value()) input.value = wanted ?? "";
      }
      if ("placeholder" in input) input.placeholder = model.get("placeholder");
      input.disabled = model.get("disabled");
      const wrong = model.get("sentence");
      sentence.textContent = wrong;
      if (wrong) input.setAttribute("aria-invalid", "true");
      else input.removeAttribute("aria-invalid");
      read();
    };
    const hear = (message) => message.do === "focus" && input.focus();
    model.on("msg:custom", hear);
    model.on("change", show);
    show();
    return () => {
      if (sending) tell();
      model.off("msg:custom", hear);
      model.off("change", show);
    };
  },
};
