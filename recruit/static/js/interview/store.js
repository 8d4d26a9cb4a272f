// What this device keeps of interviews until the server has it.
//
// One record per person, scorecard and window: two windows never write over each other, and a
// person never reads what another one left on the device.

const NAME = "recruit-interviews";
let opened;

function database() {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("drafts", { keyPath: ["person", "scorecard", "window"] });
      request.result.createObjectStore("places", { keyPath: ["person", "scorecard"] });
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error("blocked"));
  });
  return opened;
}

async function run(store, mode, work) {
  const transaction = (await database()).transaction(store, mode, mode === "readwrite" ? { durability: "strict" } : {});
  const request = work(transaction.objectStore(store));
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve(request.result);
    transaction.onabort = transaction.onerror = () => reject(transaction.error);
  });
}

// Everything below one person, or one person's scorecard.
const below = (...start) => IDBKeyRange.bound(start, [...start, []]);

export const putDraft = (draft) => run("drafts", "readwrite", (store) => store.put(draft));
export const removeDraft = ({ person, scorecard, window }) => run("drafts", "readwrite", (store) => store.delete([person, scorecard, window]));
export const draftsOf = (person, scorecard) => run("drafts", "readonly", (store) => store.getAll(scorecard ? below(person, scorecard) : below(person)));
export const everyDraft = () => run("drafts", "readonly", (store) => store.getAll());

export const putPlace = (place) => run("places", "readwrite", (store) => store.put(place));
export const placeOf = (person, scorecard) => run("places", "readonly", (store) => store.get([person, scorecard]));
export const removePlace = ({ person, scorecard }) => run("places", "readwrite", (store) => store.delete([person, scorecard]));
export const removePlaces = (person) => run("places", "readwrite", (store) => store.delete(below(person)));

// A window's number, which it holds as long as it is open: a duplicated window gets one of its own.
// Where the browser has no locks (a page without HTTPS) the number is as good as it gets.
export async function claimWindow(person, scorecard) {
  const kept = sessionStorage.getItem("recruit-window");
  for (const window of [kept, newNumber()]) {
    if (window && (await hold(lockName(person, scorecard, window)))) {
      sessionStorage.setItem("recruit-window", window);
      return window;
    }
  }
  throw new Error("no window number");
}

export async function isOpen({ person, scorecard, window }) {
  if (!navigator.locks) return false;
  const { held } = await navigator.locks.query();
  return held.some((lock) => lock.name === lockName(person, scorecard, window));
}

function lockName(person, scorecard, window) {
  return `recruit:${person}:${scorecard}:${window}`;
}

function hold(name) {
  if (!navigator.locks) return true;
  return new Promise((resolve) => {
    navigator.locks.request(name, { ifAvailable: true }, (lock) => {
      resolve(Boolean(lock));
      return lock ? new Promise(() => {}) : undefined;
    });
  });
}

function newNumber() {
  return [...crypto.getRandomValues(new Uint8Array(8))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
