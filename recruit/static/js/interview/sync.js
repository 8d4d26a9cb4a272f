// Brings a draft to the server and back, in the order in which it was written.
//
// One save is under way at a time. What is written is kept on the device first, and is called saved
// only when the server has said so. Whatever goes wrong, the draft stays and saving is tried again.

const PAUSE = 900; // Milliseconds from the first keystroke that is not saved to its save.
const PATIENCE = 25_000; // Longer than the server waits for its database.
const DELAYS = [1500, 3000, 6000, 10_000];
const FLUSH_LIMIT = 60_000; // Bytes that a browser sends from a page that is being left.

// What ends saving for good, by the server's name of it.
const FINAL = new Set(["ScorecardIsSubmitted", "ScorecardIsBegun", "InterviewIsCancelled", "NotOnPanel", "MustSubmitFirst"]);

export class Sync {
  // `keep` stores the draft on the device, `changed` is told after every step.
  constructor({ draft, session, address, keep, changed }) {
    Object.assign(this, { draft, session, address, keep, changed });
    this.trouble = null; // null, offline, trouble, signed-out, another-person, too-long or refused
    this.detail = "";
    this.ended = false;
    this.failures = 0;
    this.timer = null;
    this.queue = Promise.resolve();
  }

  // Something was written: save it soon. A pause in writing is not waited for.
  edited() {
    if (this.trouble === "refused" && !this.ended) this.trouble = null;
    if (this.timer === null && !this.ended) this.wait(PAUSE);
    this.changed();
  }

  // Save what there is to save, now. Returns whether everything is on the server afterwards.
  flush() {
    return this.enqueue(() => (this.draft.isUnsent ? this.push() : this.trouble && this.ask()));
  }

  // See to it that the page is as new as the server, for instance when it is looked at again.
  refresh() {
    return this.enqueue(() => (this.draft.isUnsent ? this.push() : this.ask()));
  }

  enqueue(work) {
    clearTimeout(this.timer);
    this.timer = null;
    this.queue = this.queue.then(async () => {
      if (!this.ended) await work();
      return this.draft.isSaved && !this.trouble;
    });
    return this.queue;
  }

  // Send the last words of a page that is being left; the next page sees what came of it.
  leave() {
    if (!this.draft.isUnsent || this.ended) return;
    const outgoing = this.draft.outgoing();
    this.draft.leaves(outgoing);
    this.keep();
    if (Object.values(outgoing).join("").length * 3 < FLUSH_LIMIT) fetch(this.address, this.request(outgoing, { keepalive: true })).catch(() => {});
  }

  async push(renewed = false) {
    const outgoing = this.draft.outgoing();
    this.draft.leaves(outgoing);
    await this.keep();
    const answer = await this.talk(this.request(outgoing));
    if (answer?.ok) {
      this.draft.acknowledge(outgoing, answer.found);
      return this.settle();
    }
    if (answer?.found.code === "CSRFError" && !renewed) return this.renew();
    return this.judge(answer);
  }

  async ask() {
    const answer = await this.talk({ headers: { Accept: "application/json" } });
    return answer?.ok ? this.settle(this.draft.receive(answer.found)) : this.judge(answer);
  }

  // The session is not the one that the page was sent in: perhaps only a newer one of the same person.
  async renew() {
    let who;
    try {
      who = await this.session.refresh();
    } catch {
      return this.judge(null);
    }
    if (who === "same") return this.push(true);
    return this.fail(who === "another" ? "another-person" : "signed-out");
  }

  judge(answer) {
    if (!answer) return this.fail("offline");
    const { status, found } = answer;
    if (found.code === "ScorecardConflict") return this.settle(this.draft.receive(found));
    if (status === 401) return this.fail("signed-out");
    if (found.code === "AnotherPersonIsSignedIn") return this.fail("another-person");
    // Kept here, and tried again when it is changed.
    if (found.code === "TextsAreTooLong") return this.fail("too-long", found.error);
    if (status >= 500 || status === 429) return this.fail("trouble", found.error);
    this.ended = FINAL.has(found.code) || status === 403 || status === 404;
    return this.fail("refused", found.error);
  }

  async settle(adopted = []) {
    Object.assign(this, { trouble: null, detail: "", failures: 0 });
    // At once, before another keystroke: what was taken in must be on the page that is read next.
    this.changed(adopted);
    if (this.draft.isUnsent) this.wait(PAUSE);
    await this.keep();
  }

  fail(trouble, detail = "") {
    Object.assign(this, { trouble, detail });
    if (trouble !== "refused" && trouble !== "too-long") this.wait(DELAYS[Math.min(this.failures, DELAYS.length - 1)]);
    this.failures += 1;
    this.changed();
  }

  wait(delay) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), delay);
  }

  // Returns status and answer, or nothing when the network did not carry it.
  async talk(request) {
    let answer;
    try {
      answer = await fetch(this.address, { redirect: "error", signal: AbortSignal.timeout(PATIENCE), ...request });
    } catch {
      return null;
    }
    // Something between here and the server may answer with a page of its own.
    const found = await answer.json().catch(() => ({}));
    return { ok: answer.ok && "version" in found, status: answer.ok && !("version" in found) ? 503 : answer.status, found };
  }

  request(fields, more) {
    const body = new FormData();
    for (const [name, value] of Object.entries(fields)) body.append(name, value);
    body.append("person", this.session.person);
    body.append("version", this.draft.base.version);
    return { method: "POST", body, headers: { Accept: "application/json", "X-CSRFToken": this.session.token }, redirect: "error", ...more };
  }
}
