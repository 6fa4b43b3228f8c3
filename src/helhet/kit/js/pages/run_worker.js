// Stands between the pages of runs and the network: the network first, what was kept of a run when there is none.
const PATIENCE_MS = 6_000;
const RUN = /\/runs\/\d+\/$/;
// A file whose name says what is in it never changes.
const NAMED_BY_CONTENT = /\.[0-9a-f]{12}\.\w+$/;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

async function networkFirst(request) {
  const kept = await caches.match(new URL(request.url).pathname, { ignoreVary: true });
  try {
    const answer = await fetch(request, kept ? { signal: AbortSignal.timeout(PATIENCE_MS) } : {});
    return answer.status >= 500 && kept ? kept : answer;
  } catch (trouble) {
    if (kept) return kept;
    throw trouble;
  }
}

async function fileFirst(request) {
  return (await caches.match(request, { ignoreVary: true })) ?? fetch(request);
}

self.addEventListener("fetch", (event) => {
  const address = new URL(event.request.url);
  if (event.request.method !== "GET" || address.origin !== self.location.origin) return;
  const isFile = address.pathname.startsWith("/static/");
  if (isFile && NAMED_BY_CONTENT.test(address.pathname)) event.respondWith(fileFirst(event.request));
  else if (isFile || (event.request.mode === "navigate" && RUN.test(address.pathname))) event.respondWith(networkFirst(event.request));
});
