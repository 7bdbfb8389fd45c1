// The desk's live list: help calls and refusals as they happen, newest first,
// and the librarian's one-touch yes, which always needs a reason.
import { el, icon, makeWords, replace } from "/static/kiosk/dom.js";

const t = makeWords(JSON.parse(document.body.dataset.words));
const mayOverride = document.body.dataset.may === "true";
const lang = document.documentElement.lang;
const $ = (id) => document.getElementById(id);
const list = $("news");
const calls = $("calls"); // who waits for somebody, above everything else
const MOST = 40;

let last = 0;
let tries = 0;

const flow = $("flow"); // the librarian's alone
const CALLS = ["help", "refused", "alarm"];
const STALE = 5 * 60 * 1000; // a call that waits longer is told as such

function quiet() {
  if (list.children.length === 0) replace(list, el("li", { class: "quiet" }, icon("hello"), t("quiet")));
  if (flow && flow.children.length === 0) replace(flow, el("li", { class: "quiet" }, t("no_flow")));
}

// touch is a button that is a form of its own: it works without more script.
function touch(n, act, word, ...more) {
  const token = el("input", { type: "hidden", name: "token", value: document.body.dataset.once });
  return el("form", { method: "post", action: `/desk/live/${n.seq}/${act}` }, token, ...more, el("button", { type: "submit", class: act === "lend-on" ? "" : "plain small" }, t(word)));
}

function damage(n) {
  const id = `damage-${n.seq}`;
  return el("details", { class: "damage" }, el("summary", {}, t("damage")),
    touch(n, "damage", "damage_go", el("label", { for: id }, t("damage_how")), el("input", { id, name: "comment", maxlength: "100", required: true, autocomplete: "off" })));
}

const what = (n) => (n.title ? [n.accession, n.title].filter(Boolean).join(" · ") : n.code ? t("code", { code: n.code }) : "");

function whoOf(n) {
  return n.patron ? n.patron + (n.class ? ", " + t("class", { class: n.class }) : "") : "";
}

function add(n) {
  if (n.seq <= last) return;
  last = n.seq;
  if (n.kind === "answered") return answered(n);
  if (!CALLS.includes(n.kind)) return moved(n);
  const call = n.may_answer || n.kind === "help";
  list.querySelector(".quiet")?.remove();
  const who = n.kind === "alarm" ? "" : whoOf(n) || (mayOverride ? t("somebody") : "");
  const buttons = [
    n.settled ? el("span", { class: "done" }, t("done")) : null,
    mayOverride && n.may_override ? el("button", { type: "button", onclick: () => ask(n) }, t("allow")) : null,
    n.may_lend_on ? touch(n, "lend-on", "lend_on") : null,
    n.may_answer ? touch(n, "answer", "answer") : null,
    mayOverride && n.kind === "refused" && n.copy && !n.set ? damage(n) : null,
  ];
  (call ? calls : list).prepend(el("li", { class: call ? "item call" : "item", "data-seq": n.seq, "data-at": call ? n.at : null },
    icon(call ? "helper" : "question"),
    el("div", {},
      el("p", {}, el("span", { class: "tag" }, t(n.kind)), who ? [" · ", el("b", {}, who)] : "", n.kind === "alarm" ? "" : " · " + n.where, " · ", el("time", { datetime: n.at }, n.clock)),
      n.text ? el("p", {}, n.text) : null,
      what(n) ? el("p", { class: "by" }, what(n)) : null),
    el("div", { class: "touches" }, buttons)));
  for (const all of [list, calls]) while (all.children.length > MOST) all.lastElementChild.remove();
}

// answered: a call that somebody has seen to is one no more, on every desk.
function answered(n) {
  const item = calls.querySelector(`[data-seq="${n.answers}"]`);
  if (!item) return;
  const before = [...list.children].find((x) => Number(x.dataset.seq) < n.answers);
  list.insertBefore(item, before ?? null);
  item.classList.remove("call", "stale");
  item.removeAttribute("data-at");
  replace(item.querySelector(".touches"), el("span", { class: "done" }, t("answered")));
}

function moved(n) {
  if (!flow) return;
  flow.querySelector(".quiet")?.remove();
  flow.prepend(el("li", { class: "move" },
    el("time", { datetime: n.at }, n.clock), el("span", { class: "tag " + n.kind }, t(n.kind)), el("b", {}, whoOf(n)),
    el("span", {}, [what(n), n.due ? t("due", { day: n.due }) : "", n.text, n.where, n.by ? t("by", { name: n.by }) : ""].filter(Boolean).join(" · ")),
    n.copy && !n.set && n.kind === "returned" ? damage(n) : null));
  while (flow.children.length > MOST) flow.lastElementChild.remove();
}

setInterval(() => {
  for (const item of calls.querySelectorAll("[data-at]")) {
    if (Date.now() - Date.parse(item.dataset.at) < STALE || item.classList.contains("stale")) continue;
    item.classList.add("stale");
    item.querySelector("p").append(" · ", el("b", { class: "late" }, t("stale")));
  }
}, 5000);

// ask for the reason, then allow: the dialog is a form like the other touches.
const dialog = $("override");
const form = dialog.querySelector("form");
function ask(n) {
  form.action = `/desk/live/${n.seq}/allow`;
  $("ask").textContent = `${t("allow")}: ${[whoOf(n), n.title].filter(Boolean).join(" · ")}`;
  $("comment").value = "";
  dialog.showModal();
}
dialog.querySelector("label").textContent = t("comment");
$("allow").textContent = t("send");
$("cancel").textContent = t("cancel");
$("cancel").addEventListener("click", () => dialog.close());
for (const key of ["reason1", "reason2", "reason3"]) {
  $("reasons").append(el("button", { type: "button", onclick: () => { $("comment").value = t(key); form.requestSubmit(); } }, t(key)));
}

function open() {
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  const ws = new WebSocket(`${scheme}://${location.host}/ws/desk?after=${last}&lang=${lang}`);
  ws.onopen = () => {
    tries = 0;
    $("line").textContent = t("up");
    $("line").classList.remove("down");
  };
  ws.onmessage = (e) => add(JSON.parse(e.data));
  ws.onclose = (e) => {
    if (e.code === 1008) return location.reload(); // the sign-in has ended
    $("line").textContent = t("down");
    $("line").classList.add("down");
    // An ended sign-in shows as a socket that never opens.
    if (tries === 2) {
      fetch("/desk", { method: "HEAD", redirect: "manual" }).then((r) => { if (r.type === "opaqueredirect") location.reload(); }, () => {});
    }
    setTimeout(open, Math.min(5000, 300 * 2 ** tries++) * (0.5 + Math.random() / 2));
  };
}

quiet();
open();
document.body.dataset.ready = "yes";
