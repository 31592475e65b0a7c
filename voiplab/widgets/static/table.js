// A table of rows, of which one can be chosen.

/** A name that no other view on the page has: each model has this module to itself. */
const unique = (kind) => `voiplab-${kind}-${Math.random().toString(36).slice(2)}`;

function element(tag, name, parent) {
  const made = document.createElement(tag);
  if (name) made.className = name;
  parent.append(made);
  return made;
}

export default {
  render({ model, el }) {
    el.classList.add("voiplab-table");
    const group = unique("table");
    const table = element("table", "", el);
    const caption = element("caption", "", table);
    const head = element("tr", "", element("thead", "", table));
    const body = element("tbody", "", table);
    const empty = element("p", "voiplab-empty", el);

    const choose = (key) => {
      // As a message, in order with the clicks that follow: see field.js.
      model.set("chosen", key);
      model.send({ order: "choose", key });
    };

    const row = (cells, columns, key) => {
      const made = element("tr", "", body);
      made.dataset.key = key;
      columns.forEach(([name, label], at) => {
        const cell = element(at ? "td" : "th", "", made);
        cell.dataset.column = label;
        if (!at) cell.scope = "row";
        const text = String(cells[name] ?? "");
        if (!at && model.get("choosable")) {
          const wrapped = element("label", "", cell);
          const radio = element("input", "", wrapped);
          radio.type = "radio";
          radio.name = group;
          radio.value = key;
          radio.addEventListener("change", () => choose(key));
          element("span", "", wrapped).textContent = text;
        } else {
          const shown = element("span", "", cell);
          shown.textContent = text;
          const tone = (cells.tones ?? {})[name];
          if (tone) shown.dataset.tone = tone;
        }
      });
      made.addEventListener("click", () => {
        if (!model.get("choosable")) return;
        made.querySelector("input")?.focus();
        choose(key);
      });
    };

    const mark = () => {
      const chosen = model.get("chosen");
      for (const made of body.rows) {
        const is = model.get("choosable") && made.dataset.key === chosen;
        made.classList.toggle("voiplab-chosen", is);
        const radio = made.querySelector("input[type=radio]");
        if (radio) radio.checked = is;
      }
    };

    const show = () => {
      const columns = model.get("columns");
      const rows = model.get("rows");
      caption.textContent = model.get("caption");
      head.replaceChildren();
      for (const [, label] of columns) {
        const cell = element("th", "", head);
        cell.scope = "col";
        cell.textContent = label;
      }
      const focused = body.contains(document.activeElement) ? document.activeElement.value : null;
      body.replaceChildren();
      for (const cells of rows) row(cells, columns, String(cells[model.get("key")]));
      if (focused !== null) {
        [...body.querySelectorAll("input")].find(({ value }) => value === focused)?.focus();
      }
      table.hidden = rows.length === 0;
      empty.hidden = rows.length > 0;
      empty.textContent = model.get("empty");
      mark();
    };
    model.on("change:rows change:columns change:caption change:empty", show);
    model.on("change:chosen", mark);
    show();
    return () => {
      model.off("change:rows change:columns change:caption change:empty", show);
      model.off("change:chosen", mark);
    };
  },
};
