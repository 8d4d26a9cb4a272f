// The service worker of one interview page: its page and its parts from the network as long as
// there is one, else as they were kept. Everything else goes by it.

const PATIENCE = 4000; // Milliseconds before a slow network counts as none.

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  const path = new URL(self.registration.scope).pathname;
  if (event.request.method !== "GET" || url.origin !== self.location.origin) return;
  if (event.request.mode === "navigate" && url.pathname === path) event.respondWith(page(event.request, path));
  else if (url.pathname.startsWith("/static/")) event.respondWith(part(event.request, path));
});

async function page(request, path) {
  const kept = await cacheOf(path);
  let answer;
  try {
    answer = await fromNetwork(request);
  } catch {
    return (await kept?.match(path)) ?? Response.error();
  }
  // The server no longer shows it to whoever asks: then neither do we.
  if (answer.type === "opaqueredirect" || [401, 403, 404].includes(answer.status)) await kept?.delete(path);
  if (answer.status >= 500) return (await kept?.match(path)) ?? answer;
  return answer;
}

async function part(request, path) {
  try {
    return await fromNetwork(request);
  } catch {
    return (await (await cacheOf(path))?.match(request)) ?? Response.error();
  }
}

// Whose page it is stands in the cache's name. With two there is no telling whose it should be.
async function cacheOf(path) {
  const names = (await caches.keys()).filter((name) => /^interview:\d+:/.test(name) && name.endsWith(`:${path}`));
  return names.length === 1 ? caches.open(names[0]) : undefined;
}

function fromNetwork(request) {
  return Promise.race([fetch(request), new Promise((_, reject) => setTimeout(() => reject(new Error("slow")), PATIENCE))]);
}
