// Keeps the page, its styles and its script, so that a phone or tablet works without a network. Nothing that anybody
// said passes through here: sending goes straight to the network, and no answer of it is kept.
"use strict";

const NAME = `outreach-${VERSION}`;
const KEPT = new Set(FILES.map((file) => new URL(file, self.location).pathname));

self.addEventListener("install", (event) => {
  event.waitUntil((async () => {
    const cache = await caches.open(NAME);
    await cache.addAll(FILES.map((file) => new Request(file, { cache: "reload" })));
    await self.skipWaiting();
  })());
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    const names = await caches.keys();
    await Promise.all(names.filter((name) => name.startsWith("outreach-") && name !== NAME).map((name) => caches.delete(name)));
    await self.clients.claim();
  })());
});

self.addEventListener("fetch", (event) => {
  const address = new URL(event.request.url);
  if (event.request.method !== "GET" || address.origin !== self.location.origin || !KEPT.has(address.pathname)) return;
  event.respondWith((async () => {
    const cache = await caches.open(NAME);
    try {
      const stop = new AbortController();
      const late = setTimeout(() => stop.abort(), 4000);
      const answer = await fetch(event.request, { signal: stop.signal });
      clearTimeout(late);
      if (answer.ok && answer.type === "basic" && !answer.redirected) await cache.put(address.pathname, answer.clone());
      return answer;
    } catch {
      return (await cache.match(address.pathname)) || Response.error();
    }
  })());
});
