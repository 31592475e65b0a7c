// A ladder that grows: what was opened in it stays open, and where one reads stays in sight.

export default {
  render({ model, el }) {
    el.classList.add("voiplab-ladder-view");
    const scroll = document.createElement("div");
    scroll.className = "voiplab-ladder-scroll";
    scroll.tabIndex = 0;
    scroll.setAttribute("role", "region");
    el.append(scroll);

    let shown = "";
    const show = () => {
      scroll.setAttribute("aria-label", model.get("label"));
      const same = shown === model.get("key");
      shown = model.get("key");
      const before = [...scroll.querySelectorAll("details")];
      const open = same ? before.map((each) => each.open) : [];
      const focused = before.findIndex((each) => each.contains(document.activeElement));
      const atEnd = scroll.scrollTop + scroll.clientHeight >= scroll.scrollHeight - 4;
      const top = scroll.scrollTop;
      scroll.innerHTML = model.get("html");
      const after = [...scroll.querySelectorAll("details")];
      after.forEach((each, at) => (each.open = open[at] ?? false));
      if (same && focused >= 0) after[focused]?.querySelector("summary")?.focus({ preventScroll: true });
      // Who reads the end sees what comes; who reads something else is left there.
      scroll.scrollTop = same && !atEnd ? top : same ? scroll.scrollHeight : 0;
    };
    model.on("change:html", show);
    show();
    return () => model.off("change:html", show);
  },
};
