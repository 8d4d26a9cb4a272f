// What every page needs: an error summary that is announced and reached first, and a device that
// keeps nothing of somebody who has left it.
import { leaveDevice, removeOthers, showUnsent, tidySubmitted } from "./device.js";

document.querySelector("[data-focus]")?.focus();

// The part of a row that one is in must be in sight, where the style sheet alone does not see to it.
const part = document.querySelector(".tabs [aria-current]");
const row = part?.closest("ul");
if (row) row.scrollLeft = part.offsetLeft - row.offsetLeft - (row.clientWidth - part.offsetWidth) / 2;

const search = document.querySelector("[data-search]");
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || !search) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  event.preventDefault();
  search.focus();
  search.select();
});

const person = Number(document.body.dataset.person) || null;
removeOthers(person);

const submitted = document.querySelector("[data-submitted]");
if (submitted) tidySubmitted(person, submitted);

const unsent = document.querySelector("[data-unsent]");
if (unsent) showUnsent(person, unsent);

if (document.querySelector("[data-signed-in]") && window.BroadcastChannel) new BroadcastChannel("recruit-session").postMessage(person);

for (const form of document.querySelectorAll("form[data-sign-out]")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    leaveDevice(person, document.querySelector("[data-unsaved]")).then((left) => left && form.submit());
  });
}
