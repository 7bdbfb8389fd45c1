// While a title or an ISBN is typed, titles that are like it are named: a double
// is best not made.
const form = document.querySelector("[data-alike]");
const at = document.getElementById("alike");
let timer = 0;
let last = "";

async function look() {
  const q = new URLSearchParams();
  for (const name of ["title.title", "title.remainder", "title.isbn"]) q.set(name, form.elements[name].value);
  if (q.toString() === last) return;
  last = q.toString();
  try {
    const answer = await fetch(form.dataset.alike + "&" + q);
    if (answer.ok && q.toString() === last) at.innerHTML = await answer.text();
  } catch { /* the page says so when it is sent */ }
}

form?.addEventListener("input", (e) => {
  if (!["title.title", "title.remainder", "title.isbn"].includes(e.target.name)) return;
  clearTimeout(timer);
  timer = setTimeout(look, 300);
});
