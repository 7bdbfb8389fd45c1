// Scans and touches go to the daemon one after the other, in the order of the
// hands that made them. While the connection is down one is sent again with the
// same id, so it is done once; after ten seconds it is told as not done and
// forgotten: a scan is never replayed to the next child.
import { newID } from "./dom.js";

export const KEEP = 10000; // ms
const ANSWER = 4000; // ms to wait for one answer

export class Sender {
  // onAnswer(result), onRefused(message), onLost(), onTrouble().
  constructor({ station, lang, onAnswer, onRefused, onLost, onTrouble, fetcher = (...a) => fetch(...a), now = () => performance.now() }) {
    Object.assign(this, { station, lang, onAnswer, onRefused, onLost, onTrouble, fetcher, now });
    this.queue = [];
    this.busy = false;
  }

  scan(code, device) {
    this.put("scans", { code, device, command_id: newID() });
  }

  act(action, copy) {
    this.put("actions", copy ? { action, copy, command_id: newID() } : { action, command_id: newID() });
  }

  put(path, body) {
    this.queue.push({ path, body, at: this.now() });
    if (!this.busy) this.run();
  }

  async run() {
    this.busy = true;
    while (this.queue.length) {
      const job = this.queue[0];
      await this.send(job);
      this.queue.shift();
    }
    this.busy = false;
  }

  async send(job) {
    for (let pause = 200; ; pause = Math.min(pause * 2, 1500)) {
      if (this.now() - job.at > KEEP) {
        if (job.body.action !== "touch") this.onLost(job);
        return;
      }
      let res;
      try {
        res = await this.post(job);
      } catch {
        res = null;
      }
      if (res && res.ok) {
        this.onAnswer(res.body, job);
        return;
      }
      if (res && res.status < 500) {
        this.onRefused(res.body?.error?.message ?? "", job);
        return;
      }
      this.onTrouble();
      await new Promise((done) => setTimeout(done, pause));
    }
  }

  async post(job) {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), ANSWER);
    try {
      const res = await this.fetcher(`/api/v1/stations/${this.station}/${job.path}?lang=${this.lang}`, {
        method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(job.body), signal: stop.signal, keepalive: true,
      });
      return { ok: res.ok, status: res.status, body: await res.json().catch(() => null) };
    } finally {
      clearTimeout(timer);
    }
  }
}
