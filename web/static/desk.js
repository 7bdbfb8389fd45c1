// The desk's live list: help calls and refusals as they happen, newest first,
// and the librarian's one-touch yes, which always needs a reason.
import { el, icon, makeWords, newID, replace } from "/static/kiosk/dom.js";

const t = makeWords(JSON.parse(document.body.dataset.words));
const mayOverride = document.body.dataset.may === "true";
const lang = document.documentElement.lang;
const $ = (id) => document.getElementById(id);
const list = $("news");
const MOST = 40;

let last = 0;
let tries = 0;

function quiet() {
  if (list.children.length === 0) replace(list, el("li", { class: "quiet" }, icon("hello"), t("quiet")));
}

function add(n) {
  if (n.seq <= last) return;
  last = n.seq;
  list.querySelector(".quiet")?.remove();
  const call = n.kind === "help";
  const who = n.patron ? n.patron + (n.class ? ", " + t("class", { class: n.class }) : "") : t("somebody");
  const button = mayOverride && n.may_override ? el("button", { type: "button", onclick: (e) => ask(n, e.currentTarget) }, t("allow")) : null;
  list.prepend(el("li", { class: call ? "item call" : "item", "data-seq": n.seq },
    icon(call ? "helper" : "question"),
    el("div", {},
      el("p", {}, el("span", { class: "tag" }, t(call ? "help" : "refused")), " · ", el("b", {}, who), " · ", t("at", { station: n.station }), " · ", el("time", { datetime: n.at }, n.clock)),
      n.text ? el("p", {}, n.text) : null,
      n.title ? el("p", { class: "by" }, [n.accession, n.title].filter(Boolean).join(" · ")) : n.code ? el("p", { class: "by" }, t("code", { code: n.code })) : null),
    el("div", {}, button)));
  while (list.children.length > MOST) list.lastElementChild.remove();
}

// ask for the reason, then allow.
const dialog = $("override");
let asked = null;
function ask(n, button) {
  asked = { n, button };
  $("ask").textContent = `${t("allow")}: ${n.title}`;
  $("comment").value = "";
  $("said").textContent = "";
  dialog.showModal();
}
dialog.querySelector("label").textContent = t("comment");
$("allow").textContent = t("send");
$("cancel").textContent = t("cancel");
$("cancel").addEventListener("click", () => dialog.close());
for (const key of ["reason1", "reason2", "reason3"]) {
  $("reasons").append(el("button", { type: "button", onclick: () => { $("comment").value = t(key); allow(); } }, t(key)));
}
dialog.querySelector("form").addEventListener("submit", (e) => {
  e.preventDefault();
  allow();
});

async function allow() {
  const { n, button } = asked;
  const comment = $("comment").value.trim();
  if (!comment) return $("comment").focus();
  try {
    const res = await fetch(`/api/v1/stations/${n.station}/override?lang=${lang}`, {
      method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ copy: n.copy, comment, command_id: newID() }),
    });
    const answer = await res.json();
    if (!res.ok || answer.outcome === "refused") {
      $("said").textContent = t("failed", { message: answer.message ?? answer.error.message });
      return;
    }
    replace(button.parentElement, el("span", { class: "done" }, t("done")));
    dialog.close();
  } catch {
    $("said").textContent = t("offline");
  }
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
