// The kiosk page: scans and touches go out by POST, the state comes in by
// websocket, and the picture is drawn from the state alone.
import { makeWords } from "./dom.js";
import { Connection } from "./connection.js";
import { Sender } from "./sender.js";
import { Wedge } from "./wedge.js";
import { View } from "./view.js";
import { Clocks } from "./clocks.js";
import { Scanners } from "./scanners.js";
import { makePad } from "./pad.js";
import { Finder } from "./finder.js";
import { Camera } from "./camera.js";
import { play, unlock } from "./sound.js";

const { station, words } = document.body.dataset;
const lang = document.documentElement.lang;
const t = makeWords(JSON.parse(words));
const $ = (id) => document.getElementById(id);

let state = null;
let up = false;
let untold = false; // a scan was given up while the cover hid the page

const clocks = new Clocks(document, t);
const scanners = new Scanners($("scanners"), t);
const view = new View(document, t, { onRenew: (copy) => sender.act("renew", copy) });

function show(next) {
  state = next;
  clocks.set(state);
  play(view.show(state));
  scanners.show(state.devices);
  $("offline").hidden = state.phase !== "offline";
  finder.show(state);
  camera?.show(state);
  if (up) document.body.dataset.ready = "yes";
}

// The line to the daemon. A blink of it is nobody's business; after that the
// page says so, and what it showed of a child goes when the session would have.
let lostTimer = 0;
const line = new Connection({
  station, lang,
  onState: (next) => {
    show(next);
    if (untold) {
      untold = false;
      own("lost");
    }
  },
  onUp: () => {
    up = true;
    clearTimeout(lostTimer);
    lostTimer = 0;
    $("lost").hidden = true;
  },
  onDown: () => {
    up = false;
    if (!lostTimer) lostTimer = setTimeout(() => { $("lost").hidden = false; }, 500);
  },
});
setInterval(() => {
  if (!up && state?.ends_at && clocks.until(state.ends_at) < 0) show(view.forget(state));
}, 1000);

// A card of the page's own, when a scan did not become a result. It goes away
// with the next state, or by itself.
let ownTimer = 0;
function own(kind, text) {
  const tone = { lost: "wait", refused: "wait", again: "info", reading: "info", picture: "wait", unseen: "wait" }[kind];
  const pic = { lost: "plug", refused: "question", again: "again", reading: "hourglass", picture: "camera", unseen: "plug" }[kind];
  view.say({ tone, icon: pic, head: t(`own.${kind}.head`), text, hint: t(`own.${kind}.hint`) });
  view.shown = "own";
  play(tone);
  clearTimeout(ownTimer);
  ownTimer = setTimeout(() => {
    if (view.shown === "own" && state) show(state);
  }, kind === "reading" ? 25000 : 6000);
}

function answered(result) {
  // The state brings the picture; where the line is still down it is brought
  // up at once, so that nobody's session opens behind the cover.
  line.now();
  // "Already noted" changes no state.
  if (result.outcome === "ignored") own("again");
}

const sender = new Sender({
  station, lang,
  onAnswer: answered,
  onRefused: (message) => own("refused", message),
  onLost: () => {
    if ($("lost").hidden) own("lost");
    else untold = true;
  },
  onTrouble: () => line.now(),
});

// The camera is there where the daemon reads pictures.
const camera = $("camera") && new Camera({
  root: document, t, station, lang,
  onAnswer: (result) => {
    // The card of the result may have come before "reading" was taken away.
    if (view.shown === "own" && state) show(state);
    answered(result);
  },
  onReading: () => own("reading"),
  onRefused: (message) => own("picture", message),
  onLost: () => own("unseen"),
  onTrouble: () => line.now(),
});

function scan(code, device) {
  pad.close();
  finder.close();
  closeDirty();
  sender.scan(code, device);
}

// Looking for a book: a hand's letters go there, a scanner's never.
const finder = new Finder({ dialog: $("finder"), t, station, lang, onTyping: touch });
$("find").addEventListener("click", () => finder.open(state));

const pad = makePad($("pad"), t, (code) => scan(code, "touch"));

new Wedge({
  onScan: (code) => {
    camera?.scannerTyped();
    scan(code, "wedge");
  },
  onHand: (letters) => finder.typed(letters),
  onDirty: (typed) => {
    // The desk's doctor counts it; a child need not know.
    fetch(`/api/v1/stations/${station}/spoilt`, {
      method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ typed: typed.slice(0, 60) }),
    }).catch(() => {});
    pad.close();
    finder.close();
    $("dirty").hidden = false;
    play("wait");
    clearTimeout(dirtyTimer);
    dirtyTimer = setTimeout(closeDirty, 20000);
  },
}).listen(document);

let dirtyTimer = 0;
function closeDirty() {
  clearTimeout(dirtyTimer);
  $("dirty").hidden = true;
}
$("dirty-close").addEventListener("click", closeDirty);

for (const b of document.querySelectorAll("[data-act]")) {
  b.addEventListener("click", () => (b.dataset.act === "pad" ? pad.open() : sender.act(b.dataset.act)));
}

// A touch anywhere keeps the session open; one message in three seconds says so.
let touched = 0;
function touch() {
  if (state?.phase !== "session" || performance.now() - touched < 3000) return;
  touched = performance.now();
  sender.act("touch");
}
document.addEventListener("pointerdown", () => {
  unlock();
  touch();
}, { passive: true });
document.addEventListener("keydown", unlock, { passive: true });

// After a touch no button keeps the focus, or a scanner's Enter would press it;
// who steps through with the Tab key keeps it.
document.addEventListener("click", (e) => {
  if (e.detail > 0) document.activeElement?.blur();
});
document.addEventListener("contextmenu", (e) => e.preventDefault());
document.addEventListener("dragstart", (e) => e.preventDefault());

unlock();
line.open();
