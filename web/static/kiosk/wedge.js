// A scanner in keyboard mode types into the page. This module listens to the
// whole document, so no cursor has to be anywhere, and tells a scan from a hand
// by its rhythm.
//
// Characters are read from KeyboardEvent.code by the US table that scanners
// type by: it holds on any keyboard layout and under input methods that only
// compose. Programs like Unikey go further, they swallow keys and put others in
// their place; then the code in the page is not what was scanned. Such a burst
// is recognised ("dirty") and never sent.

export const FAST = 50; // ms between two keys of a scanner, at most
const JITTER = 150; // one slow gap that a busy bus may put into a burst
export const SILENCE = 150; // ms without a key that end a burst without Enter
const MIN_ENDED = 3; // characters of the shortest code that Enter or Tab ends
const MIN_BARE = 6; // and of the shortest that silence ends

const US = {};
for (let i = 0; i < 26; i++) {
  const c = String.fromCharCode(65 + i);
  US["Key" + c] = [c.toLowerCase(), c];
}
"0123456789".split("").forEach((d, i) => {
  US["Digit" + d] = [d, ")!@#$%^&*("[i]];
  US["Numpad" + d] = [d, d];
});
Object.assign(US, {
  Minus: ["-", "_"], Equal: ["=", "+"], BracketLeft: ["[", "{"], BracketRight: ["]", "}"], Backslash: ["\\", "|"],
  Semicolon: [";", ":"], Quote: ["'", '"'], Backquote: ["`", "~"], Comma: [",", "<"], Period: [".", ">"], Slash: ["/", "?"],
  Space: [" ", " "], IntlBackslash: ["\\", "|"],
  NumpadDecimal: [".", "."], NumpadAdd: ["+", "+"], NumpadSubtract: ["-", "-"], NumpadMultiply: ["*", "*"], NumpadDivide: ["/", "/"],
});

const MODIFIERS = new Set(["Shift", "Control", "Alt", "AltGraph", "Meta", "CapsLock", "NumLock", "Fn"]);

// charOf is the character that a scanner meant, "" when the key is none.
export function charOf(e) {
  const pair = US[e.code];
  if (pair) return pair[e.shiftKey ? 1 : 0];
  return e.key && e.key.length === 1 && e.key > " " && e.key <= "~" ? e.key : "";
}

// isDirt reports what only an input method's program does in a burst.
export function isDirt(e) {
  if (e.key === "Backspace" || e.code === "Backspace") return true;
  if (e.shiftKey && (e.key === "ArrowLeft" || e.code === "ArrowLeft")) return true;
  if (MODIFIERS.has(e.key)) return false;
  return !e.code || (e.key && e.key.length === 1 && e.key > "~");
}

export class Wedge {
  // onScan(code, ended) for a clean scan, ended by a key or by silence;
  // onDirty(typed) for one that was spoilt, with what the keys show of it;
  // onHand(letters) for what a hand typed, with "\b" for each Backspace.
  constructor({ onScan, onDirty, onHand = () => {}, setTimer = (f, ms) => setTimeout(f, ms), clearTimer = (t) => clearTimeout(t) }) {
    Object.assign(this, { onScan, onDirty, onHand, setTimer, clearTimer });
    this.reset();
  }

  reset() {
    this.text = "";
    this.typed = ""; // as the system made it of the keys
    this.hand = ""; // as a hand meant it: an input method's letters are whole
    this.retyped = false; // begun by a Backspace: an input method puts a hand's word right
    this.keys = 0; // key presses, whatever they made
    this.gaps = [];
    this.dirty = false;
    this.last = -Infinity;
    this.clearTimer(this.timer);
  }

  // listen puts the module on a document, before anybody else sees the keys.
  listen(doc) {
    doc.addEventListener("keydown", (e) => this.keydown(e), true);
    for (const type of ["beforeinput", "input", "compositionstart", "compositionupdate", "compositionend"]) {
      doc.addEventListener(type, (e) => this.composed(e), true);
    }
  }

  keydown(e) {
    if (MODIFIERS.has(e.key)) return;
    // A key that repeats is held by a hand or an elbow; a scanner lets go.
    if (e.repeat) {
      e.preventDefault();
      return;
    }
    const t = e.timeStamp;
    const gap = t - this.last;
    if (gap > SILENCE) this.end(false);
    if (e.key === "Enter" || e.key === "Tab" || e.code === "NumpadEnter") {
      if (this.keys > 1 && this.scanned()) {
        // Enter would press the button that has the focus.
        e.preventDefault();
        e.stopPropagation();
        this.end(true);
      } else {
        this.onHand(this.hand);
        this.reset();
      }
      return;
    }
    const dirt = isDirt(e);
    const c = e.ctrlKey || e.metaKey || e.altKey ? "" : charOf(e);
    if (!dirt && c === "") return;
    if (this.keys > 0) this.gaps.push(gap);
    this.keys++;
    this.last = t;
    const back = e.key === "Backspace" || e.code === "Backspace";
    if (this.keys === 1) this.retyped = back;
    if (back) this.hand += "\b";
    else if (dirt) this.hand += e.key && e.key.length === 1 ? e.key : "";
    else this.hand += c;
    if (dirt) this.dirty = true;
    else this.text += c;
    if (e.key && e.key.length === 1) this.typed += e.key;
    // Nothing in the page takes letters, and "/" or "'" would open the
    // browser's own search. A space presses a focused button only outside a
    // burst.
    if (c !== " " || this.keys > 1) e.preventDefault();
    this.clearTimer(this.timer);
    this.timer = this.setTimer(() => this.end(false), SILENCE);
  }

  // composed: text that came without keys, in the middle of a burst.
  composed(e) {
    if (this.keys > 0 && e.timeStamp - this.last < FAST) this.dirty = true;
  }

  // scanned judges the rhythm: all gaps fast, or all but one in a long code.
  scanned() {
    const slow = this.gaps.filter((g) => g >= FAST).length;
    return this.gaps.length > 0 && (slow === 0 || (slow === 1 && this.keys >= MIN_BARE)) && this.gaps.every((g) => g < JITTER);
  }

  end(terminated) {
    const { text, typed, keys, dirty, hand, retyped } = this;
    const fast = this.scanned();
    this.reset();
    // No scan begins with a Backspace.
    if (!fast || retyped) return this.onHand(hand);
    if (dirty) {
      if (keys >= MIN_ENDED) this.onDirty(typed);
      else this.onHand(hand);
      return;
    }
    if (text.trim().length >= (terminated ? MIN_ENDED : MIN_BARE)) this.onScan(text, terminated);
    else this.onHand(hand);
  }
}
