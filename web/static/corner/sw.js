// The page without a network: its files are kept, and given before the network
// is asked, so that it opens at once and whole, of one version. VERSION, PAGE and
// FILES stand before this text; a change of any makes it another worker. What is
// about people goes through here untouched and is never kept here.

self.addEventListener("install", (e) => {
  e.waitUntil((async () => {
    const cache = await caches.open(VERSION);
    await cache.addAll(FILES.map((f) => new Request(f, { cache: "reload" })));
    await self.skipWaiting();
  })());
});

self.addEventListener("activate", (e) => {
  e.waitUntil((async () => {
    for (const name of await caches.keys()) if (name.startsWith("corner-") && name !== VERSION) await caches.delete(name);
    await self.clients.claim();
  })());
});

self.addEventListener("fetch", (e) => {
  const url = new URL(e.request.url);
  if (e.request.method !== "GET" || url.origin !== location.origin) return;
  const page = e.request.mode === "navigate" && url.pathname === PAGE && !url.searchParams.has("lang");
  if (!page && !FILES.includes(url.pathname)) return;
  e.respondWith((async () => {
    const kept = await (await caches.open(VERSION)).match(page ? PAGE : url.pathname);
    return kept ?? fetch(e.request);
  })());
});
