// A panel's last lines: what is under way or came of it, and the line of Python that does the same.

/** Makes a region of the panel around it, whose keys are not the notebook's shortcuts. */
function adopt(panel, model) {
  panel.setAttribute("role", "region");
  panel.setAttribute("aria-label", model.get("title"));
  if (panel.dataset.keys) return;
  panel.dataset.keys = "own";
  panel.addEventListener("keydown", (event) => {
    if (!event.ctrlKey && !event.metaKey && !event.altKey) event.stopPropagation();
  });
}

function element(tag, name, parent) {
  const made = document.createElement(tag);
  made.className = name;
  parent.append(made);
  return made;
}

export default {
  render({ model, el, signal }) {
    el.classList.add("voiplab-report");
    const texts = model.get("texts");
    const line = element("div", "voiplab-line", el);
    const status = element("span", "voiplab-status", line);
    status.setAttribute("role", "status");
    const alert = element("span", "voiplab-alert", line);
    alert.setAttribute("role", "alert");
    const bar = element("progress", "voiplab-progress", line);
    bar.setAttribute("aria-label", texts.progress);
    const cancel = element("button", "voiplab-cancel", line);
    cancel.type = "button";
    cancel.textContent = texts.cancel;
    cancel.addEventListener("click", () => model.send({ order: "cancel" }));
    const details = element("details", "voiplab-details", el);
    element("summary", "", details).textContent = texts.details;
    const trace = element("pre", "", details);
    trace.tabIndex = 0;
    const taught = element("div", "voiplab-taught", el);
    element("span", "voiplab-taught-label", taught).textContent = texts.python;
    const code = element("code", "voiplab-python", taught);
    code.tabIndex = 0; // where it is long, it scrolls

    const show = () => {
      const state = model.get("state");
      el.dataset.state = state;
      const failed = state === "failed";
      status.textContent = failed ? "" : model.get("sentence");
      alert.textContent = failed ? model.get("sentence") : "";
      const share = model.get("share");
      bar.hidden = state !== "busy";
      if (share < 0) bar.removeAttribute("value");
      else bar.value = share;
      cancel.hidden = state !== "busy" || !model.get("cancellable");
      details.hidden = !model.get("trace");
      trace.textContent = model.get("trace");
      taught.hidden = !model.get("python");
      code.textContent = model.get("python");
    };
    model.on("change", show);
    show();

    let frame = 0;
    const join = () => {
      const panel = el.closest(".voiplab-panel");
      if (panel) adopt(panel, model);
      else frame = requestAnimationFrame(join);
    };
    join();
    return () => {
      cancelAnimationFrame(frame);
      model.off("change", show);
    };
  },
};
