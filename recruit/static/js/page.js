// What every page needs: an error summary that is announced and reached first, and a device that
// keeps nothing of somebody who has left it.
import { leaveDevice, removeOthers, showUnsent, tidySubmitted } from "./device.js";

document.querySelector("[data-focus]")?.focus();

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
