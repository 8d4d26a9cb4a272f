// Ratings: number keys, the marks on the tabs, and the list of ratings before submitting.

const TEXT = "textarea, select, input:not([type=radio], [type=checkbox]), [contenteditable]";

export class Ratings {
  constructor(form, { current, changed, tell }) {
    Object.assign(this, { form, current, changed, tell });
    this.cards = [...form.querySelectorAll("[data-rating]")];
    this.switch = document.querySelector("[data-number-keys]");
    document.querySelector("[data-help]").hidden = false;
    this.switch.checked = localStorage.getItem("recruit-number-keys") !== "off";
    this.switch.addEventListener("change", () => localStorage.setItem("recruit-number-keys", this.switch.checked ? "on" : "off"));
    document.addEventListener("keydown", (event) => this.press(event));
    form.addEventListener("change", (event) => this.reveal(event.target));
  }

  press(event) {
    if (!this.switch.checked || event.ctrlKey || event.altKey || event.metaKey || !/^[0-5]$/.test(event.key)) return;
    if (document.activeElement?.matches(TEXT)) return;
    const card = this.current()?.querySelector("[data-rating]");
    if (!card) return;
    const value = event.key === "0" ? "" : event.key;
    const radio = this.scores(card).find((one) => one.value === value);
    radio.checked = true;
    event.preventDefault();
    this.tell(`${card.dataset.name}: ${value || this.switch.dataset.textNone}`);
    this.changed();
    if (!value) this.reasonOf(card).focus();
  }

  // Whoever chooses "not assessed" by hand is asked why.
  reveal(field) {
    if (field.name?.endsWith("-score") && field.value === "" && field.checked) this.reasonOf(field.closest("[data-rating]")).focus({ preventScroll: true });
  }

  scores(card) {
    return [...card.querySelectorAll('[name$="-score"]')];
  }

  reasonOf(card) {
    return card.querySelector('[name$="-not_assessed_reason"]');
  }

  show() {
    for (const card of this.cards) {
      const chosen = this.scores(card).find((one) => one.checked);
      const level = card.querySelector('[name$="-evidence_level"]:checked');
      const step = card.closest("[data-step]");
      document.querySelector(`[data-steps] a[href="#${step.id}"]`).toggleAttribute("data-done", Boolean(chosen));
      const row = this.form.querySelector(`[data-review="${card.dataset.rating}"]`);
      const words = [chosen?.value || (chosen ? row.dataset.textNotAssessed : row.dataset.textNone)];
      if (chosen?.value && level) words.push(level.closest("label").querySelector(".levels__name").textContent);
      row.querySelector("[data-review-result]").textContent = words.join(" · ");
    }
  }
}
