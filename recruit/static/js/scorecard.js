// The interview page: one section at a time, autosave, and text that survives a lost network.
// Without this script the page is one long form that works.
const form = document.querySelector("form[data-autosave]");
const state = document.querySelector("[data-saved-state]");
const PAUSE = 1200;
const RETRY = 8000;

if (form) {
  const storageKey = `scorecard:${form.dataset.key}`;
  const version = form.elements.namedItem("version");
  let timer;
  let saving = false;
  let dirty = false;
  let halted = false;
  let submitting = false;

  const fields = () => [...new FormData(form).entries()].filter(([name]) => name !== "csrf_token");

  function show(name, value = "") {
    state.dataset.state = name;
    state.textContent = (state.dataset[`text${name.replace(/(^|-)(\w)/g, (_, __, c) => c.toUpperCase())}`] || "").replace("%s", value);
  }

  function keep() {
    try {
      localStorage.setItem(storageKey, JSON.stringify({ version: version.value, fields: fields() }));
    } catch {
      // A full or forbidden store only means that the network is the one place to save to.
    }
  }

  function forget() {
    try {
      localStorage.removeItem(storageKey);
    } catch {
      // Nothing was kept, then.
    }
  }

  function halt(name, detail = "") {
    halted = true;
    show(name);
    const notice = document.querySelector(`[data-notice="${name}"]`);
    if (notice) {
      notice.hidden = false;
      const place = notice.querySelector("[data-notice-detail]");
      if (place) place.textContent = detail;
    }
  }

  async function save() {
    if (saving || halted || submitting || !dirty) return;
    saving = true;
    dirty = false;
    show("saving");
    try {
      const answer = await fetch(form.dataset.autosave, {
        method: "POST",
        body: new FormData(form),
        headers: { Accept: "application/json" },
        redirect: "manual",
      });
      if (answer.ok) {
        const saved = await answer.json();
        version.value = saved.version;
        show("saved", saved.saved_at);
        if (!dirty) forget();
      } else if (answer.status === 409) {
        halt("conflict", (await answer.json()).error);
      } else if (answer.status === 401 || answer.status === 400 || answer.type === "opaqueredirect") {
        halt("signed-out");
      } else {
        throw new Error(String(answer.status));
      }
    } catch {
      dirty = true;
      show("offline");
      schedule(RETRY);
    }
    saving = false;
    if (dirty && !halted) schedule(PAUSE);
  }

  function schedule(delay) {
    clearTimeout(timer);
    timer = setTimeout(save, delay);
  }

  function changed() {
    dirty = true;
    keep();
    markDone();
    schedule(PAUSE);
  }

  function markDone() {
    for (const rating of form.querySelectorAll("[data-rating]")) {
      const step = rating.closest("[data-step]");
      const chosen = rating.querySelector(`[name$="-score"]:checked`);
      const link = document.querySelector(`[data-steps] a[href="#${step.id}"]`);
      link?.toggleAttribute("data-done", Boolean(chosen));
    }
  }

  function restore(kept) {
    for (const field of form.querySelectorAll("[type=radio]")) field.checked = false;
    for (const [name, value] of kept.fields) {
      const field = form.elements.namedItem(name);
      if (field && name !== "version") field.value = value;
    }
    changed();
  }

  function offerKept() {
    let kept;
    try {
      kept = JSON.parse(localStorage.getItem(storageKey));
    } catch {
      return;
    }
    if (!kept) return;
    if (kept.version === version.value) {
      restore(kept);
      return;
    }
    const notice = document.querySelector('[data-notice="draft"]');
    const list = notice.querySelector("[data-draft-text]");
    for (const [name, value] of kept.fields) {
      const field = form.elements.namedItem(name);
      if (!(field instanceof HTMLTextAreaElement) || !value || field.value === value) continue;
      const term = document.createElement("dt");
      term.textContent = field.labels[0]?.firstChild.textContent.trim() || name;
      const text = document.createElement("dd");
      text.textContent = value;
      list.append(term, text);
    }
    // What the server holds already need not be offered again.
    if (!list.children.length) {
      forget();
      return;
    }
    notice.hidden = false;
    notice.querySelector("[data-draft-restore]").addEventListener("click", () => {
      notice.hidden = true;
      restore(kept);
    });
    notice.querySelector("[data-draft-discard]").addEventListener("click", () => {
      notice.hidden = true;
      forget();
    });
  }

  const steps = [...form.querySelectorAll("[data-step]")];

  function stepOfAddress() {
    const target = location.hash ? document.getElementById(location.hash.slice(1)) : null;
    return target?.closest("[data-step]") ?? null;
  }

  function go(step, focus) {
    for (const other of steps) other.hidden = other !== step;
    for (const link of document.querySelectorAll("[data-steps] a")) {
      const current = link.hash === `#${step.id}`;
      if (current) {
        link.setAttribute("aria-current", "step");
        link.scrollIntoView({ block: "nearest", inline: "center" });
      } else {
        link.removeAttribute("aria-current");
      }
    }
    const target = location.hash ? document.getElementById(location.hash.slice(1)) : null;
    if (focus) {
      const wanted = target && target !== step ? target : step;
      wanted.focus({ preventScroll: true });
      if (wanted === step) window.scrollTo(0, 0);
      else wanted.scrollIntoView({ block: "center" });
    }
  }

  function startClock() {
    const clock = document.querySelector("[data-clock]");
    if (!clock) return;
    const key = `clock:${form.dataset.key}`;
    const started = Number(sessionStorage.getItem(key)) || Date.now();
    sessionStorage.setItem(key, String(started));
    const total = Number(clock.dataset.minutes);
    const tick = () => {
      const elapsed = Math.floor((Date.now() - started) / 60000);
      clock.textContent = clock.dataset.text.replace("%(elapsed)s", elapsed).replace("%(total)s", total);
      clock.toggleAttribute("data-over", elapsed > total);
    };
    tick();
    setInterval(tick, 15000);
  }

  form.addEventListener("input", changed);
  form.addEventListener("submit", () => {
    submitting = true;
    clearTimeout(timer);
  });
  window.addEventListener("online", () => schedule(0));
  window.addEventListener("hashchange", () => {
    const step = stepOfAddress();
    if (step) go(step, true);
  });
  window.addEventListener("beforeunload", (event) => {
    if (!submitting && (dirty || saving)) event.preventDefault();
  });

  markDone();
  offerKept();
  startClock();
  if (!document.querySelector("[data-focus]")) go(stepOfAddress() ?? steps[0], false);
}
