// Tells how safe the text is: one line in the head that is always there, and notices at the foot
// that stay until somebody has done something, or pass by themselves. A screen reader hears it when
// it turns, not at every save.

const head = document.querySelector("[data-saved-state]");
const announcer = document.querySelector("[data-announcer]");
const notices = document.querySelector("[data-notices]");
const PASSING = { rated: 4000, adopted: 10_000, wait: 10_000 };
const timers = {};

export function announce(text) {
  announcer.textContent = text;
}

export function showState(name, value = "") {
  const text = (head.dataset[camel(`text-${name}`)] ?? "").replace("%s", value);
  if (head.dataset.state === name && head.textContent === text) return;
  const turned = head.dataset.state !== name && name !== "saving";
  head.dataset.state = name;
  head.textContent = text;
  if (turned && head.dataset.told !== name) {
    head.dataset.told = name;
    announce(text);
  }
}

export function notice(name, detail = "") {
  const box = notices.querySelector(`[data-notice="${name}"]`);
  box.querySelector("[data-notice-detail]").textContent = detail;
  if (box.hidden && !(name in PASSING) && box.dataset.closed !== undefined) return;
  box.hidden = false;
  if (name in PASSING) {
    clearTimeout(timers[name]);
    timers[name] = setTimeout(() => hide(name), PASSING[name]);
    announce(box.querySelector("p").textContent.trim());
  }
  fit();
}

export function hide(name) {
  const box = notices.querySelector(`[data-notice="${name}"]`);
  delete box.dataset.closed;
  if (!box.hidden) {
    box.hidden = true;
    fit();
  }
}

// What is in focus must not lie below the notices.
function fit() {
  document.documentElement.style.setProperty("--notices", `${notices.offsetHeight}px`);
}

function camel(text) {
  return text.replace(/-(\w)/g, (_, letter) => letter.toUpperCase());
}

for (const box of notices.querySelectorAll("[data-notice]")) {
  box.querySelector("[data-notice-close]").addEventListener("click", () => {
    box.hidden = true;
    box.dataset.closed = "";
    fit();
  });
}
