// The practice page: a click on a card or a book is a scan at the practice
// station, whose own screen stands beside.
import { makeWords, newID } from "/static/kiosk/dom.js";

const { station, words } = document.body.dataset;
const lang = document.documentElement.lang;
const t = makeWords(JSON.parse(words));
const said = document.getElementById("said");

async function scan(code) {
  try {
    const res = await fetch(`/api/v1/stations/${station}/scans?lang=${lang}`, {
      method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ code, command_id: newID(), device: "simulated" }),
    });
    if (res.status === 401) return location.reload();
    const answer = await res.json();
    said.textContent = t("said", { message: answer.message ?? answer.error.message });
  } catch {
    said.textContent = t("failed");
  }
}

for (const b of document.querySelectorAll("[data-code]")) b.addEventListener("click", () => scan(b.dataset.code));
document.body.dataset.ready = "yes";
