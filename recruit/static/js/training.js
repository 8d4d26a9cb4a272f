// The keys 1 to 5 choose a rating while the focus is in the form, but not in its text.
const form = document.querySelector(".exercise");
form?.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("textarea")) return;
  const choice = form.querySelector(`[name=rating][value="${CSS.escape(event.key)}"]`);
  if (!choice) return;
  choice.checked = true;
  choice.focus({ preventScroll: true });
});
