// The picture of a state. Everything is drawn from the state alone, so nothing
// of the last child is left when the next picture comes.
import { el, icon, replace } from "./dom.js";

const ANIMALS = ["cat", "rabbit", "frog", "elephant", "bird", "fish", "turtle", "panda"];

// animalOf gives a child the same animal each time, so that one who cannot read
// the name yet sees "that is not me".
export function animalOf(patron) {
  let h = 7;
  for (const c of patron.name + "|" + patron.class) h = (h * 31 + c.codePointAt(0)) >>> 0;
  return ANIMALS[h % ANIMALS.length];
}

export class View {
  constructor(root, t, { onRenew }) {
    this.t = t;
    this.onRenew = onRenew;
    this.$ = (id) => root.getElementById(id);
    this.body = root.body;
    this.shown = ""; // key of the card on the screen
  }

  // show draws a state; it returns the tone of a card that is new.
  show(state) {
    // The librarian fills a box without a session of her own.
    this.body.dataset.phase = state.box && state.phase === "idle" ? "session" : state.phase;
    this.body.dataset.counting = state.counting ? "yes" : "no";
    this.today(state);
    this.counting(state);
    this.buttons(state);
    this.person(state);
    this.loans(state);
    return this.card(state);
  }

  today({ service, today_text }) {
    const { t } = this;
    const { grades, teachers } = service.today;
    let text, pic;
    if (!service.open) [text, pic] = [t("today.closed"), "moon"];
    else if (grades.length >= 5) [text, pic] = [t("today.all"), "friends"];
    else if (grades.length > 0) [text, pic] = [t("today.grades", { grades: grades.join(", ") }), "sun"];
    else if (teachers) [text, pic] = [t("today.teachers"), "helper"];
    else [text, pic] = [t("today.nobody"), "book"];
    replace(this.$("today"), icon(pic), el("span", {}, text));
    replace(this.$("day"), today_text);
    const mood = !service.open ? "closed" : grades.length === 0 && teachers ? "teachers" : service.break_ends_at ? "break" : "open";
    this.body.dataset.mood = mood;
    replace(this.$("idle-head"), t(`idle.${mood}.head`));
    replace(this.$("idle-text"), t(`idle.${mood}.text`));
  }

  // counting: the machine counts the stock, and says where and how far.
  counting({ counting }) {
    if (!counting) return;
    const { t } = this;
    replace(this.$("today"), icon("scan"), el("span", {}, t("counting")));
    replace(this.$("idle-head"), counting.place ? t("counting.at", { place: counting.place }) : t("counting.no_place"));
    replace(this.$("idle-text"), t("counting.go"));
    replace(this.$("counting-name"), counting.name);
    replace(this.$("counting-at"), counting.place ? t("counting.at", { place: counting.place }) : t("counting.no_place"));
    replace(this.$("counting-progress"), t("counting.progress", { n: counting.seen, of: counting.expected }));
  }

  buttons(state) {
    const session = state.phase === "session" || Boolean(state.box);
    for (const b of this.body.querySelectorAll("[data-act]")) {
      const act = b.dataset.act;
      b.hidden = act === "count" ? !state.counting : act === "undo" ? !session && !state.can_undo : !session && act !== "help" && act !== "pad";
      if (state.box && (act === "renew_all" || act === "on_site")) b.hidden = true;
      b.disabled = (act === "undo" && !state.can_undo) || (act === "renew_all" && state.loans.length === 0);
      if (act === "on_site") b.setAttribute("aria-pressed", state.on_site ? "true" : "false");
    }
  }

  person({ patron, loans, limit, left, box }) {
    if (box && !patron) {
      replace(this.$("person"), icon("give"), el("div", {}, el("h2", { class: "name" }, this.t("box.title")), el("p", { class: "class" }, box.place)));
      replace(this.$("left"), el("span", {}, this.t("box.count", { n: box.count })));
      return;
    }
    if (!patron) {
      replace(this.$("person"));
      replace(this.$("left"));
      return;
    }
    const where = patron.class ? this.t("class", { class: patron.class }) : this.t(`category.${patron.category}`);
    replace(
      this.$("person"),
      icon(animalOf(patron), "animals"),
      el("div", {}, el("h2", { class: "name" }, patron.name), el("p", { class: "class" }, where)),
    );
    if (box) {
      replace(this.$("left"), icon("give"), el("span", {}, this.t("box.count", { n: box.count })));
      return;
    }
    replace(this.$("left"),
      limit > 0 && Math.max(limit, loans.length) <= 6 ? el("span", { class: "slots", "aria-hidden": "true" },
        Array.from({ length: Math.max(limit, loans.length) }, (_, i) => el("span", { class: i < loans.length ? "slot full" : "slot" }, icon("book")))) : null,
      el("span", {}, limit === 0 ? "" : left > 0 ? this.t("more", { n: left }) : loans.length < limit ? this.t("later") : this.t("enough", { have: loans.length, limit })));
  }

  loans({ phase, loans, box }) {
    const { t } = this;
    if (box) {
      // What to do with the box, in the place of what the person has at home.
      replace(this.$("loans"), ["book", "again", "card"].map((pic, i) => el("li", { class: "loan" }, icon(pic), el("div", { class: "what" }, el("p", { class: "title" }, t(`box.step.${i + 1}`, { place: box.place }))))));
      return;
    }
    if (phase !== "session" || loans.length === 0) {
      replace(this.$("loans"), phase === "session" ? el("li", { class: "none" }, t("loans.none")) : null);
      return;
    }
    replace(this.$("loans"), loans.map((l) =>
      el("li", { class: l.overdue ? "loan late" : "loan" },
        icon(l.overdue ? "clock" : "book"),
        el("div", { class: "what" },
          el("p", { class: "title" }, l.copy.title),
          el("p", { class: "due" }, t(l.overdue ? "loans.late" : "loans.due", { due: l.due_text }))),
        l.overdue ? null : el("button", { type: "button", class: "small", "aria-label": t("loans.renew_it", { title: l.copy.title }), onclick: () => this.onRenew(l.copy.barcode) },
          icon("calendar"), el("span", {}, t("renew"))))));
  }

  card(state) {
    const r = state.result;
    const key = r ? `${r.seq}/${r.outcome}/${r.reason}/${r.code}` : "";
    const stage = this.$("card");
    this.body.dataset.card = r ? "yes" : "no";
    if (!r) {
      replace(stage);
      this.shown = "";
      return "";
    }
    if (key === this.shown) return "";
    this.shown = key;
    this.say(r.card, r.patron && r.outcome === "session_opened" ? animalOf(r.patron) : "");
    return r.card.tone;
  }

  // say draws a card: the daemon's, or the page's own when a scan did not reach
  // the daemon.
  say(card, animal = "") {
    const stage = this.$("card");
    this.body.dataset.card = "yes";
    replace(stage,
      el("div", { class: `card ${card.tone}` },
        el("div", { class: "badge" }, animal ? icon(animal, "animals") : icon(card.icon)),
        el("h2", { class: "head" }, card.head),
        card.title ? el("p", { class: "book" }, card.title) : null,
        card.text ? el("p", { class: "text" }, card.text) : null,
        (card.notes ?? []).map((n) => el("p", { class: "note" }, n)),
        card.hint ? el("p", { class: "hint" }, card.hint) : null));
  }

  // forget leaves an idle picture, for the time that the line is down.
  forget(state) {
    return { ...state, phase: "idle", patron: null, loans: [], limit: 0, box: null, result: null, ends_at: null, can_undo: false };
  }
}
