// The page's line to the daemon: a websocket that brings the whole state at
// each change. It comes back by itself, first quickly, then every few seconds,
// with some chance in it so that all screens of a school do not knock at once.

const FIRST = 300; // ms
const LAST = 5000; // ms
const CHECK = 25000; // ms between two looks whether the line is really alive

export class Connection {
  constructor({ station, lang, onState, onUp, onDown }) {
    Object.assign(this, { station, lang, onState, onUp, onDown });
    this.tries = 0;
    this.seq = -1;
    setInterval(() => this.check(), CHECK);
    addEventListener("online", () => this.now());
  }

  open() {
    clearTimeout(this.timer);
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const ws = new WebSocket(`${scheme}://${location.host}/ws/stations/${this.station}?lang=${this.lang}`);
    this.ws = ws;
    ws.onmessage = (e) => {
      if (this.ws !== ws) return;
      this.tries = 0;
      const state = JSON.parse(e.data);
      this.seq = state.seq;
      this.onUp();
      this.onState(state);
    };
    ws.onclose = () => {
      if (this.ws === ws) this.down();
    };
  }

  down() {
    this.ws = null;
    this.onDown();
    const wait = Math.min(LAST, FIRST * 2 ** this.tries++);
    this.timer = setTimeout(() => this.open(), wait * (0.5 + Math.random() / 2));
  }

  // now tries at once, when there is a reason to hope.
  now() {
    if (!this.ws) this.open();
  }

  // again drops a line that seems dead.
  again() {
    const ws = this.ws;
    if (!ws || ws.readyState === WebSocket.CONNECTING) return;
    this.ws = null;
    ws.close();
    this.down();
  }

  // check asks over HTTP: a half-dead line gives no sign of itself. Behind by
  // one look may be a change under way; behind by two is a line that is dead.
  async check() {
    if (!this.ws) return;
    const ws = this.ws;
    try {
      const res = await fetch(`/api/v1/stations/${this.station}?lang=${this.lang}`, { signal: AbortSignal.timeout(5000) });
      if (res.status === 401 || res.status === 403) return location.reload();
      const { seq } = await res.json();
      await new Promise((done) => setTimeout(done, 2000));
      if (this.ws === ws && this.seq < seq) this.again();
    } catch {
      if (this.ws === ws) this.again();
    }
  }
}
