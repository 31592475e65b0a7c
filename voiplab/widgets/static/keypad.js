// The keys of a telephone.

const KEYS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#"];

export default {
  render({ model, el }) {
    el.classList.add("voiplab-keypad");
    el.setAttribute("role", "group");
    el.setAttribute("aria-label", model.get("label"));
    for (const key of KEYS) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = key;
      button.setAttribute("aria-label", model.get("names")[key] ?? key);
      button.addEventListener("click", () => model.send({ key }));
      el.append(button);
    }
  },
};
