// What the phone keeps in the browser's own database: the acts, in the order in
// which they were done, and one picture of the class and its books. An act is
// there once add() has come back, also when the browser dies the moment after.

const NAME = "muontra-corner";
const VERSION = 1;

const asked = (req) => new Promise((ok, no) => {
  req.onsuccess = () => ok(req.result);
  req.onerror = () => no(req.error);
});

export class Store {
  static async open(name = NAME) {
    const req = indexedDB.open(name, VERSION);
    req.onupgradeneeded = () => {
      const db = req.result;
      if (!db.objectStoreNames.contains("acts")) db.createObjectStore("acts", { keyPath: "n", autoIncrement: true });
      if (!db.objectStoreNames.contains("kept")) db.createObjectStore("kept");
    };
    const store = new Store();
    store.db = await asked(req);
    // A page of a newer version must not wait for this one.
    store.db.onversionchange = () => store.db.close();
    return store;
  }

  // write runs fn on the stores in one transaction that is on the disk when it
  // ends; "strict" asks the browser not to answer from memory.
  async write(fn) {
    const tx = this.db.transaction(["acts", "kept"], "readwrite", { durability: "strict" });
    const done = new Promise((ok, no) => {
      tx.oncomplete = ok;
      tx.onabort = () => no(tx.error ?? new DOMException("aborted", "AbortError"));
      tx.onerror = () => {}; // the transaction is aborted by it
    });
    const value = fn({ acts: tx.objectStore("acts"), kept: tx.objectStore("kept") });
    await done;
    return value;
  }

  // add keeps one act behind all others and gives its number.
  async add(act) {
    let n;
    await this.write(({ acts }) => {
      const req = acts.add(act);
      req.onsuccess = () => (n = req.result);
    });
    return n;
  }

  // acts are all that are kept, in their order.
  acts() {
    return asked(this.db.transaction("acts").objectStore("acts").getAll());
  }

  put(rows) {
    return this.write(({ acts }) => rows.forEach((row) => acts.put(row)));
  }

  drop(numbers) {
    return this.write(({ acts }) => numbers.forEach((n) => acts.delete(n)));
  }

  get(key) {
    return asked(this.db.transaction("kept").objectStore("kept").get(key));
  }

  keep(key, value) {
    return this.write(({ kept }) => void (value === undefined ? kept.delete(key) : kept.put(value, key)));
  }
}

// Fleeting stands in where the browser keeps nothing, as in a private window:
// acts go out as long as the page is open, and the page says so.
export class Fleeting {
  constructor() {
    this.rows = new Map();
    this.values = new Map();
    this.next = 1;
    this.fleeting = true;
  }

  async add(act) {
    const n = this.next++;
    this.rows.set(n, { ...act, n });
    return n;
  }

  async acts() {
    return [...this.rows.values()].map((a) => ({ ...a }));
  }

  async put(rows) {
    rows.forEach((row) => this.rows.set(row.n, { ...row }));
  }

  async drop(numbers) {
    numbers.forEach((n) => this.rows.delete(n));
  }

  async get(key) {
    return this.values.get(key);
  }

  async keep(key, value) {
    value === undefined ? this.values.delete(key) : this.values.set(key, value);
  }
}
