import { Telephone } from "./telephone.js";
import { View } from "./view.js";

const TOLD = ["registration", "call_state", "peer", "muted", "on_hold"];

// One telephone a model, however many times it is shown on the page.
const telephones = new WeakMap();

/** The telephone of a model, registered from when it is first shown. */
function telephoneOf(model) {
  if (telephones.has(model)) return telephones.get(model);
  const asked = [];
  const askAccount = () =>
    new Promise((resolve, reject) => {
      asked.push({ resolve, reject });
      model.send({ ask: "account" });
    });
  const telephone = new Telephone(model.get("extension"), askAccount);
  telephones.set(model, telephone);
  const orders = {
    call: ([number]) => telephone.call(number),
    answer: () => telephone.answer(),
    reject: () => telephone.reject(),
    hang_up: () => telephone.hangUp(),
    hold: ([on]) => telephone.hold(on),
    mute: ([on]) => telephone.mute(on),
    send_dtmf: ([digits]) => telephone.press(digits),
  };
  model.on("msg:custom", ({ account, reason, order, values }) => {
    if (order) orders[order]?.(values);
    else if (account) asked.splice(0).forEach(({ resolve }) => resolve(account));
    else asked.splice(0).forEach(({ reject }) => reject(new Error(reason)));
  });
  telephone.addEventListener("change", () => {
    const { state } = telephone;
    for (const name of TOLD) model.set(name, state[name]);
    model.set("notice", state.notice ? { ...state.notice } : {});
    model.save_changes();
  });
  telephone.addEventListener("second", ({ detail }) => model.send({ second: detail }));
  telephone.start();
  return telephone;
}

export default {
  initialize({ model }) {
    return () => {
      telephones.get(model)?.close();
      telephones.delete(model);
    };
  },

  render({ model, el }) {
    const view = new View(el, telephoneOf(model), {
      extension: model.get("extension"),
      name: model.get("name"),
      texts: model.get("texts"),
    });
    return () => view.remove();
  },
};
