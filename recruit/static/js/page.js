// What every page needs: an error summary that is announced and reached first.
document.querySelector("[data-focus]")?.focus();

// A submitted scorecard is safe on the server: its copy on this device goes.
const submitted = document.querySelector("[data-submitted]");
if (submitted) {
  try {
    localStorage.removeItem(`scorecard:${submitted.dataset.submitted}`);
  } catch {
    // Nothing was kept, then.
  }
}
