// The queue of acts. Each has an id that was made here, so that however often it
// is sent it is done once; they go in their order, and none leaves the phone's
// memory before the answer is there.
import { newID } from "../kiosk/dom.js";

export const VERSION = 1; // of an act's shape
const ONCE = 50; // acts in one sending
const ANSWER = 20000; // ms to wait for an answer
const KEPT = 60; // answered acts that are still shown
const FIRST = 2000, LAST = 60000; // ms between two tries

// What is to become of an act.
export const WAITS = "waits", DONE = "done", TOLD = "told", STUCK = "stuck", CANCELLED = "cancelled";

export class Queue {
  // onChange(), onAnswer(act), onSignIn(error), onRefresh(): something changed;
  // an act was answered; the sign-in is over; the corner is not what it was.
  constructor({ store, lang, onChange, onAnswer, onSignIn, onRefresh, fetcher = (...a) => fetch(...a), now = () => Date.now() }) {
    Object.assign(this, { store, lang, onChange, onAnswer, onSignIn, onRefresh, fetcher, now });
    this.list = [];
    this.contact = null; // {server, phone}: both clocks when they last met
    this.online = navigator.onLine;
    this.busy = false;
    this.writing = 0; // changes that are on their way into the store
    this.written = 0; // and those that were
    this.pause = FIRST;
    addEventListener("online", () => this.soon());
    addEventListener("offline", () => this.reached(false));
    document.addEventListener("visibilitychange", () => !document.hidden && this.soon());
  }

  async load() {
    await this.read();
    this.contact = (await this.store.get("contact")) ?? null;
  }

  // read takes over what is kept, also by another page. What this page changes
  // while it is read is not undone by the older rows: it is read once more.
  async read() {
    for (;;) {
      const before = this.written;
      const rows = await this.store.acts();
      if (this.writing || this.written !== before) continue;
      this.list = rows.map((row) => Object.assign(this.list.find((a) => a.n === row.n) ?? {}, row));
      return;
    }
  }

  // write is one change of the store.
  async write(change) {
    this.writing++;
    try {
      return await change();
    } finally {
      this.writing--;
      this.written++;
    }
  }

  waiting() {
    return this.list.filter((a) => a.state === WAITS);
  }

  // told are acts about which a person has to know something.
  told() {
    return this.list.filter((a) => a.state === TOLD || a.state === STUCK);
  }

  // add keeps an act. It throws when the phone has no room: then nothing was
  // noted, and the page must say so.
  async add(act) {
    const whole = { v: VERSION, id: newID(), at: this.now(), contact: this.contact, ...act, state: WAITS };
    await this.write(async () => {
      whole.n = await this.store.add(whole);
      this.list.push(whole);
    });
    this.onChange();
    this.soon();
    return whole;
  }

  // cancel takes back an act that has not gone out. What is being sent may have
  // arrived, so it cannot be cancelled any more.
  async cancel(act) {
    if (act.state !== WAITS || act.sending) return false;
    await this.mark(act, { state: CANCELLED });
    return true;
  }

  mark(act, change) {
    return this.markAll([[act, change]]);
  }

  // markAll changes several acts in one transaction.
  async markAll(changes) {
    for (const [act, change] of changes) Object.assign(act, change);
    await this.write(() => this.store.put(changes.map(([{ sending, ...row }]) => row)));
    this.onChange();
  }

  // seen puts away what was told.
  async seen(act) {
    await this.mark(act, { state: DONE });
    await this.tidy();
  }

  // tidy forgets the oldest acts that are answered.
  async tidy() {
    const old = this.list.filter((a) => a.state === DONE || a.state === CANCELLED).slice(0, -KEPT);
    if (!old.length) return;
    await this.write(async () => {
      await this.store.drop(old.map((a) => a.n));
      this.list = this.list.filter((a) => !old.includes(a));
    });
  }

  soon(wait = 0) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.run(), wait);
  }

  reached(yes) {
    if (this.online === yes) return;
    this.online = yes;
    this.onChange();
  }

  // run sends what waits. Only one page of this browser does so at a time.
  async run() {
    if (this.busy) return;
    this.busy = true;
    const work = () => this.sendAll();
    let wait = 0;
    try {
      wait = navigator.locks ? await navigator.locks.request("muontra-corner-send", { ifAvailable: true }, (lock) => (lock ? work() : FIRST)) : await work();
    } catch {
      wait = this.pause;
    } finally {
      this.busy = false;
    }
    if (wait) this.soon(wait);
  }

  // sendAll gives the time after which to try again, 0 for not at all.
  async sendAll() {
    // Another page may have noted or sent some.
    await this.read();
    const passed = new Set(); // acts that somebody else has to send
    for (;;) {
      const some = this.waiting().filter((a) => !passed.has(a.id)).slice(0, ONCE);
      if (!some.length) {
        this.pause = FIRST;
        await this.tidy();
        this.onChange();
        return 0;
      }
      some.forEach((a) => (a.sending = true));
      const res = await this.post("/api/v1/corner/acts", { sent_at: this.now(), left: this.list.filter((a) => (a.state === WAITS || a.state === STUCK) && !some.includes(a)).length, acts: some.map(({ state, sending, n, told, answer, ...act }) => act) });
      some.forEach((a) => (a.sending = false));
      if (!res || res.status >= 500 || res.status === 429) {
        this.reached(Boolean(res));
        this.pause = Math.min(LAST, this.pause * 2);
        return this.pause * (0.5 + Math.random() / 2);
      }
      this.reached(true);
      if (res.status === 401 || res.status === 403) {
        this.onSignIn(res.body?.error);
        return 0;
      }
      if (!res.ok) {
        // The server does not understand the whole: one act may be at fault, and
        // must not hold up the others.
        if (some.length > 1) {
          await this.oneByOne(some, passed);
          continue;
        }
        await this.mark(some[0], { state: STUCK, answer: { message: res.body?.error?.message ?? "" } });
        continue;
      }
      await this.met(res.body.now, res.sent);
      const answered = [];
      for (const answer of res.body.answers) {
        const act = some.find((a) => a.id === answer.id);
        if (!act) continue;
        if (answer.state === WAITS) passed.add(act.id);
        answered.push([act, { state: answer.state, answer }]);
      }
      await this.markAll(answered);
      for (const [act] of answered) this.onAnswer(act);
      if (answered.some(([act]) => act.answer.rule || act.state !== DONE)) this.onRefresh();
    }
  }

  // oneByOne finds the act at fault.
  async oneByOne(some, passed) {
    for (const act of some) {
      const { state, sending, n, told, answer, ...plain } = act;
      const res = await this.post("/api/v1/corner/acts", { sent_at: this.now(), acts: [plain] });
      if (!res || res.status >= 500) throw new Error("away");
      if (res.ok) {
        const got = res.body.answers[0];
        if (got.state === WAITS) passed.add(act.id);
        await this.mark(act, { state: got.state, answer: got });
      } else {
        await this.mark(act, { state: STUCK, answer: { message: res.body?.error?.message ?? "" } });
      }
    }
  }

  // met notes what both clocks showed when the server answered.
  async met(server, phone) {
    this.contact = { server, phone };
    await this.store.keep("contact", this.contact);
  }

  // post sends JSON; null when nothing came back. sent is the phone's clock in
  // the middle of the way there and back.
  async post(path, body) {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), ANSWER);
    const before = this.now();
    try {
      const res = await this.fetcher(`${path}?lang=${this.lang}`, {
        method: body === undefined ? "GET" : "POST", headers: { "Content-Type": "application/json", Accept: "application/json" },
        body: body === undefined ? undefined : JSON.stringify(body), signal: stop.signal,
      });
      return { ok: res.ok, status: res.status, body: await res.json().catch(() => null), sent: (before + this.now()) / 2 };
    } catch {
      return null;
    } finally {
      clearTimeout(timer);
    }
  }
}
