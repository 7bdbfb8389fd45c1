// Counting the stock: the page keeps its place while scan follows scan. What is
// scanned while an answer is awaited waits in a line, each under an id of its
// own, so that one that is sent again is counted once. Without this script each
// scan is a form that loads the page anew.
import { play, unlock } from "./kiosk/sound.js";

const form = document.querySelector("form[data-count]");
const answer = document.getElementById("count-answer");
const before = document.getElementById("count-before");
const progress = document.getElementById("count-progress");
const KEEP = 10000; // ms for which one is sent again
const PAUSE = 500; // ms between two tries
const ROWS = 8;
const waiting = [];
let busy = false;
let rowOfLast = null;

const newID = () => Array.from(crypto.getRandomValues(new Uint8Array(12)), (b) => b.toString(16).padStart(2, "0")).join("");
const later = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

// send posts until there is an answer, or it has taken too long.
async function send(url, body) {
  const end = performance.now() + KEEP;
  for (;;) {
    try {
      const got = await fetch(url, { method: "POST", body, headers: { "Muontra-Part": "yes" }, redirect: "manual", signal: AbortSignal.timeout(4000) });
      if (got.type === "opaqueredirect" || got.status === 401) return location.reload();
      if (got.ok || got.status === 422) return await got.text();
      if (got.status < 500 && got.status !== 429) return null;
    } catch { /* away for a moment */ }
    if (performance.now() > end) return null;
    await later(PAUSE);
  }
}

// show puts the newest answer up and the one before into the list.
function show(html) {
  if (rowOfLast) before.prepend(rowOfLast);
  while (before.children.length > ROWS) before.lastElementChild.remove();
  answer.innerHTML = html;
  const box = answer.querySelector(".answer");
  const row = answer.querySelector("template");
  rowOfLast = row ? row.content.firstElementChild : null;
  row?.remove();
  const said = answer.querySelector("[data-progress]");
  if (said && progress) progress.textContent = said.textContent;
  said?.remove();
  if (box?.dataset.outcome) document.getElementById("place").value = box.dataset.place ?? "";
  play(box?.dataset.tone);
}

async function work() {
  if (busy) return;
  busy = true;
  while (waiting.length) {
    const one = waiting[0];
    const body = one.body();
    const html = await send(one.url(), body);
    waiting.shift();
    if (html === undefined) return;
    show(html ?? document.getElementById("count-lost").innerHTML);
  }
  busy = false;
}

function add(fields, id = newID()) {
  const chosen = fields.place; // a place that is named stays; else the one chosen when its turn comes
  waiting.push({
    url: () => form.action,
    body: () => new URLSearchParams({ ...fields, place: chosen ?? form.elements.place.value, token: id }),
  });
  work();
}

if (form) {
  addEventListener("pointerdown", unlock);
  addEventListener("keydown", unlock);
  const code = form.elements.code;
  form.addEventListener("submit", (e) => {
    e.preventDefault();
    const text = code.value.trim();
    code.value = "";
    code.focus();
    if (text) add({ stocktake: form.elements.stocktake.value, code: text });
  });
  // A button that notes the condition of the last book.
  answer.addEventListener("submit", (e) => {
    if (!e.target.matches("[data-count-condition]")) return;
    e.preventDefault();
    const f = e.target.elements;
    add({ stocktake: f.stocktake.value, place: f.place.value, code: f.code.value, condition: e.submitter.value });
    code.focus();
  });
  form.elements.place.addEventListener("change", () => code.focus());
  const camera = document.querySelector("form[data-picture]");
  camera?.elements.picture.addEventListener("change", () => {
    const file = camera.elements.picture.files[0];
    if (!file) return;
    const id = newID();
    const url = new URL(camera.action);
    waiting.push({
      url: () => { url.searchParams.set("place", form.elements.place.value); url.searchParams.set("command_id", id); return url; },
      body: () => file,
    });
    camera.reset();
    work();
  });
  document.body.dataset.ready = "yes";
}
