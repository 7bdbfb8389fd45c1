// The line that says how the station's scanners are: which is pulled out, which
// cannot be used, and for a few seconds that one is back. While all is well it
// is empty.
import { el, icon, replace } from "./dom.js";

const READY_FOR = 6000; // milliseconds

export class Scanners {
  constructor(node, t) {
    this.node = node;
    this.t = t;
    this.was = new Map(); // whether each was connected when last heard of
    this.ever = new Set(); // those that were connected once
    this.back = new Map(); // until when to say that it is back
    this.drawn = "";
  }

  show(devices) {
    this.devices = devices;
    const now = performance.now();
    for (const d of devices) {
      if (d.connected && this.was.get(d.name) === false) {
        this.back.set(d.name, now + READY_FOR);
        setTimeout(() => this.draw(), READY_FOR + 50);
      }
      this.was.set(d.name, d.connected);
      if (d.connected) this.ever.add(d.name);
    }
    this.draw();
  }

  draw() {
    const { t } = this;
    const now = performance.now();
    const lines = [];
    for (const d of this.devices) {
      if (d.why === "starting" || d.why === "stopped") continue;
      if (!d.connected) {
        const [head, hint] = d.why && d.why !== "absent" ? ["trouble", "call"] : [this.ever.has(d.name) ? "gone" : "absent", "plug"];
        lines.push({ kind: "gone", pic: "plug", head: t(`scanner.${head}`), hint: t(`scanner.${hint}`), name: d.name });
      } else if ((this.back.get(d.name) ?? 0) > now) {
        lines.push({ kind: "ready", pic: "check", head: t("scanner.ready"), hint: "", name: d.name });
      }
    }
    const drawn = JSON.stringify(lines);
    if (drawn === this.drawn) return; // a status that is written again is read out again
    this.drawn = drawn;
    replace(this.node, lines.map((l) => el("p", { class: `scanner ${l.kind}` },
      icon(l.pic), el("b", {}, l.head), l.hint ? el("span", { class: "hint" }, l.hint) : null,
      this.devices.length > 1 ? el("span", { class: "name" }, l.name) : null)));
  }
}
