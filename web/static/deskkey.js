// F2 on any page of the desk leads to the scan field: the one of this page, or
// the counter's.
document.addEventListener("keydown", (e) => {
  if (e.key !== "F2" || e.ctrlKey || e.altKey || e.metaKey) return;
  e.preventDefault();
  const field = document.querySelector("form[action='/desk/counter'] #code");
  if (field) field.focus();
  else location.assign("/desk/counter");
});
