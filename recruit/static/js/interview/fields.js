// The fields of the interview page, by name, and the units in which two versions are compared.
//
// Score, evidence level and reason of one competency are one unit: a score that one person chose
// must not be mixed with a reason that another one wrote.

const HIDDEN = new Set(["csrf_token", "person", "version"]);
const RATING = /^(rating-.+)-(score|evidence_level|not_assessed_reason)$/;

export function unitOf(name) {
  return RATING.exec(name)?.[1] ?? name;
}

// What the server stores is read back the same: line ends as LF, no NUL, no half characters.
function normal(text) {
  const plain = text.replace(/\r\n?/g, "\n").replaceAll("\0", "");
  return plain.toWellFormed ? plain.toWellFormed() : plain;
}

export function names(form) {
  return new Set([...form.elements].map((field) => field.name).filter((name) => name && !HIDDEN.has(name) && name !== "action"));
}

export function read(form) {
  const fields = {};
  for (const name of names(form)) fields[name] = normal(form.elements.namedItem(name).value);
  return fields;
}

// Only what differs is written, so that the caret stays where it is.
export function write(form, fields) {
  for (const [name, value] of Object.entries(fields)) {
    const field = form.elements.namedItem(name);
    if (!field || normal(field.value) === value) continue;
    if (field instanceof RadioNodeList) for (const radio of field) radio.checked = radio.value === value && value !== "";
    else field.value = value;
  }
  markNotAssessed(form, fields);
}

// "Not assessed" is the empty score with a reason: it is chosen when there is one.
function markNotAssessed(form, fields) {
  for (const name of Object.keys(fields)) {
    const prefix = name.endsWith("-not_assessed_reason") && name.slice(0, -"-not_assessed_reason".length);
    if (!prefix || !fields[name]) continue;
    const scores = form.elements.namedItem(`${prefix}-score`);
    if (scores && scores.value === "") [...scores].find((radio) => radio.value === "").checked = true;
  }
}

export function pick(fields, unit) {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => unitOf(name) === unit));
}

export function same(one, other) {
  const keys = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...keys].every((name) => (one[name] ?? "") === (other[name] ?? ""));
}

export function units(fields) {
  return [...new Set(Object.keys(fields).map(unitOf))];
}

export function isText(unit) {
  return !/^rating-/.test(unit) ? unit !== "recommendation" : unit.endsWith("-evidence");
}
