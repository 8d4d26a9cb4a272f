// The builder: after an edit the reader stays where they were, and hears how it went.
const announcer = document.querySelector("[data-announce]");
const unsaved = document.querySelector("[data-edit-lost]");
let last = null;

document.body.addEventListener("htmx:beforeRequest", (event) => {
  last = event.detail.elt.closest("article, .builder-round")?.id ?? null;
});

// Anything but the builder is no answer: a sign-in page, or an error of something in between.
document.body.addEventListener("htmx:beforeSwap", (event) => {
  const fits = event.detail.xhr.responseText.includes('id="builder"');
  event.detail.shouldSwap = fits;
  event.detail.isError = false;
  unsaved.hidden = fits;
  if (!fits) unsaved.scrollIntoView({ block: "center" });
});

document.body.addEventListener("htmx:sendError", () => {
  unsaved.hidden = false;
  unsaved.scrollIntoView({ block: "center" });
});

document.body.addEventListener("htmx:afterSettle", () => {
  const alert = document.querySelector("#builder > .ds-alert[role=alert]");
  if (alert) {
    alert.tabIndex = -1;
    alert.focus();
    return;
  }
  const facts = document.querySelector(".builder__facts");
  if (announcer && facts) announcer.textContent = facts.textContent.replace(/\s+/g, " ").trim();
  // The button that was pressed may be gone, or at the edge and disabled.
  if (document.activeElement === document.body || document.activeElement?.disabled) {
    const place = (last && document.getElementById(last)) ?? document.getElementById("builder");
    place?.focus({ preventScroll: place.id === "builder" });
  }
});
