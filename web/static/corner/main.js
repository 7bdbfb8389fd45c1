// The class corner on a phone. What is touched is kept first, shown at once and
// sent when the network is there; the page never waits for the server.
import { makeWords } from "../kiosk/dom.js";
import { Fleeting, Store } from "./db.js";
import { Queue } from "./queue.js";
import { Corner } from "./book.js";
import { CodeCamera } from "./camera.js";
import { check, IDLE, remember } from "./lock.js";
import * as views from "./views.js";

const FRESH = 60000; // ms after which the corner is asked for anew
const TOUCH = 60000; // ms between two notes that the page was touched

export class App {
  async start() {
    this.lang = document.documentElement.lang;
    this.t = makeWords(JSON.parse(document.body.dataset.words));
    this.tab = "lend";
    this.view = "start";
    this.pupil = "";
    this.typed = "";
    this.count = 1;
    try {
      this.store = await Store.open();
    } catch {
      this.store = new Fleeting();
    }
    this.queue = new Queue({
      store: this.store, lang: this.lang, onChange: () => this.show(), onAnswer: (act) => this.answered(act), onSignIn: (e) => this.signInAgain(e), onRefresh: () => this.refresh(),
    });
    await this.queue.load();
    this.me = await this.store.get("me");
    this.data = await this.store.get("data");
    this.place = (await this.store.get("place")) ?? this.data?.corners[0]?.place;
    this.touched = (await this.store.get("touched")) ?? 0;
    this.camera = new CodeCamera({
      root: document, t: (key, v) => this.t(key, v), station: "", lang: this.lang,
      onAnswer: ({ code }) => this.scanned(code), onRefused: (m) => this.say(m, { bad: true }), onReading: () => this.say(this.t("reading")),
      onLost: () => this.say(this.t("camera.away"), { bad: true }), onTrouble: () => {},
    });
    addEventListener("pointerdown", () => this.touch(), true);
    document.addEventListener("visibilitychange", () => !document.hidden && this.wake());
    for (const [id, view] of [["state", "list"], ["menu", "menu"]]) {
      document.getElementById(id).addEventListener("click", () => { this.say(""); this.open(view); });
    }
    setInterval(() => !document.hidden && this.wake(), FRESH);
    if (this.me && this.data) this.view = this.idle() ? "lock" : "corner";
    this.show();
    this.worker();
    await this.refresh();
    this.queue.soon();
    document.body.dataset.ready = "yes";
  }

  // worker makes the page open without a network. A browser that does not trust
  // the school's certificate refuses it; then the page works while connected.
  async worker() {
    this.offline = false;
    try {
      await navigator.serviceWorker.register("/corner/sw.js");
      await navigator.serviceWorker.ready;
      this.offline = true;
      navigator.storage?.persist?.().catch(() => {});
    } catch {
      // Said in the menu.
    }
    document.body.dataset.offline = this.offline ? "yes" : "no";
    this.show();
  }

  idle() {
    return Date.now() - this.touched > IDLE || this.touched > Date.now() + IDLE;
  }

  touch() {
    if (!this.me || this.view === "lock" || this.view === "signin") return;
    const now = Date.now();
    if (Math.abs(now - this.touched) < TOUCH) return;
    if (this.idle()) return this.lock();
    this.touched = now;
    this.store.keep("touched", now).catch(() => {});
  }

  wake() {
    if (this.me && this.data && this.view !== "lock" && this.view !== "signin" && this.idle()) return this.lock();
    if (this.me) this.refresh();
  }

  lock() {
    this.view = "lock";
    this.show();
  }

  // refresh asks for the corner as it is.
  async refresh() {
    const res = await this.queue.post("/api/v1/corner");
    this.queue.reached(Boolean(res));
    if (!res) {
      if (!this.data) this.open("away");
      return;
    }
    if (res.status === 401 || res.status === 403) return this.signInAgain(res.body?.error);
    if (!res.ok) return;
    await this.queue.met(res.body.now, res.sent).catch(() => {});
    this.data = res.body;
    this.me = res.body.me;
    await this.store.keep("data", this.data).catch(() => {});
    await this.store.keep("me", this.me).catch(() => {});
    if (!this.data.corners.some((c) => c.place === this.place)) this.place = this.data.corners[0]?.place;
    if (["start", "away", "signin"].includes(this.view)) {
      this.view = "corner";
      this.touched = Date.now();
      await this.store.keep("touched", this.touched).catch(() => {});
    }
    this.show();
  }

  async signInAgain(error) {
    // What this page was opened by is over: the card is known, the PIN is asked for.
    const state = await this.queue.post("/api/v1/corner/sign-in");
    this.enrolled = state?.body?.enrolled ?? true;
    this.trouble = error?.code === "sign_in" ? "" : error?.message ?? "";
    if (this.view !== "list" || !this.me) this.view = "signin";
    this.show();
  }

  async signIn(card, pin) {
    if (this.view === "lock" && !this.queue.online) return this.unlock(pin);
    const res = await this.queue.post("/api/v1/corner/sign-in", { card, pin });
    if (!res) return this.view === "lock" ? this.unlock(pin) : this.say(this.t("signin.away"), { bad: true });
    if (!res.ok) return this.say(res.body?.error?.message ?? "", { bad: true });
    this.say("");
    this.trouble = "";
    await this.store.keep("card", card).catch(() => {});
    this.store.keep("lock", await remember(pin)).catch(() => {});
    this.touched = Date.now();
    await this.store.keep("touched", this.touched).catch(() => {});
    this.view = this.data ? "corner" : "start";
    await this.refresh();
    this.queue.soon();
  }

  // unlock opens the page without the server.
  async unlock(pin) {
    const kept = await this.store.get("lock");
    const is = await check(kept, pin);
    if (is === "ask") return this.say(this.t("lock.ask"), { bad: true });
    await this.store.keep("lock", { ...kept, tries: is === "right" ? 0 : kept.tries + 1 });
    if (is === "wrong") return this.say(this.t("lock.wrong"), { bad: true });
    this.say("");
    this.touched = Date.now();
    await this.store.keep("touched", this.touched);
    this.view = "corner";
    this.show();
  }

  // signOut takes the names off the phone. What was not sent stays, and says so.
  async signOut() {
    if (this.queue.waiting().length && this.view !== "leaving") return this.open("leaving");
    await this.queue.post("/api/v1/corner/sign-out", {});
    for (const key of ["me", "data", "card", "lock", "place"]) await this.store.keep(key, undefined);
    this.me = this.data = this.place = undefined;
    this.say("");
    this.open("signin");
  }

  corner() {
    const raw = this.data?.corners.find((c) => c.place === this.place);
    return raw && new Corner(raw, this.queue.list);
  }

  open(view) {
    this.view = view;
    this.show();
    document.getElementById("main").focus();
    scrollTo(0, 0);
  }

  show() {
    views.show(this);
  }

  say(text, { bad = false, undo = null } = {}) {
    this.said = { text, bad, undo };
    views.say(this);
  }

  // note keeps an act; what cannot be kept was not done.
  async note(act) {
    try {
      return await this.queue.add({ place: this.place, ...(this.week ? { week: this.week } : {}), ...act });
    } catch {
      this.say(this.t("full"), { bad: true });
      return null;
    }
  }

  async lend(pupil, copy) {
    const corner = this.corner();
    if (copy.out && copy.pupil === pupil.id) return this.say(this.t("has_it", { name: pupil.given, title: copy.title }), { bad: true });
    const before = copy.out && corner.pupilByID(copy.pupil);
    const act = await this.note({ kind: "lend", pupil: pupil.id, copy: copy.id, text: `${pupil.given}: ${copy.title}` });
    if (!act) return;
    this.pupil = this.typed = "";
    this.say(this.t(before ? "handed_on" : "lent", { name: pupil.given, title: copy.title, before: before?.given }), { undo: act });
    this.open("corner");
  }

  async giveBack(copy) {
    const act = await this.note({ kind: "return", copy: copy.id, text: copy.title });
    if (!act) return;
    this.typed = "";
    this.say(this.t("returned", { title: copy.title }), { undo: act });
    this.show();
  }

  async read() {
    const act = await this.note({ kind: "read", count: this.count, text: this.t("read.n", { n: this.count }) });
    if (!act) return;
    this.say(this.t("read.done", { n: this.count }), { undo: act });
    this.count = 1;
    this.show();
  }

  // force lends though a rule was against it: the keeper says so.
  async force(act) {
    const again = await this.note({ kind: "lend", pupil: act.pupil, copy: act.copy, code: act.code, force: true, text: act.text });
    if (again) await this.queue.seen(act);
  }

  // answered corrects what was said of the last act when the server thought
  // otherwise.
  answered(act) {
    if (this.said?.undo?.id === act.id && act.state !== "done") this.say(act.answer?.message ?? "", { bad: true });
  }

  // undo: what has not gone out is crossed off; what has is taken back by an act
  // of its own.
  async undo(act) {
    if (!(await this.queue.cancel(act))) {
      if (!(await this.note({ kind: "undo", of: act.id, text: act.text }))) return;
    }
    this.say(this.t("undone", { text: act.text }));
    this.show();
  }

  // scanned is what the camera read, by where the page stands.
  async scanned(code) {
    if (this.view === "signin") return views.card(code);
    const corner = this.corner();
    if (!corner) return;
    const paper = /^W\.(\d{4}-\d\d-\d\d)(?:\.(.+))?$/.exec(code);
    if (paper) return this.copyPaper(paper[1], paper[2], corner);
    const copy = corner.find(code);
    const pupil = corner.pupilByCard(code);
    if (this.tab === "return") return copy ? this.giveBack(copy) : this.unknown("return", code);
    if (pupil) {
      this.pupil = pupil.id;
      this.say("");
      return this.open("corner");
    }
    const chosen = corner.pupilByID(this.pupil);
    if (!chosen) return this.say(this.t(copy ? "child_first" : "no_such_card"), { bad: true });
    return copy ? this.lend(chosen, copy) : this.unknown("lend", code, chosen);
  }

  // copyPaper begins to copy the paper of a week, whose code was read: what is
  // noted then counts as of that week, and as from paper. The same code ends it.
  copyPaper(monday, place, corner) {
    if (place && corner.raw.code && place.toUpperCase() !== corner.raw.code.toUpperCase()) return this.say(this.t("week.other"), { bad: true });
    const over = this.week === monday;
    this.week = over ? "" : monday;
    this.say(over ? this.t("week.over") : this.t("week.on", { week: monday.split("-").reverse().join("/") }));
    this.open("corner");
  }

  // unknown is a code that is not of this corner: the server finds out.
  async unknown(kind, code, pupil) {
    const act = await this.note({ kind, code, pupil: pupil?.id, text: pupil ? `${pupil.given}: ${code}` : code });
    if (!act) return;
    this.pupil = "";
    this.say(this.t("unknown", { code }), { undo: act });
    this.open("corner");
  }
}


new App().start();
