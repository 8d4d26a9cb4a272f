// The keys 1 to 5 choose a rating, wherever the focus is but in a text.
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("textarea, input:not([type=radio]), select")) return;
  const choice = document.querySelector(`[name=rating][value="${CSS.escape(event.key)}"]`);
  if (!choice) return;
  choice.checked = true;
  choice.focus({ preventScroll: true });
});
