// The two countdowns: the ring of seconds that are left of a session, and the
// bell that ends the break. They run by the daemon's clock, not the PC's.
import { el, icon, replace } from "./dom.js";

const LONG = 20; // seconds of a whole session

export class Clocks {
  constructor(root, t) {
    this.t = t;
    this.$ = (id) => root.getElementById(id);
    this.ahead = 0;
    this.state = null;
    this.bell = "";
    setInterval(() => this.tick(), 250);
  }

  set(state) {
    this.state = state;
    this.ahead = Date.parse(state.now) - Date.now();
    this.tick();
  }

  // until is how many ms are left to an instant of the daemon's clock.
  until(when) {
    return Date.parse(when) - Date.now() - this.ahead;
  }

  tick() {
    if (!this.state) return;
    this.ring(this.state.ends_at ? Math.max(0, this.until(this.state.ends_at)) / 1000 : null);
    const end = this.state.service.break_ends_at;
    this.countdown(end ? Math.max(0, this.until(end)) / 1000 : null);
  }

  ring(seconds) {
    const ring = this.$("ring");
    ring.toggleAttribute("hidden", seconds === null);
    if (seconds === null) return;
    this.$("seconds").textContent = Math.ceil(seconds);
    this.$("arc").setAttribute("stroke-dashoffset", String(100 - 100 * Math.min(1, seconds / LONG)));
    ring.classList.toggle("soon", seconds < 6);
  }

  countdown(seconds) {
    const text = seconds === null ? "" : `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;
    if (text === this.bell) return;
    this.bell = text;
    const bell = this.$("bell");
    bell.hidden = text === "";
    if (text === "") return replace(bell);
    bell.classList.toggle("soon", seconds < 120);
    replace(bell, icon("bell"), el("span", {}, this.t(seconds < 120 ? "bell.soon" : "bell.left"), " "), el("b", {}, text));
  }
}
