// What this device may keep, and when it goes: pages that were kept for a network that fails, and
// drafts. Kept pages go at sign-out and when somebody else signs in; a draft goes when it is safe
// on the server, and an unsaved one only when its author says so. Of an interview that the server
// has erased everything goes.
import * as store from "./interview/store.js";
import { Draft } from "./interview/draft.js";
import { same } from "./interview/fields.js";

async function removePages(mayStay) {
  if (!("caches" in window)) return;
  for (const name of await caches.keys()) if (name.startsWith("interview:") && !mayStay(name)) await caches.delete(name);
}

async function removeWorkers() {
  if (!("serviceWorker" in navigator)) return;
  for (const registration of await navigator.serviceWorker.getRegistrations()) await registration.unregister();
}

// Nobody reads what another person's interview left here. Without anybody signed in it stays: the
// session may only have run out.
export async function removeOthers(person) {
  if (person) await removePages((name) => name.startsWith(`interview:${person}:`));
}

// Returns whether it is fine to sign out: with unsaved text on the device its author is asked once.
export async function leaveDevice(person, question) {
  const drafts = await store.draftsOf(person).catch(() => []);
  const unsaved = drafts.filter((record) => !new Draft(record).isSaved);
  if (unsaved.length && question?.hidden) {
    question.hidden = false;
    question.querySelector("[data-unsaved-link]").href = unsaved[0].address;
    question.focus();
    return false;
  }
  for (const record of drafts) await store.removeDraft(record).catch(() => {});
  await store.removePlaces(person).catch(() => {});
  await removePages(() => false).catch(() => {});
  await removeWorkers().catch(() => {});
  return true;
}

// A submitted scorecard is on the server. What was written afterwards in another window is shown.
export async function tidySubmitted(person, place) {
  const { scorecard } = place.dataset;
  const saved = JSON.parse(place.dataset.saved);
  const leftover = document.querySelector("[data-leftover]");
  await removePages((name) => !name.endsWith(`:${location.pathname}`)).catch(() => {});
  await (await navigator.serviceWorker?.getRegistration(location.pathname))?.unregister();
  for (const record of await store.draftsOf(person, scorecard).catch(() => [])) {
    const draft = new Draft(record);
    if (draft.isSaved || same(draft.fields, saved)) await store.removeDraft(record).catch(() => {});
    else if (!(await store.isOpen(record))) showLeftover(leftover, draft, saved, record);
  }
}

function showLeftover(place, draft, saved, record) {
  const list = place.querySelector("[data-leftover-text]");
  for (const [name, text] of Object.entries(draft.fields)) {
    if (!text || text === saved[name] || /-(score|evidence_level)$|^recommendation$/.test(name)) continue;
    const line = document.createElement("p");
    line.className = "written";
    line.textContent = text;
    list.append(line);
  }
  place.hidden = false;
  place.querySelector("[data-leftover-remove]").addEventListener("click", async () => {
    await store.removeDraft(record);
    place.hidden = true;
  });
}

// What is erased on the server goes from this device too, whoever wrote it.
async function forgetErased(address) {
  const drafts = await store.everyDraft().catch(() => []);
  const pages = "caches" in window ? (await caches.keys()).filter((name) => name.startsWith("interview:")) : [];
  const numbers = new Set([...drafts.map((draft) => interviewAt(draft.address)), ...pages.map(interviewAt)]);
  if (!numbers.size) return;
  const asked = new URLSearchParams([...numbers].map((number) => ["number", number]));
  const answer = await fetch(`${address}?${asked}`, { headers: { Accept: "application/json" } });
  if (!answer.ok) return;
  const { erased } = await answer.json();
  const isErased = (path) => erased.includes(interviewAt(path));
  for (const draft of drafts.filter((one) => isErased(one.address))) {
    await store.removeDraft(draft);
    await store.removePlace(draft);
  }
  await removePages((name) => !isErased(name));
}

function interviewAt(path) {
  return Number(/\/interviews\/(\d+)\//.exec(path)[1]);
}

// The start page tells of text that waits on this device.
export async function showUnsent(person, place) {
  await forgetErased(place.dataset.erased).catch(() => {});
  const drafts = await store.draftsOf(person).catch(() => []);
  const waiting = drafts.filter((record) => !new Draft(record).isSaved);
  if (!waiting.length) return;
  place.querySelector("[data-unsent-link]").href = waiting[0].address;
  place.hidden = false;
}
