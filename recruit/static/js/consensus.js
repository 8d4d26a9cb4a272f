// The meeting by keyboard: arrows go between topics, and in the form 1 to 5 choose the score.
// Without this script the links and the form work as they are.
const form = document.querySelector("[data-agree]");
let written = false;
let sent = false;

form?.addEventListener("input", () => {
  written = true;
});
form?.addEventListener("submit", () => {
  sent = true;
});
window.addEventListener("beforeunload", (event) => {
  if (written && !sent) event.preventDefault();
});

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
  if (event.target.closest("textarea")) return;
  const choice = form?.contains(event.target)
    ? form.querySelector(`[name=outcome][value="${CSS.escape(event.key)}"]`)
    : null;
  if (choice) {
    choice.checked = true;
    choice.focus({ preventScroll: true });
    written = true;
    return;
  }
  // In a group of choices the arrows choose.
  if (event.target.closest("[type=radio]")) return;
  const rel = { ArrowLeft: "prev", ArrowRight: "next" }[event.key];
  if (rel) document.querySelector(`a[rel=${rel}]`)?.click();
});

const print = document.querySelector("[data-print]");
if (print) {
  print.hidden = false;
  print.addEventListener("click", () => window.print());
}
