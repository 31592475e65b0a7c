// The tabs above pages of which one is shown (ARIA Authoring Practices, "Tabs").

/** A name that no other view on the page has: each model has this module to itself. */
const unique = (kind) => `voiplab-${kind}-${Math.random().toString(36).slice(2)}`;

export default {
  render({ model, el, signal }) {
    const id = unique("tabs");
    el.classList.add("voiplab-tabs");
    const list = document.createElement("div");
    list.setAttribute("role", "tablist");
    list.setAttribute("aria-label", model.get("label"));
    el.append(list);
    const titles = model.get("titles");
    const choose = (at, focus) => {
      model.set("chosen", at);
      model.save_changes();
      if (focus) list.children[at].focus();
    };
    titles.forEach((title, at) => {
      const tab = document.createElement("button");
      tab.type = "button";
      tab.id = `${id}-${at}`;
      tab.textContent = title;
      tab.setAttribute("role", "tab");
      tab.addEventListener("click", () => choose(at, false));
      list.append(tab);
    });
    const steps = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
    list.addEventListener("keydown", (event) => {
      const count = titles.length;
      let at = model.get("chosen");
      if (event.key in steps) at = (at + steps[event.key] + count) % count;
      else if (event.key === "Home") at = 0;
      else if (event.key === "End") at = count - 1;
      else return;
      event.preventDefault();
      event.stopPropagation();
      choose(at, true);
    });

    // The pages are the panels of the box that follows; only the chosen one has a place in it.
    const pages = () => {
      const box = el.parentElement?.querySelector(":scope > .voiplab-pages");
      return box ? [...box.children] : null;
    };
    let frame = 0;
    const show = () => {
      const found = pages();
      if (!found || found.length < titles.length) {
        cancelAnimationFrame(frame);
        frame = requestAnimationFrame(show);
        return;
      }
      const chosen = model.get("chosen");
      titles.forEach((_title, at) => {
        const tab = list.children[at];
        tab.setAttribute("aria-selected", String(at === chosen));
        tab.tabIndex = at === chosen ? 0 : -1;
        found[at].hidden = at !== chosen;
        found[at].id = `${id}-${at}-page`;
        found[at].setAttribute("role", "tabpanel");
        found[at].setAttribute("aria-labelledby", tab.id);
        tab.setAttribute("aria-controls", found[at].id);
      });
      // Charts and such measure their place when they are shown.
      window.dispatchEvent(new Event("resize"));
    };
    model.on("change:chosen", show);
    show();
    return () => {
      cancelAnimationFrame(frame);
      model.off("change:chosen", show);
    };
  },
};
