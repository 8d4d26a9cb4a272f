// The interview page: puts its parts together. Without it the page is one long form that works.
import { Clock } from "./clock.js";
import { Conflicts } from "./conflict.js";
import { Draft } from "./draft.js";
import { pick, read, same, units, write } from "./fields.js";
import { Lengths } from "./lengths.js";
import { keepPage } from "./offline.js";
import { Ratings } from "./rating.js";
import { Session, whenSignedInAgain } from "./session.js";
import * as status from "./status.js";
import { Steps } from "./steps.js";
import * as store from "./store.js";
import { Sync } from "./sync.js";

const form = document.querySelector("form[data-autosave]");
const { scorecard } = form.dataset;
const session = new Session(form);
const key = { person: session.person, scorecard };
// After a conflict the page comes back with what was sent, while the server holds something else.
const cameBack = "conflict" in form.dataset;

let unkept = false;
let keeping = null;
let keepAgain = false;
let othersWait = false;

// The device's copy; at most one write is under way and one waits, however fast somebody writes.
async function keep() {
  if (keeping) {
    keepAgain = true;
    return keeping;
  }
  keeping = (async () => {
    do {
      keepAgain = false;
      try {
        await store.putDraft({ ...key, address: location.pathname, ...draft.record() });
        unkept = false;
      } catch {
        unkept = true;
      }
    } while (keepAgain);
    keeping = null;
  })();
  return keeping;
}

function fromServer() {
  const { version, savedAt, saved } = form.dataset;
  const base = { version: Number(version), savedAt, fields: JSON.parse(saved) };
  if (!cameBack) return new Draft({ fields: { ...base.fields }, base });
  const fields = read(form);
  const differing = units(fields).filter((unit) => !same(pick(fields, unit), pick(base.fields, unit)));
  return new Draft({ fields, base, conflicts: Object.fromEntries(differing.map((unit) => [unit, pick(base.fields, unit)])) });
}

const draft = fromServer();
const sync = new Sync({ draft, session, address: form.dataset.autosave, keep, changed });
const conflicts = new Conflicts(form, { draft, chosen });

// Take over what this window, or one that was closed, had written and not saved. One at a time: the
// next follows when the first is saved.
async function recover() {
  othersWait = false;
  const before = { ...draft.fields };
  const records = await store.draftsOf(session.person, scorecard);
  records.sort((one, other) => (other.window === key.window) - (one.window === key.window));
  for (const record of records) {
    const own = record.window === key.window;
    const left = new Draft(record);
    if (own && cameBack) continue;
    if (!own && (await store.isOpen(record))) {
      learn(left);
    } else if (!own && !left.isSaved && !draft.isSaved) {
      othersWait = true;
    } else {
      if (own || !left.isSaved) draft.inherit(left);
      else learn(left);
      await keep();
      if (!own && !unkept) await store.removeDraft(record);
    }
  }
  takeEarly(before);
  write(form, draft.fields);
}

// What somebody entered while the page was still beginning stands beside what is taken over.
function takeEarly(before) {
  const now = read(form);
  for (const unit of units(now)) {
    const [entered, shown, recovered] = [now, before, draft.fields].map((fields) => pick(fields, unit));
    if (same(entered, shown)) continue;
    if (!same(recovered, shown) && !same(recovered, entered)) draft.conflicts[unit] = recovered;
    Object.assign(draft.fields, entered);
    keep();
  }
}

// A page that was kept for a failing network is older than what another window knows.
function learn({ base }) {
  if (base.version > draft.base.version && draft.isSaved) draft.receive({ version: base.version, saved_at: base.savedAt, fields: base.fields });
}

function edited() {
  draft.fields = read(form);
  keep();
  ratings.show();
  lengths.show();
  sync.edited();
}

function changed(adopted = []) {
  if (adopted.length) {
    write(form, Object.assign({}, ...adopted.map((unit) => pick(draft.fields, unit))));
    ratings.show();
    lengths.show();
    status.notice("adopted", adopted.map(labelOf).join(", "));
  }
  form.elements.namedItem("version").value = draft.base.version;
  conflicts.show();
  showState();
  if (othersWait && draft.isSaved && !sync.trouble) recover().then(() => sync.edited());
}

function showState() {
  const { trouble, detail } = sync;
  for (const name of ["signed-out", "another-person", "trouble", "too-long", "refused"]) {
    if (trouble === name) status.notice(name, detail);
    else status.hide(name);
  }
  if (draft.inConflict && !steps.aside) status.notice("conflict");
  else status.hide("conflict");
  if (unkept && !draft.isSaved) status.notice("unkept");
  else status.hide("unkept");
  if (!draft.inConflict && steps.aside) steps.leaveAside();
  if (unkept && (trouble || draft.isUnsent)) status.showState("unkept");
  else if (trouble === "offline" || trouble === "signed-out") status.showState(trouble);
  else if (trouble) status.showState("trouble");
  else if (draft.inConflict) status.showState("conflict");
  else if (draft.isUnsent) status.showState("saving");
  else if (draft.base.version) status.showState("saved", draft.base.savedAt);
}

function labelOf(unit) {
  const place = document.getElementById(unit) ?? form.querySelector(`[name="${CSS.escape(unit)}"]`);
  return place?.dataset.unitLabel ?? unit;
}

function chosen(unit, fields) {
  draft.choose(unit, fields);
  write(form, fields);
  ratings.show();
  lengths.show();
  keep();
  sync.edited();
  changed();
  if (draft.inConflict) conflicts.section.focus({ preventScroll: true });
}

function arrived(step) {
  clock.enter(step.id, Number(step.dataset.minutes) || 0);
  status.hide("rated");
  showState();
}

function showConflicts() {
  steps.showAside(conflicts.section);
  showState();
}

function hiddenField(name, value) {
  const field = document.createElement("input");
  Object.assign(field, { type: "hidden", name, value });
  return field;
}

async function submit(event) {
  if (event.submitter?.name === "action") return;
  event.preventDefault();
  const button = event.submitter;
  button?.setAttribute("aria-busy", "true");
  const saved = await sync.flush();
  button?.removeAttribute("aria-busy");
  if (saved) {
    // form.submit() leaves out what the button itself says: that it is ahead of time.
    if (button?.name) form.append(hiddenField(button.name, button.value));
    form.submit();
    return;
  }
  if (draft.inConflict) showConflicts();
  else status.notice("wait", sync.detail);
}

let place = {};
let placed;
function keepPlace() {
  clearTimeout(placed);
  placed = setTimeout(() => store.putPlace({ ...place, person: session.person, scorecard }).catch(() => {}), 200);
}

try {
  key.window = await store.claimWindow(session.person, scorecard);
  await recover();
  place = (await store.placeOf(session.person, scorecard)) ?? {};
} catch {
  unkept = true;
  takeEarly({ ...draft.fields });
}

const clock = new Clock({ place, keepPlace, announce: status.announce });
const lengths = new Lengths(form);
const steps = new Steps(form, { place, keepPlace, arrived });
const ratings = new Ratings(form, { current: () => steps.current, changed: edited, tell: (text) => status.notice("rated", text) });

// A reload shows the page anew instead of sending the form again.
history.replaceState(null, "", location.href);
for (const element of document.querySelectorAll("[data-without-script]")) element.hidden = true;
form.addEventListener("input", edited);
form.addEventListener("change", edited);
form.addEventListener("submit", submit);
for (const button of document.querySelectorAll("[data-try-again]")) button.addEventListener("click", () => sync.flush());
document.querySelector("[data-show-conflict]").addEventListener("click", showConflicts);
document.querySelector("[data-conflict-leave]").addEventListener("click", () => steps.leaveAside());
window.addEventListener("online", () => sync.refresh());
window.addEventListener("pagehide", () => sync.leave());
document.addEventListener("visibilitychange", () => (document.visibilityState === "visible" ? sync.refresh() : sync.flush()));
whenSignedInAgain(() => sync.trouble && sync.flush());
window.addEventListener("beforeunload", (event) => {
  if (unkept && !draft.isSaved) event.preventDefault();
});

steps.begin();
ratings.show();
lengths.show();
changed();
if (draft.isUnsent) sync.flush();
form.dataset.ready = "";
if (form.dataset.worker) keepPage(form.dataset.worker, session.person).then(
  () => (form.dataset.kept = ""),
  () => {},
);
