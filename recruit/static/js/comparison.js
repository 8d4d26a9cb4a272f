// The comparison: evidence in a drawer, and weights that answer while one tries them. Without this
// script both are pages of their own.

const part = async (address, wanted, signal) => {
  const answer = await fetch(address, { headers: { Accept: "text/html" }, signal });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return page.querySelector(wanted);
};

const drawer = document.querySelector("[data-drawer]");
const content = drawer?.querySelector("[data-content]");

document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-evidence]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  try {
    const found = await part(link.href, "#evidence");
    // Signed out meanwhile, or withheld: the page itself says so.
    if (!found) throw new Error("no evidence");
    content.replaceChildren(found);
    drawer.showModal();
    found.querySelector("#drawer-title")?.focus();
  } catch {
    location.assign(link.href);
  }
});

drawer?.querySelector("[data-close]").addEventListener("click", () => drawer.close());
drawer?.addEventListener("click", (event) => {
  if (event.target === drawer) drawer.close();
});

const trial = document.querySelector("[data-weights]");
if (trial) {
  const form = trial.querySelector("form");
  const place = trial.querySelector("[data-tried]");
  let running = null;
  let waiting = 0;

  const show = async () => {
    running?.abort();
    running = new AbortController();
    const address = `${form.getAttribute("action")}?${new URLSearchParams(new FormData(form))}`;
    try {
      const found = await part(address, "#tried", running.signal);
      if (!found) throw new Error("no answer");
      found.removeAttribute("id");
      place.replaceChildren(found);
    } catch (error) {
      if (error.name !== "AbortError") form.submit();
    }
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    show();
  });
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(show, 150);
  });
  form.addEventListener("reset", () => {
    clearTimeout(waiting);
    running?.abort();
    place.replaceChildren();
  });
}
