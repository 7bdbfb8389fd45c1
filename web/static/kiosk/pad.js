// The number pad: for a card or label that the scanner cannot read, the number
// printed under the bars is typed by touch. Library numbers such as TK.00123
// begin with two letters, so the usual ones have keys of their own.
import { el, icon, replace } from "./dom.js";

const PREFIXES = ["TK", "TN", "GK", "NV"];
const MOST = 20;

export function makePad(dialog, t, onCode) {
  let text = "";
  const shown = el("output", { class: "pad-text", "aria-live": "polite" });
  const show = () => {
    replace(shown, text === "" ? el("span", { class: "pad-empty" }, t("pad.empty")) : text);
    send.disabled = text === "";
  };
  const add = (s) => {
    if (text.length + s.length <= MOST) text += s;
    show();
  };
  const key = (label, act, cls = "", name) => el("button", { type: "button", class: "pad-key " + cls, "aria-label": name, onclick: act }, label);
  const send = key([icon("check"), el("span", {}, t("pad.send"))], () => {
    const code = text;
    close();
    if (code) onCode(code);
  }, "pad-send");
  const close = () => {
    text = "";
    if (dialog.open) dialog.close();
  };

  replace(
    dialog,
    el("div", { class: "pad-head" },
      el("h2", { id: "pad-title" }, t("pad.title")),
      key(icon("close"), close, "pad-close", t("pad.close"))),
    el("p", { class: "pad-hint" }, t("pad.hint")),
    shown,
    el("div", { class: "pad-keys" },
      PREFIXES.map((p) => key(p, () => { text = ""; add(p); }, "pad-prefix")),
      ["1", "2", "3", "4", "5", "6", "7", "8", "9"].map((d) => key(d, () => add(d))),
      key(icon("erase"), () => { text = text.slice(0, -1); show(); }, "pad-erase", t("pad.erase")),
      key("0", () => add("0")),
      send),
  );
  dialog.addEventListener("click", (e) => {
    if (e.target === dialog) close(); // beside the pad
  });
  show();
  return {
    open() {
      text = "";
      show();
      if (!dialog.open) dialog.showModal();
    },
    close,
  };
}
