// Keeps this page and what it needs, so that it can be opened again without a network.
// Nothing else of the application is kept, and nothing of anybody else's.

export async function keepPage(script, person) {
  if (!("serviceWorker" in navigator) || !("caches" in window)) return;
  const path = location.pathname;
  await navigator.serviceWorker.register(script, { scope: path, updateViaCache: "none" });
  await document.fonts.ready;
  const page = await fetch(path, { headers: { Accept: "text/html" } });
  if (!page.ok || page.redirected) return;
  const cache = await caches.open(`interview:${person}:${path}`);
  await cache.put(path, page);
  const parts = performance.getEntriesByType("resource").map((entry) => new URL(entry.name));
  const own = parts.filter((url) => url.origin === location.origin && url.pathname.startsWith("/static/"));
  await cache.addAll([...new Set(own.map((url) => url.href))]);
}
