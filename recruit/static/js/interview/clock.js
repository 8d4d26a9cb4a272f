// How long the interview and its current part have lasted, against what was planned. It tells and
// does not hurry: no colour, no blinking, and a screen reader hears only what it may act on.

const FORGOTTEN = 3 * 3600 * 1000; // A clock that nobody has looked at for so long was left running.

export class Clock {
  // `place.clock` holds milliseconds per part, the part that runs, and since when.
  constructor({ place, keepPlace, announce }) {
    this.button = document.querySelector("[data-clock]");
    this.progress = document.querySelector("[data-clock-progress]");
    if (!this.button) return;
    Object.assign(this, { keepPlace, announce });
    this.state = place.clock ??= { spent: {}, part: null, since: null, seen: null, told: [] };
    if (this.state.since !== null && Date.now() - this.state.seen > FORGOTTEN) this.stop(this.state.seen);
    this.minutes = {};
    document.querySelector("[data-clock-plain]").hidden = true;
    this.button.hidden = false;
    this.button.addEventListener("click", () => this.toggle());
  }

  // Another part of the interview is on the page; null is none, and ends the clock's run.
  enter(part, minutes) {
    if (!this.button) return;
    const running = this.state.since !== null;
    if (running) this.stop(Date.now());
    this.minutes = { ...this.minutes, [part]: minutes };
    this.state.part = part;
    if (running && minutes) this.state.since = Date.now();
    this.show();
  }

  toggle() {
    if (this.state.since === null) this.state.since = Date.now();
    else this.stop(Date.now());
    this.show();
  }

  stop(moment) {
    const { part, since, spent } = this.state;
    spent[part] = (spent[part] ?? 0) + Math.max(0, moment - since);
    this.state.since = null;
  }

  spentOn(part) {
    const running = this.state.since !== null && part === this.state.part ? Date.now() - this.state.since : 0;
    return (this.state.spent[part] ?? 0) + running;
  }

  get total() {
    return [...new Set([...Object.keys(this.state.spent), this.state.part])].reduce((sum, part) => sum + this.spentOn(part), 0);
  }

  show() {
    clearTimeout(this.timer);
    const { part, since } = this.state;
    const planned = this.minutes[part];
    const idle = since === null && this.total === 0;
    const find = (name) => this.button.querySelector(`[data-clock-${name}]`);
    find("idle").hidden = !idle;
    find("total").hidden = idle;
    find("part").hidden = idle || !planned;
    find("elapsed").textContent = written(this.total);
    find("part-elapsed").textContent = written(this.spentOn(part));
    find("part-planned").textContent = planned ?? "";
    this.button.dataset.running = since !== null;
    const { textStart, textPause, textGoOn } = this.button.dataset;
    this.button.title = since !== null ? textPause : idle ? textStart : textGoOn;
    this.progress.hidden = idle || !planned;
    if (planned) this.progress.value = Math.min(1, this.spentOn(part) / (planned * 60_000));
    this.tell(planned);
    this.state.seen = Date.now();
    this.keepPlace();
    if (since !== null) this.timer = setTimeout(() => this.show(), 1000 - (this.total % 1000));
  }

  // Each of these is said once.
  tell(planned) {
    const total = Number(this.button.dataset.total) * 60_000;
    const { textPartOver, textHalf, textOver } = this.button.dataset;
    this.once(`part ${this.state.part}`, planned && this.spentOn(this.state.part) >= planned * 60_000, textPartOver);
    this.once("half", this.total >= total / 2, textHalf);
    this.once("over", this.total >= total, textOver);
  }

  once(what, reached, text) {
    if (!reached || this.state.told.includes(what)) return;
    this.state.told.push(what);
    this.announce(text);
  }
}

function written(milliseconds) {
  const seconds = Math.floor(milliseconds / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
