// Small comforts of the librarian's pages; each page works without them too.

// A page that is made to be printed.
for (const b of document.querySelectorAll("[data-print]")) b.addEventListener("click", () => print());

// A form of choices shows at once what was chosen.
for (const form of document.querySelectorAll("form[data-live]")) {
  form.addEventListener("change", (e) => { if (e.target.matches("select")) form.requestSubmit(); });
}

// A box for scans that comes back with what was refused: the next scan takes its
// place, and a hand can mend it.
const refused = document.querySelector("input[autofocus][aria-invalid]");
if (refused && [refused, document.body].includes(document.activeElement) && refused.value === refused.defaultValue) {
  refused.focus(); // the browser's own may come later, and selects nothing
  refused.select();
}

const read = async (answer) => new DOMParser().parseFromString(await answer.text(), "text/html");

// A form with a picture of what is typed: the server draws it again.
for (const form of document.querySelectorAll("form[data-look]")) {
  let timer = 0;
  let asked = 0;
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(async () => {
      const mine = ++asked;
      const fields = new URLSearchParams(new FormData(form));
      fields.set("do", "look");
      try {
        const page = await read(await fetch(form.action, { method: "POST", body: fields }));
        const now = page.getElementById(form.dataset.look);
        if (mine === asked && now) document.getElementById(form.dataset.look).replaceChildren(...now.childNodes);
      } catch {
        // The picture stays as it was; saving will say what is wrong.
      }
    }, 300);
  });
}

// A part of a page that changes by itself. While somebody types or chooses in
// it, it stays as it is.
for (const part of document.querySelectorAll("[data-refresh]")) {
  let last = "";
  const again = async () => {
    try {
      const answer = await fetch(part.dataset.refresh, { redirect: "manual" });
      if (answer.type === "opaqueredirect") return location.reload(); // the sign-in has ended
      const page = await read(answer);
      // Each answer has tokens of its own; they are no change.
      const text = page.body.innerText.trim() + page.body.querySelectorAll("form").length;
      const busy = part.contains(document.activeElement) || part.querySelector("details[open]");
      if (answer.ok && text !== last && !busy) {
        last = text;
        part.replaceChildren(...page.body.childNodes);
      }
      part.dataset.seen = "yes";
    } catch {
      // The daemon is away; the next try finds it again.
    }
    if (!document.hidden) setTimeout(again, 2000);
  };
  document.addEventListener("visibilitychange", () => { if (!document.hidden) again(); });
  again();
}
document.body.dataset.ready = "yes";
