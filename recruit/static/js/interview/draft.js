// One scorecard as it stands on this page: what is written here, what the server has acknowledged,
// and where the two were changed apart. Knows no network, no storage and no page.
import { pick, same, units } from "./fields.js";

const REMEMBERED = 40;

export class Draft {
  // `base` is what the server has acknowledged, `sent` what it may have got without our knowing,
  // `conflicts` the version of others for each unit that was changed here and elsewhere.
  constructor({ fields, base, sent = [], conflicts = {} }) {
    Object.assign(this, { fields, base, sent, conflicts });
  }

  // Where there is a conflict, what others saved stays on the server until somebody has chosen.
  outgoing() {
    return Object.assign({}, this.fields, ...Object.values(this.conflicts));
  }

  get isUnsent() {
    return !same(this.outgoing(), this.base.fields);
  }

  get inConflict() {
    return Object.keys(this.conflicts).length > 0;
  }

  get isSaved() {
    return !this.isUnsent && !this.inConflict;
  }

  leaves(outgoing) {
    if (!this.sent.some((earlier) => same(earlier, outgoing))) this.sent = [...this.sent, outgoing].slice(-REMEMBERED);
  }

  acknowledge(outgoing, { version, saved_at }) {
    this.base = { version, savedAt: saved_at, fields: outgoing };
    this.sent = [];
  }

  // Take in what the server holds. Returns the units that were changed elsewhere only and are now
  // changed here too. A unit that was changed on both sides becomes a conflict, and nothing of it
  // is lost. What the server got from here without our knowing is no change of somebody else's.
  receive({ version, saved_at, fields }) {
    const adopted = [];
    for (const unit of units(fields)) {
      const [mine, theirs, base] = [this.fields, fields, this.base.fields].map((version_) => pick(version_, unit));
      if (same(mine, theirs)) {
        delete this.conflicts[unit];
      } else if (unit in this.conflicts) {
        this.conflicts[unit] = theirs;
      } else if (same(theirs, base) || this.sent.some((earlier) => same(theirs, pick(earlier, unit)))) {
        continue;
      } else if (same(mine, base)) {
        Object.assign(this.fields, theirs);
        adopted.push(unit);
      } else {
        this.conflicts[unit] = theirs;
      }
    }
    this.base = { version, savedAt: saved_at, fields };
    this.sent = [];
    return adopted;
  }

  choose(unit, fields) {
    Object.assign(this.fields, fields);
    delete this.conflicts[unit];
  }

  // Take over what a closed window had written, on top of the newest version known to either.
  inherit(other) {
    const newest = this.base.version >= other.base.version ? this.base : other.base;
    Object.assign(this, { fields: { ...other.fields }, base: other.base, sent: other.sent, conflicts: { ...other.conflicts } });
    return this.receive({ version: newest.version, saved_at: newest.savedAt, fields: newest.fields });
  }

  record() {
    return { fields: this.fields, base: this.base, sent: this.sent, conflicts: this.conflicts };
  }
}
