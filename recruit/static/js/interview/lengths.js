// Tells how long a text is when its limit comes near, and all texts together. Nothing is cut. A
// screen reader hears it when a limit comes near and when it is passed, not at every letter.
import * as status from "./status.js";

const NEAR = 0.9; // From this share of the limit on, the count is shown.
const number = new Intl.NumberFormat(document.documentElement.lang);

// As the server counts: characters, not the halves that some of them consist of.
function lengthOf(text) {
  return [...text].length;
}

function standing(length, limit) {
  if (length > limit) return "over";
  return length >= limit * NEAR ? "near" : "";
}

export class Lengths {
  constructor(form) {
    this.form = form;
    this.fields = [...form.querySelectorAll("[data-limit]")];
    this.limit = Number(form.dataset.longest);
    this.told = new Map();
  }

  show() {
    let total = 0;
    for (const field of this.fields) {
      const length = lengthOf(field.value);
      total += length;
      const limit = Number(field.dataset.limit);
      const state = standing(length, limit);
      const place = document.getElementById(`${field.id}-length`);
      place.hidden = !state;
      place.dataset.state = state;
      place.textContent = state && this.text(state, length, limit);
      if (state === "over") field.setAttribute("aria-invalid", "true");
      else field.removeAttribute("aria-invalid");
      this.tell(field, state, place.textContent);
    }
    const state = standing(total, this.limit);
    const text = state && this.text(`all-${state}`, total, this.limit);
    if (state) status.notice("long", text);
    else status.hide("long");
    this.tell(this.form, state, text);
  }

  tell(about, state, text) {
    if (state && this.told.get(about) !== state) status.announce(text);
    this.told.set(about, state);
  }

  text(name, length, limit) {
    const texts = { near: "textNear", over: "textOver", "all-near": "textAllNear", "all-over": "textAllOver" };
    return this.form.dataset[texts[name]].replace("%s", number.format(length)).replace("%s", number.format(limit));
  }
}
