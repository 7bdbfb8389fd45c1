// Looking for a book at the kiosk: letters are touched, or typed by a hand on the
// PC's keyboard, and the titles are shown with their level's colour and letter,
// where they stand, and whether one can be had or when it comes back. Who has a
// book is not known here. It goes away by itself, with a scan, and with the
// session in which it was opened.
import { el, icon, newID, replace } from "./dom.js";

const MOST = 40; // letters
const IDLE = 40000; // ms without a touch or a key
const PAUSE = 250; // ms after the last letter before it is asked
const KEYS = "ABCDEGHIKLMNOPQRSTUVXYFJWZ"; // Vietnamese letters first

const SVG = "http://www.w3.org/2000/svg";

// mark is the sticker on the book's back: the colour and, for those who do not
// see it, the letter.
function mark(level) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "mark");
  svg.setAttribute("viewBox", "0 0 40 40");
  svg.setAttribute("aria-hidden", "true");
  const part = (name, props, text = "") => {
    const node = document.createElementNS(SVG, name);
    for (const [k, v] of Object.entries(props)) node.setAttribute(k, v);
    node.textContent = text;
    svg.append(node);
  };
  part("rect", { width: 40, height: 40, rx: 8, fill: level.color });
  part("rect", { x: 8, y: 8, width: 24, height: 24, rx: 5, fill: "#fff" });
  part("text", { x: 20, y: 27, "text-anchor": "middle", "font-size": 19, "font-weight": 700, fill: "#1f2d33" }, level.letter);
  return svg;
}

export class Finder {
  constructor({ dialog, t, station, lang, onTyping, fetcher = (...a) => fetch(...a) }) {
    Object.assign(this, { dialog, t, station, lang, onTyping, fetcher, text: "", asked: 0, session: false });
    const key = (label, act, cls = "", name) => el("button", { type: "button", class: "pad-key " + cls, "aria-label": name, onclick: act }, label);
    this.line = el("output", { class: "pad-text", tabindex: "-1", "aria-live": "polite" });
    this.list = el("ul", { class: "hits", tabindex: "0", "aria-label": t("find.hits") });
    this.note = el("p", { class: "hits-note", role: "status" });
    this.ask = key([icon("give"), el("span", {}, t("find.wish"))], () => this.wish(), "wish");
    replace(
      dialog,
      el("div", { class: "pad-head" }, el("h2", { id: "finder-title" }, t("find.title")), key(icon("close"), () => this.close(), "pad-close", t("find.close"))),
      this.line,
      el("div", { class: "finder-body" },
        el("div", { class: "found" }, this.note, this.list, this.ask),
        el("div", { class: "letters" },
          [...KEYS].map((c) => key(c, () => this.add(c.toLowerCase()))),
          key(t("find.space"), () => this.add(" "), "space"),
          key(icon("erase"), () => this.add("\b"), "pad-erase", t("find.erase")))),
    );
    dialog.addEventListener("pointerdown", () => this.wait());
    dialog.addEventListener("close", () => this.forget());
    this.forget();
  }

  open(state) {
    this.session = state?.phase === "session";
    this.forget();
    if (!this.dialog.open) this.dialog.showModal();
    this.line.focus(); // a space typed must press no button
    this.wait();
  }

  close() {
    if (this.dialog.open) this.dialog.close();
  }

  // show follows the station: what one child looked for is not the next one's.
  show(state) {
    if (this.session && state.phase !== "session") this.close();
  }

  forget() {
    clearTimeout(this.idle);
    clearTimeout(this.pause);
    this.text = "";
    this.asked++;
    this.draw();
  }

  wait() {
    clearTimeout(this.idle);
    this.idle = setTimeout(() => this.close(), IDLE);
  }

  // typed takes a hand's letters; "\b" erases one.
  typed(letters) {
    if (!this.dialog.open || letters === "") return;
    this.onTyping();
    this.add(letters);
  }

  add(letters) {
    for (const c of letters) {
      if (c === "\b") this.text = [...this.text].slice(0, -1).join("");
      else if ([...this.text].length < MOST) this.text = (this.text + c).trimStart();
    }
    this.wait();
    this.draw();
    clearTimeout(this.pause);
    this.asked++;
    if (this.text.trim() !== "") this.pause = setTimeout(() => this.look(), PAUSE);
  }

  draw() {
    replace(this.line, this.text === "" ? el("span", { class: "pad-empty" }, this.t("find.empty")) : this.text);
    if (this.text.trim() === "") {
      replace(this.list);
      this.note.textContent = this.t("find.hint");
    }
    this.ask.hidden = true;
  }

  async look() {
    const turn = ++this.asked;
    let res = null;
    try {
      const answer = await this.fetcher(`/kiosk/${this.station}/search?q=${encodeURIComponent(this.text)}&lang=${this.lang}`, { headers: { Accept: "application/json" } });
      if (answer.ok) res = await answer.json();
    } catch {
      // told below
    }
    if (turn !== this.asked) return; // more was typed meanwhile
    if (!res) {
      replace(this.list);
      this.note.textContent = this.t("find.lost");
      return;
    }
    this.note.textContent = this.t(res.total === 0 ? "find.none" : res.near ? "find.near" : "find.found", { n: res.total });
    replace(this.list, res.results.map((r) => this.hit(r)));
    this.list.scrollTop = 0;
    this.ask.hidden = !this.dialog.dataset.wishes || (res.total > 0 && !res.near) || this.text.trim().length < 3;
  }

  hit(r) {
    return el("li", { class: "hit " + (r.available > 0 ? "here" : "away") },
      r.level ? mark(r.level) : icon("book"),
      el("div", {},
        el("p", { class: "title" }, r.title),
        r.level ? el("p", { class: "of-level" }, `${r.level.letter} · ${r.level.name}`) : "",
        el("p", { class: "where" }, icon(r.available > 0 ? "check" : "hourglass"), el("span", {}, r.where))));
  }

  // wish asks the library for a book that it has not.
  async wish() {
    this.ask.disabled = true;
    let said = "find.wish_lost";
    const turn = this.asked;
    try {
      const res = await this.fetcher(`/kiosk/${this.station}/wishes?lang=${this.lang}`, {
        method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ text: this.text.trim(), command_id: newID() }),
      });
      if (res.ok) said = "find.wished";
      else if (res.status === 429) said = "find.wish_often";
    } catch {
      // said as it stands
    }
    this.ask.disabled = false;
    if (turn !== this.asked) return;
    this.note.textContent = this.t(said);
    if (said === "find.wished") this.ask.hidden = true;
    this.wait();
  }
}
