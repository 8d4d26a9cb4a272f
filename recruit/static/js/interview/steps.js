// One part of the interview at a time. Where one stood is kept, and found again after a reload.

export class Steps {
  constructor(form, { place, keepPlace, arrived }) {
    this.steps = [...form.querySelectorAll("[data-step]")];
    this.links = [...document.querySelectorAll("[data-steps] a")];
    this.aside = null;
    Object.assign(this, { place, keepPlace, arrived });
    history.scrollRestoration = "manual";
    window.addEventListener("hashchange", () => this.follow());
    for (const event of ["scrollend", "pagehide"]) window.addEventListener(event, () => this.remember());
    document.addEventListener("focusin", () => this.remember());
    document.addEventListener("visibilitychange", () => this.remember());
  }

  // Go where the address says, else where one stood, else to the beginning.
  begin() {
    const summary = document.querySelector("[data-focus]:not([data-without-script])");
    const target = summary ?? this.target();
    const step = this.stepOf(target) ?? this.steps.find((one) => one.id === this.place.step) ?? this.steps[0];
    this.show(step);
    // So that going back leads here, and not to an address without a part.
    if (summary || !target) history.replaceState(null, "", `#${step.id}`);
    if (summary) summary.focus();
    else if (step.id === this.place.step) this.return();
    else if (target && target !== step) this.arrive(target);
  }

  get current() {
    return this.steps.find((step) => !step.hidden) ?? null;
  }

  target() {
    return location.hash ? document.getElementById(decodeURIComponent(location.hash.slice(1))) : null;
  }

  stepOf(element) {
    return element?.closest("[data-step]") ?? null;
  }

  follow() {
    const target = this.target();
    const step = this.stepOf(target);
    if (!step) return;
    this.show(step);
    if (target !== step) {
      this.arrive(target);
      return;
    }
    step.focus({ preventScroll: true });
    window.scrollTo(0, 0);
    this.remember();
  }

  arrive(target) {
    target.scrollIntoView({ block: "start" });
    target.focus({ preventScroll: true });
    this.remember();
  }

  // Show a section that is no part of the interview, in place of the current part.
  showAside(section) {
    this.aside = section;
    for (const step of this.steps) step.hidden = true;
    section.hidden = false;
    section.focus({ preventScroll: true });
    window.scrollTo(0, 0);
  }

  leaveAside() {
    if (!this.aside) return;
    this.aside.hidden = true;
    this.aside = null;
    this.show(this.steps.find((step) => step.id === this.place.step) ?? this.steps[0]);
    this.return();
  }

  show(step) {
    if (this.aside) {
      this.aside.hidden = true;
      this.aside = null;
    }
    for (const other of this.steps) other.hidden = other !== step;
    for (const link of this.links) {
      if (link.hash === `#${step.id}`) link.setAttribute("aria-current", "step");
      else link.removeAttribute("aria-current");
    }
    this.bringTabIntoView();
    this.markPassed(step);
    if (this.place.step !== step.id) Object.assign(this.place, { step: step.id, scroll: 0, field: null });
    this.keepPlace();
    this.arrived(step);
  }

  // Only sideways: the page itself must not move.
  bringTabIntoView() {
    const link = this.links.find((one) => one.hasAttribute("aria-current"));
    const list = link?.closest("ol");
    if (list) list.scrollLeft = link.offsetLeft - (list.clientWidth - link.offsetWidth) / 2;
  }

  // Opening and closing are done once one has gone on from them.
  markPassed(step) {
    const passed = new Set(this.place.passed ?? []);
    const here = this.steps.indexOf(step);
    for (const id of ["step-opening", "step-closing"]) {
      if (this.steps.findIndex((one) => one.id === id) < here) passed.add(id);
    }
    this.place.passed = [...passed];
    for (const link of this.links) if (passed.has(link.hash.slice(1))) link.toggleAttribute("data-done", true);
  }

  remember() {
    const step = this.current;
    if (!step || step.id !== this.place.step) return;
    const field = document.activeElement;
    const writing = field?.matches?.("textarea, input[type=text]") && step.contains(field);
    this.place.scroll = Math.round(window.scrollY);
    this.place.field = writing ? { name: field.name, caret: field.selectionStart } : null;
    this.keepPlace();
  }

  return() {
    const { scroll, field } = this.place;
    const found = field && this.current.querySelector(`[name="${CSS.escape(field.name)}"]`);
    if (found) {
      found.focus({ preventScroll: true });
      found.setSelectionRange(field.caret, field.caret);
    }
    window.scrollTo(0, scroll ?? 0);
  }
}
