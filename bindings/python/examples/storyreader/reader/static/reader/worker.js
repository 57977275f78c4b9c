// The service worker: what was opened once can be heard again without a network.
//
// The network is asked first, always: a page may have been rewritten, or a take rejected, and audio
// and timings must be of one take. That costs a 304. What is kept answers when the network does not,
// or is slow. SHELL comes from the view that imports this file.

const SHELL_CACHE = "storyreader-shell-1";
const STORIES = { name: "storyreader-stories-1", most: 30 };
const AUDIO = { name: "storyreader-audio-1", most: 50 };
const TIMINGS = { name: "storyreader-timings-1", most: 50 };
const NAMES = [SHELL_CACHE, STORIES.name, AUDIO.name, TIMINGS.name];
const SLOW = 4000; // ms after which a copy will do
// An <audio> element's Accept is not that of fetch(), and Vary would tell them apart; but what is
// asked for stands in the URL.
const SAME = { ignoreVary: true };

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(SHELL_CACHE).then((cache) => cache.addAll(SHELL)));
  self.skipWaiting();
});

self.addEventListener("activate", (event) => {
  event.waitUntil(tidy().then(() => self.clients.claim()));
});

self.addEventListener("message", (event) => {
  if (event.data === "claim") event.waitUntil(self.clients.claim());
});

async function tidy() {
  for (const name of await caches.keys()) if (!NAMES.includes(name)) await caches.delete(name);
  const shell = await caches.open(SHELL_CACHE);
  for (const request of await shell.keys()) {
    const url = new URL(request.url);
    if (!SHELL.includes(url.pathname)) await shell.delete(request); // of an earlier release
  }
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (SHELL.includes(url.pathname)) event.respondWith(fresh(request, { name: SHELL_CACHE, most: 99 }, event));
  else if (url.pathname.endsWith("/audio/")) event.respondWith(speech(request, event));
  else if (url.pathname.endsWith("/timings/")) event.respondWith(fresh(request, TIMINGS, event));
  else if (url.pathname === "/" || url.pathname.startsWith("/stories/")) event.respondWith(document_(request, event));
});

// A Range is what an <audio> element asks for, after voice.js fetched the whole: the copy has it.
async function speech(request, event) {
  const range = request.headers.get("Range");
  if (range === null) return fresh(request, AUDIO, event);
  const kept = await (await caches.open(AUDIO.name)).match(request.url, SAME);
  return kept ? slice(kept, range) : fetch(request);
}

async function slice(kept, range) {
  const whole = await kept.blob();
  const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(range) ?? [];
  if (!first && !last) return new Response(whole, { headers: kept.headers });
  const begin = first ? Number(first) : Math.max(0, whole.size - Number(last));
  const end = first && last ? Math.min(Number(last) + 1, whole.size) : whole.size;
  if (begin >= whole.size || begin >= end) {
    return new Response(null, { status: 416, headers: { "Content-Range": `bytes */${whole.size}` } });
  }
  const headers = new Headers(kept.headers);
  headers.set("Content-Range", `bytes ${begin}-${end - 1}/${whole.size}`);
  headers.set("Content-Length", String(end - begin));
  headers.set("Accept-Ranges", "bytes");
  const part = whole.slice(begin, end, headers.get("Content-Type") ?? "");
  return new Response(part, { status: 206, statusText: "Partial Content", headers });
}

async function document_(request, event) {
  // Without its query: shelf.js shows the language that is asked for. A redirect, to "who is
  // listening?", is passed on and not kept.
  const answer = await fresh(request, STORIES, event, { ...SAME, ignoreSearch: true });
  if (answer.type !== "error") return answer;
  return (await caches.match(SHELL[0], SAME)) ?? answer;
}

// From the network, and kept; else the copy; else an error, which fetch() raises in the page.
async function fresh(request, where, event, how = SAME) {
  const cache = await caches.open(where.name);
  const copy = await cache.match(request, how);
  const asked = fetch(request).then((answer) => {
    if (answer.status === 200 && !answer.redirected) {
      event.waitUntil(put(cache, request, answer.clone(), where.most));
    }
    return answer;
  });
  if (!copy) return asked.catch(() => Response.error());
  asked.catch(() => {}); // it may fail when nobody waits any more
  event.waitUntil(asked.catch(() => {}));
  const slow = new Promise((resolve) => setTimeout(resolve, SLOW, copy));
  return Promise.race([asked.then((answer) => (answer.status < 500 ? answer : copy)), slow]).catch(() => copy);
}

// Behind all others: who is first has not been opened for longest, and goes. Under the bare URL, so
// that put() finds what it takes the place of, in one step: deleting it first would lose it where
// the network goes away just then.
async function put(cache, request, answer, most) {
  await cache.put(request.url, answer);
  const kept = await cache.keys();
  for (const old of kept.slice(0, Math.max(0, kept.length - most))) await cache.delete(old, SAME);
}
