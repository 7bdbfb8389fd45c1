// The corner as it is now: the picture that the server gave, and on it what was
// done here since and is not answered.
import { CANCELLED, STUCK, WAITS } from "./queue.js";

// Corner is one corner of the picture with the acts laid over it.
export class Corner {
  constructor(raw, acts) {
    this.raw = raw;
    this.pupils = raw.pupils;
    this.copies = raw.copies.map((c) => ({ ...c }));
    for (const a of acts) {
      if (a.place !== raw.place || a.state === CANCELLED || a.state === STUCK) continue;
      // What was answered is in the picture, unless the picture is older.
      if (a.state !== WAITS && !(a.answer?.seq > raw.seq)) continue;
      const of = a.kind === "undo" ? acts.find((x) => x.id === a.of) : a;
      const c = this.copies.find((x) => x.id === of?.copy);
      if (!c) continue;
      // What a return that is taken back had ended, only the server knows.
      if (a.kind === "undo" && of.kind === "lend") Object.assign(c, { pupil: "", out: false, due: "" });
      if (a.kind === "lend" && a.answer?.outcome !== "refused") Object.assign(c, { pupil: a.pupil, out: true, due: a.answer?.due ?? "" });
      if (a.kind === "return") Object.assign(c, { pupil: "", out: false, due: "" });
    }
  }

  copyByID(id) {
    return this.copies.find((c) => c.id === id);
  }

  pupilByID(id) {
    return this.pupils.find((p) => p.id === id);
  }

  // find is a copy by what a camera read: its barcode or its accession number.
  find(code) {
    const want = plain(code);
    return this.copies.find((c) => c.barcode === code || plain(c.accession) === want);
  }

  pupilByCard(code) {
    return this.pupils.find((p) => p.card && p.card === code);
  }

  // numbered are the copies whose short number begins with what was typed, an
  // exact one first.
  numbered(digits) {
    const want = digits.replace(/\D/g, "").replace(/^0+/, "");
    if (!want) return [];
    const all = this.copies.filter((c) => shortNumber(c).startsWith(want));
    return all.sort((a, b) => shortNumber(a).length - shortNumber(b).length || shortNumber(a).localeCompare(shortNumber(b)));
  }

  held(pupil) {
    return this.copies.filter((c) => c.out && c.pupil === pupil);
  }

  // late are the copies that were due before a day, "YYYY-MM-DD", the longest first.
  late(today) {
    return this.lent().filter((c) => c.due && c.due < today).sort((a, b) => a.due.localeCompare(b.due));
  }

  free() {
    return this.copies.filter((c) => !c.out);
  }

  lent() {
    return this.copies.filter((c) => c.out);
  }
}

// shortNumber is what a child reads out from a label: TK.00123 is 123.
export function shortNumber(copy) {
  return (copy.accession || copy.barcode).replace(/^\D*0*/, "");
}

function plain(s) {
  return (s ?? "").toUpperCase().replace(/[^A-Z0-9]/g, "");
}
