// Two versions of the same text, side by side; whoever wrote chooses, field by field.
import { isText, pick } from "./fields.js";

export class Conflicts {
  constructor(form, { draft, chosen }) {
    this.section = form.querySelector("[data-conflict-step]");
    this.list = this.section.querySelector("[data-conflicts]");
    this.template = this.section.querySelector("[data-conflict-template]");
    Object.assign(this, { form, draft, chosen });
  }

  // Built anew only when something differs, so that the focus stays where it is.
  show() {
    const wanted = JSON.stringify(this.draft.conflicts) + JSON.stringify(Object.keys(this.draft.conflicts).map((unit) => pick(this.draft.fields, unit)));
    if (wanted === this.shown) return;
    this.shown = wanted;
    this.list.replaceChildren(...Object.entries(this.draft.conflicts).map(([unit, theirs]) => this.item(unit, theirs)));
  }

  item(unit, theirs) {
    const item = this.template.content.cloneNode(true);
    const mine = pick(this.draft.fields, unit);
    const place = document.getElementById(unit) ?? this.form.querySelector(`[name="${CSS.escape(unit)}"]`);
    item.querySelector("[data-conflict-label]").textContent = place?.dataset.unitLabel ?? unit;
    this.fill(item.querySelector("[data-conflict-mine]"), unit, mine);
    this.fill(item.querySelector("[data-conflict-theirs]"), unit, theirs);
    const both = item.querySelector('[data-choose="both"]');
    if (!isText(unit) || !Object.values(mine)[0] || !Object.values(theirs)[0]) both.remove();
    const versions = { mine, theirs, both: { [unit]: `${mine[unit]}\n\n${theirs[unit]}` } };
    for (const button of item.querySelectorAll("[data-choose]")) {
      button.addEventListener("click", () => this.chosen(unit, versions[button.dataset.choose]));
    }
    return item;
  }

  fill(place, unit, fields) {
    const words = isText(unit) ? Object.values(fields) : Object.entries(fields).map(([name, value]) => this.wording(name, value));
    place.textContent = words.filter(Boolean).join("\n") || place.dataset.empty;
  }

  // A choice is told in the words of its label; a score with its number first.
  wording(name, value) {
    if (!value) return "";
    const radio = this.form.querySelector(`[type=radio][name="${CSS.escape(name)}"][value="${CSS.escape(value)}"]`);
    return radio ? radio.closest("label").textContent.replace(/\s+/g, " ").trim() : value;
  }
}
