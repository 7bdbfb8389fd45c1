// What the page shows: each view is made of the state as a whole.
import { el, icon, replace } from "../kiosk/dom.js";
import { CANCELLED, STUCK } from "./queue.js";
import { shortNumber } from "./book.js";

const $ = (id) => document.getElementById(id);

const KINDS = ["lend", "return", "read", "undo"];
const TABS = [["lend", "book-out"], ["return", "book-in"], ["read", "book-open"]];

export function show(app) {
  const { t, queue } = app;
  const corner = app.corner();
  const inside = Boolean(app.me) && !["signin", "lock", "start", "away"].includes(app.view);
  document.body.dataset.view = app.view;
  document.body.dataset.waiting = queue.waiting().length;
  replace($("class"), inside && corner ? t("of", { name: corner.raw.name }) : t("page"));
  $("menu").hidden = !inside;
  $("tabs").hidden = !(app.view === "corner" && corner);
  if (!$("tabs").hidden) tabs(app);
  state(app, inside);
  // A form into which somebody types is not made anew under the hands.
  const form = ["signin", "lock"].includes(app.view) ? `${app.view} ${app.trouble ?? ""} ${app.enrolled}` : "";
  if (form && $("main").dataset.form === form) return say(app);
  $("main").dataset.form = form;
  // What is typed into a list's number stays too.
  const active = document.activeElement;
  const keep = active && active.id && $("main").contains(active) ? active.id : "";
  const from = active?.selectionStart;
  const view = corner || app.view !== "corner" ? VIEWS[app.view] : VIEWS.none;
  replace($("main"), view(app, corner));
  if (keep && $(keep)) {
    $(keep).focus();
    if (typeof from === "number" && $(keep).setSelectionRange) try { $(keep).setSelectionRange(from, from); } catch {}
  }
  say(app);
}

export function say(app) {
  const { text, bad, undo } = app.said ?? {};
  const p = $("say");
  p.classList.toggle("bad", Boolean(bad));
  p.hidden = !text;
  const key = `${text}|${undo?.id ?? ""}`;
  if (p.dataset.key === key) return;
  p.dataset.key = key;
  replace(p, text ? el("span", {}, text) : "", undo ? el("button", { type: "button", class: "plain", onclick: () => app.undo(undo) }, icon("undo"), app.t("undo")) : "");
}

function tabs(app) {
  replace($("tabs"), TABS.map(([tab, pic]) => el("button", {
    type: "button", "aria-pressed": String(app.tab === tab), onclick: () => { app.tab = tab; app.pupil = app.typed = ""; app.say(""); app.open("corner"); },
  }, icon(pic), app.t(`tab.${tab}`))));
}

// state says how things stand with sending, always in the same place.
function state(app, inside) {
  const { queue, t } = app;
  const n = queue.waiting().length, told = queue.told().length;
  const key = told ? "told" : n ? "waiting" : queue.online ? "sent" : "offline";
  const chip = $("state");
  chip.hidden = !inside && !n && !told;
  chip.className = `chip ${key}`;
  replace(chip, t(`state.${key}`, { n: told || n }));
}

const note = (text) => el("p", { class: "by" }, text);

function scan(app, word) {
  return el("button", { type: "button", class: "scan", onclick: () => app.camera.open() }, icon("camera"), app.t(word));
}

const VIEWS = {
  start: (app) => note(app.t("starting")),
  away: (app) => el("div", { class: "big" }, icon("plug"), el("p", {}, app.t("away")), el("button", { type: "button", onclick: () => app.refresh() }, app.t("again"))),
  none: (app) => el("div", { class: "big" }, icon("question"), el("p", {}, app.t("none"))),
  signin: (app) => signIn(app),
  lock: (app) => lock(app),
  corner: (app, corner) => (app.tab === "read" ? read(app, corner) : app.tab === "return" ? giveBack(app, corner) : lend(app, corner)),
  list: (app) => list(app),
  menu: (app) => menu(app),
  leaving: (app) => leaving(app),
  late: (app, corner) => (corner ? late(app, corner) : VIEWS.none(app)),
};

// today is the phone's day; one off is no harm in a list of what is overdue.
function today() {
  const d = new Date();
  return [d.getFullYear(), String(d.getMonth() + 1).padStart(2, "0"), String(d.getDate()).padStart(2, "0")].join("-");
}

const day = (iso) => iso.split("-").reverse().join("/");

// late is the keeper's own list: whom to ask for what, also without a network.
function late(app, corner) {
  const { t } = app;
  const all = corner.late(today());
  return [
    back(app),
    el("h2", {}, t("late.title", { n: all.length })),
    all.length ? el("ul", { class: "books" }, all.map((c) => el("li", { class: "late-book" },
      el("span", {}, el("b", {}, corner.pupilByID(c.pupil)?.given ?? t("somebody")), el("span", {}, c.title), el("span", {}, t("late.due", { day: day(c.due) }))),
      el("button", { type: "button", class: "plain", onclick: () => app.giveBack(c) }, icon("book-in"), t("give_back"))))) : note(t("late.none")),
    all.length && app.queue.online ? el("a", { class: "button plain", href: "/corner/late?as=print" }, icon("printer"), t("late.print")) : "",
  ];
}

// openDays says when a corner with days of its own is open.
function openDays(app, corner) {
  // Paper that is being copied is the more urgent thing to know.
  if (app.week) return el("div", { class: "late-book", id: "paper" }, el("span", {}, icon("calendar"), " ", app.t("week.on", { week: day(app.week) })), el("button", { type: "button", class: "plain", onclick: () => app.copyPaper(app.week, "", corner) }, app.t("week.off")));
  return corner.raw.open ? el("p", { class: "by open-days" }, icon("calendar"), " ", app.t("open_days", { open: corner.raw.open })) : "";
}

// lend: a child, then a book.
function lend(app, corner) {
  const pupil = corner.pupilByID(app.pupil);
  if (!pupil) {
    return [
      openDays(app, corner),
      scan(app, "scan.card"),
      corner.late(today()).length ? el("button", { type: "button", class: "plain", id: "late", onclick: () => app.open("late") }, icon("clock"), app.t("late.title", { n: corner.late(today()).length })) : "",
      el("h2", {}, app.t("who")),
      corner.pupils.length ? el("ul", { class: "names" }, corner.pupils.map((p) => {
        const held = corner.held(p.id).length;
        return el("li", {}, el("button", { type: "button", class: "name", "data-pupil": p.id, onclick: () => { app.pupil = p.id; app.say(""); app.open("corner"); } },
          el("b", {}, p.given), el("span", {}, p.family), held ? el("i", {}, app.t("holds", { n: held })) : ""));
      })) : note(app.t("no_pupils")),
    ];
  }
  const held = corner.held(pupil.id);
  return [
    app.week ? openDays(app, corner) : "",
    el("div", { class: "chosen" }, el("span", {}, el("b", {}, pupil.given), el("span", {}, pupil.family)),
      el("button", { type: "button", class: "plain", onclick: () => { app.pupil = ""; app.open("corner"); } }, app.t("other_child"))),
    held.length ? el("ul", { class: "books held" }, held.map((c) => el("li", {}, el("span", {}, el("b", {}, c.title), el("span", {}, app.t("has"))), el("button", { type: "button", class: "plain", onclick: () => app.giveBack(c) }, icon("book-in"), app.t("give_back"))))) : "",
    scan(app, "scan.book"),
    number(app, corner),
    books(app, app.typed ? corner.numbered(app.typed) : corner.free(), corner, (c) => app.lend(pupil, c)),
  ];
}

function giveBack(app, corner) {
  return [app.week ? openDays(app, corner) : "", scan(app, "scan.return"), number(app, corner), books(app, app.typed ? corner.numbered(app.typed) : corner.lent(), corner, (c) => app.giveBack(c))];
}

// number is the short number of a book, on the digits of the phone.
function number(app, corner) {
  return el("div", { class: "number" }, el("label", { for: "number" }, app.t("number")),
    el("input", {
      id: "number", inputmode: "numeric", autocomplete: "off", maxlength: "12", value: app.typed,
      oninput: (e) => { app.typed = e.target.value; app.show(); },
      onkeydown: (e) => {
        const [only, more] = corner.numbered(app.typed);
        if (e.key !== "Enter" || !only || (more && shortNumber(only) !== app.typed.replace(/^0+/, ""))) return;
        const pupil = corner.pupilByID(app.pupil);
        app.tab === "return" ? app.giveBack(only) : app.lend(pupil, only);
      },
    }));
}

function books(app, list, corner, choose) {
  if (!list.length) return note(app.t(app.typed ? "no_number" : app.tab === "return" ? "none_lent" : "none_free"));
  return el("ul", { class: "books" }, list.map((c) => {
    const who = c.out && (corner.pupilByID(c.pupil)?.given ?? app.t("somebody"));
    return el("li", {}, el("button", { type: "button", class: "book", "data-copy": c.id, onclick: () => choose(c) },
      el("i", {}, shortNumber(c)), el("span", {}, el("b", {}, c.title), who ? el("span", {}, app.t("with", { name: who })) : "")));
  }));
}

function read(app, corner) {
  const step = (n, label) => el("button", { type: "button", class: "plain step", "aria-label": `${n > 0 ? "+" : "−"}${Math.abs(n)} ${app.t(label)}`, onclick: () => { app.count = Math.min(500, Math.max(1, app.count + n)); app.show(); } }, n > 0 ? `+${n}` : `−${-n}`);
  return [
    openDays(app, corner),
    el("h2", {}, app.t("read.how")),
    el("p", { class: "count", id: "count", role: "status" }, String(app.count)),
    el("div", { class: "steps" }, step(-1, "read.less"), step(1, "read.more"), step(5, "read.five")),
    el("button", { type: "button", class: "scan", id: "read", onclick: () => app.read() }, icon("check"), app.t("read.go")),
  ];
}

// list is what was done on this phone, what has not gone out first.
function list(app) {
  const { queue, t } = app;
  const waiting = queue.waiting(), told = queue.told();
  const done = queue.list.filter((a) => ![...waiting, ...told].includes(a)).slice(-20).reverse();
  const line = (a, ...more) => el("li", { "data-state": a.state }, el("span", {}, el("b", {}, app.me ? t(`did.${KINDS.includes(a.kind) ? a.kind : "other"}`, { text: a.text ?? "" }) : t("did.hidden")), ...more));
  return [
    back(app),
    told.length ? el("h2", {}, t("list.told")) : "",
    told.length ? el("ul", { class: "acts told" }, told.map((a) => line(a, el("span", {}, a.state === STUCK ? t("list.stuck", { why: a.answer?.message ?? "" }) : a.answer?.message ?? ""),
      a.answer?.may_override ? el("button", { type: "button", class: "plain", onclick: () => app.force(a) }, t("list.force")) : "",
      el("button", { type: "button", class: "plain", onclick: () => queue.seen(a) }, icon("check"), t(a.state === STUCK ? "list.by_hand" : "list.seen"))))) : "",
    el("h2", {}, t("list.waiting", { n: waiting.length })),
    waiting.length ? el("ul", { class: "acts" }, waiting.map((a) => line(a, a.answer?.message ? el("span", {}, a.answer.message) : ""))) : note(t("list.nothing")),
    waiting.length ? el("button", { type: "button", onclick: () => queue.soon() }, t("list.send")) : "",
    done.length ? el("h2", {}, t("list.done")) : "",
    done.length ? el("ul", { class: "acts" }, done.map((a) => line(a, el("span", {}, a.state === CANCELLED ? t("list.cancelled") : a.answer?.message ?? "")))) : "",
  ];
}

function back(app) {
  return el("button", { type: "button", class: "plain", onclick: () => app.open(app.me ? "corner" : "signin") }, icon("undo"), app.t("back"));
}

function menu(app) {
  const { t, data } = app;
  return [
    back(app),
    data?.corners.length > 1 ? el("h2", {}, t("menu.corners")) : "",
    data?.corners.length > 1 ? el("div", { class: "steps" }, data.corners.map((c) => el("button", { type: "button", class: "plain", "aria-pressed": String(c.place === app.place), onclick: () => { app.place = c.place; app.pupil = ""; app.store.keep("place", c.place); app.open("corner"); } }, c.name))) : "",
    el("p", { class: "by" }, t("menu.me", { name: app.me?.name ?? "" })),
    el("p", { class: app.offline ? "by" : "warn" }, app.store.fleeting ? t("menu.fleeting") : app.offline ? t("menu.offline") : t("menu.online_only")),
    app.offline ? "" : el("a", { class: "button plain", href: "/trust" }, t("menu.trust")),
    el("button", { type: "button", class: "plain", onclick: () => app.open("late") }, t("menu.late")),
    el("button", { type: "button", class: "plain", onclick: () => app.open("list") }, t("menu.list")),
    el("button", { type: "button", onclick: () => app.signOut() }, icon("bye"), t("menu.leave")),
  ];
}

function leaving(app) {
  const n = app.queue.waiting().length;
  return el("div", { class: "big" }, icon("question"), el("p", {}, app.t("leaving", { n })),
    el("button", { type: "button", class: "plain", onclick: () => app.open("corner") }, app.t("leaving.stay")),
    el("button", { type: "button", onclick: () => app.signOut() }, icon("bye"), app.t("leaving.go")));
}

// card puts a scanned card where the PIN waits.
export function card(code) {
  const field = $("card");
  if (!field) return;
  field.value = code;
  $("pin").focus();
}

function pinForm(app, field, go) {
  return el("form", {
    class: "pin", onsubmit: (e) => {
      e.preventDefault();
      const pin = $("pin").value;
      $("pin").value = "";
      app.signIn($("card") ? $("card").value : "", pin);
    },
  }, field, el("label", { for: "pin" }, app.t("signin.pin")),
  el("input", { id: "pin", type: "password", inputmode: "numeric", autocomplete: "off", maxlength: "12", required: true }),
  el("button", { type: "submit" }, icon("check"), app.t(go)));
}

function signIn(app) {
  const { t } = app;
  if (app.enrolled === false && !app.me) return el("div", { class: "big" }, icon("question"), el("p", {}, t("signin.not_enrolled")), el("a", { class: "button", href: "/corner/enrol" }, t("signin.enrol")));
  const form = pinForm(app, [
    el("label", { for: "card" }, t("signin.card")),
    el("input", { id: "card", autocomplete: "off", autocapitalize: "none", spellcheck: "false", maxlength: "64", required: true }),
  ], "signin.go");
  app.store.get("card").then((c) => c && $("card") && !$("card").value && ($("card").value = c));
  return [el("h2", {}, t("signin.title")), app.trouble ? el("p", { class: "warn", role: "alert" }, app.trouble) : "", scan(app, "signin.scan"), form];
}

function lock(app) {
  const form = pinForm(app, [el("input", { id: "card", type: "hidden" })], "lock.go");
  app.store.get("card").then((c) => $("card") && ($("card").value = c ?? ""));
  return [el("h2", {}, app.t("lock.title")), el("p", {}, app.t("lock.how")), form];
}

