// Gets a page's speech and timings, waiting where they are being made.

import { remember } from "./offline.js";

const TOO_LONG = 60; // seconds: a server that says more means "not today"
const TRIES = 3; // of what went wrong and may go better; what is being made is waited for
const PATIENCE = 300_000; // ms
const AT_ONCE = 700; // ms: who waits longer is told why

// Opus is exact and a tenth of WAV; older Safaris play it in no Ogg file, and get MP3.
const format = new Audio().canPlayType('audio/ogg; codecs="opus"') ? "opus" : "mp3";

// Why a page cannot be heard. kind: "offline", "signed-out" or "cannot".
export class Trouble extends Error {
  constructor(kind) {
    super(kind);
    this.kind = kind;
  }
}

// A page that was got stays got, for as long as the story is open.
const got = new Map();

// {url, timings}; raises Trouble, or AbortError. waiting() is called when it takes a while: a server
// says 503 soon, or (ASGI) holds the answer back until the speech is made.
export async function hear(page, style, signal, waiting) {
  const url = `${page.audio}?voice_style=${style}&format=${format}`;
  if (!got.has(url)) {
    const timer = setTimeout(waiting, AT_ONCE);
    try {
      got.set(url, { url, timings: await fetchBoth(page, url, style, signal, waiting) });
    } finally {
      clearTimeout(timer);
    }
  }
  return got.get(url);
}

async function fetchBoth(page, url, style, signal, waiting) {
  const audio = await ask(url, signal, waiting);
  await audio.blob(); // to its end: only a whole one is kept by the browser and by the worker
  const timings = await ask(`${page.timings}?voice_style=${style}&format=json`, signal, waiting);
  return (await timings.json()).data;
}

// It did not play after all: the next hear() asks anew.
export function forget(url) {
  got.delete(url);
}

async function ask(url, signal, waiting) {
  const begun = performance.now();
  for (let tries = 1; ; ) {
    const answer = await send(url, signal);
    if (answer.ok) return answer;
    const seconds = Number(answer.headers.get("Retry-After") ?? NaN);
    const { code } = await answer.json().catch(() => ({}));
    const inWork = code === "deadline_exceeded";
    if (answer.status === 401 || answer.status === 403) throw new Trouble("signed-out");
    if (!inWork && tries++ >= TRIES) throw new Trouble("cannot");
    if (!(seconds <= TOO_LONG) || performance.now() - begun > PATIENCE) throw new Trouble("cannot");
    waiting();
    await pause(Math.max(1, seconds) * 1000, signal);
  }
}

// A network that was away does not work at once when it is said to be back, and a server that is
// restarted is gone for a second: neither is "offline".
async function send(url, signal) {
  remember(url);
  for (let tries = 1; ; tries++) {
    try {
      return await fetch(url, { signal });
    } catch (reason) {
      if (signal.aborted) throw reason;
      if (!navigator.onLine || tries === TRIES) throw new Trouble("offline");
      await pause(1000, signal);
    }
  }
}

function pause(ms, signal) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => (clearTimeout(timer), reject(signal.reason)));
  });
}
