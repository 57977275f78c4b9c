// The reader: a story, a page of it, and a voice.
//
// One word on <main data-state> says how it stands, and style.css shows that:
//   idle     nobody speaks          making   the voice is being made, it asks again by itself
//   playing  a page is heard        cannot   it cannot be made now; the page can still be read
//   end      the last page was heard
// Nothing is made before somebody presses play: new speech may cost money.

import { begin } from "./offline.js";
import { Trouble, forget, hear } from "./voice.js";
import { Highlight, mark } from "./words.js";

const BETWEEN_PAGES = 900; // ms
const SWIPE = 50; // px

const { phrases, pages } = JSON.parse(document.getElementById("told").textContent);
const find = (name) => document.querySelector(`[data-${name}]`);
const main = document.querySelector("main");
const audio = new Audio();
const highlight = new Highlight();
const sheets = [...document.querySelectorAll("[data-page]")];
const texts = sheets.map((sheet) => sheet.querySelector("[data-text]"));
const originals = texts.map((text) => text.textContent);
const dots = [...document.querySelectorAll("[data-dot]")];
const play = find("play");

let page = 0;
let work = new AbortController(); // what is being fetched for the page that is open
let ahead = new AbortController(); // and for the one behind it
let turning = 0; // the timer of a turn that is to come
let loaded = ""; // "page.style" that audio holds
let source = ""; // and its URL

// -- what is remembered, on this device alone

function recall(name, known, otherwise) {
  try {
    const value = localStorage.getItem(`storyreader.${name}`);
    return known.includes(value) ? value : otherwise;
  } catch {
    return otherwise; // storage is switched off
  }
}

function keep(name, value) {
  try {
    localStorage.setItem(`storyreader.${name}`, value);
  } catch {
    // then it is chosen anew next time
  }
}

const styles = [...document.querySelectorAll("[name=voice_style]")];
const auto = find("auto");
let style = recall("style", styles.map((one) => one.value), "storyteller");
styles.find((one) => one.value === style).checked = true;
auto.checked = recall("auto", ["on", "off"], "on") === "on";

// -- how it stands

function stand(state, said = "", more = "") {
  main.dataset.state = state;
  const speaking = state === "playing" || state === "making";
  const name = speaking ? "pause" : state === "end" ? "again" : "listen";
  play.setAttribute("aria-label", phrases[name]);
  find("play-name").textContent = phrases[name];
  find("play-icon").setAttribute("href", find("play-icon").dataset[name]);
  tell("said", said);
  tell("said-more", more);
}

// Once: a screen reader would say it again.
function tell(name, text) {
  if (find(name).textContent !== text) find(name).textContent = text;
}

function placeOf(number) {
  return phrases.page.replace("{n}", number + 1).replace("{count}", pages.length);
}

// -- turning pages

function open(number, { speak = false } = {}) {
  if (number < 0 || number >= pages.length) return;
  hush();
  page = number;
  sheets.forEach((sheet, at) => (sheet.hidden = at !== number));
  dots.forEach((dot, at) => {
    if (at === number) dot.setAttribute("aria-current", "page");
    else dot.removeAttribute("aria-current");
    dot.classList.toggle("read", at < number);
  });
  // aria-disabled, not disabled: a button that is switched off under a finger loses the focus.
  find("back").setAttribute("aria-disabled", number === 0);
  find("next").setAttribute("aria-disabled", number === pages.length - 1);
  main.style.setProperty("--way", pages.length > 1 ? number / (pages.length - 1) : 0);
  find("place").textContent = placeOf(number);
  history.replaceState(null, "", `#${number + 1}`);
  scrollTo({ top: 0 });
  if (speak) start();
}

function turn(by) {
  const speak = main.dataset.state === "playing" || main.dataset.state === "making";
  open(page + by, { speak });
}

// -- speaking

function hush() {
  clearTimeout(turning);
  work.abort();
  ahead.abort();
  audio.pause();
  loaded = "";
  highlight.clear();
  stand("idle");
}

async function start() {
  work.abort();
  work = new AbortController();
  const { signal } = work;
  const wanted = `${page}.${style}`;
  if (!audio.src) audio.load(); // Safari: from this press on it may play, also when the speech is made
  try {
    if (loaded !== wanted) await load(wanted, signal);
    signal.throwIfAborted();
    await audio.play();
  } catch (reason) {
    if (!signal.aborted) explain(reason);
  }
}

async function load(wanted, signal) {
  const number = page;
  stand("playing");
  const speech = await hear(pages[number], style, signal, () => {
    stand("making", phrases.making, phrases.making_more);
  });
  signal.throwIfAborted();
  audio.src = source = speech.url;
  loaded = wanted;
  highlight.begin(mark(texts[number], originals[number], speech.timings));
  prepareNext(number + 1);
}

// The next page, while this one is heard; a failure shows when that page is opened.
function prepareNext(number) {
  if (number >= pages.length) return;
  ahead = new AbortController();
  hear(pages[number], style, ahead.signal, () => {}).catch(() => {});
}

function explain(reason) {
  // The browser wants a press first, or a press came before the sound did.
  if (reason.name === "NotAllowedError" || reason.name === "AbortError") return stand("idle");
  if (!(reason instanceof Trouble)) forget(source);
  loaded = "";
  const offline = reason.kind === "offline";
  main.dataset.trouble = reason.kind ?? "cannot";
  stand(
    "cannot",
    offline ? phrases.offline : phrases.cannot,
    offline ? phrases.offline_more : phrases.cannot_more,
  );
}

function toggle() {
  if (main.dataset.state === "end") return open(0, { speak: true });
  if (main.dataset.state === "playing" && !audio.paused) return audio.pause();
  if (main.dataset.state === "making" || main.dataset.state === "playing") return hush();
  start();
}

function tick() {
  if (audio.paused) return;
  highlight.at(audio.currentTime * 1000);
  requestAnimationFrame(tick);
}

audio.addEventListener("playing", () => {
  stand("playing");
  tick();
});
audio.addEventListener("pause", () => {
  // Told late: hush() may have been followed by the next page long ago.
  if (loaded && audio.paused && !audio.ended && main.dataset.state === "playing") stand("idle");
});
audio.addEventListener("ended", () => {
  loaded = "";
  highlight.clear();
  const last = page === pages.length - 1;
  stand(last ? "end" : "idle", last ? phrases.end : "");
  if (!last && auto.checked) turning = setTimeout(() => open(page + 1, { speak: true }), BETWEEN_PAGES);
});
audio.addEventListener("error", () => {
  if (loaded) explain(audio.error);
});

// -- hands

play.addEventListener("click", toggle);
find("retry").addEventListener("click", () => {
  if (main.dataset.trouble === "signed-out") location.reload(); // and so to "who is listening?"
  else play.focus(), start();
});
find("back").addEventListener("click", () => turn(-1));
find("next").addEventListener("click", () => turn(+1));
dots.forEach((dot, at) => dot.addEventListener("click", () => turn(at - page)));
auto.addEventListener("change", () => keep("auto", auto.checked ? "on" : "off"));
for (const one of styles) {
  one.addEventListener("change", () => {
    style = one.value;
    keep("style", style);
    const speak = main.dataset.state === "playing" || main.dataset.state === "making";
    hush();
    if (speak) start();
  });
}

// A word that is touched is where it goes on.
main.addEventListener("click", (event) => {
  const at = highlight.words.findIndex((word) => word.span === event.target);
  if (at < 0) return;
  audio.currentTime = highlight.words[at].start / 1000;
  start();
});

addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey || event.defaultPrevented) return;
  const inside = event.target.closest("input, button, a, summary");
  if (event.key === "ArrowRight" && inside?.type !== "radio") turn(+1);
  else if (event.key === "ArrowLeft" && inside?.type !== "radio") turn(-1);
  else if (event.key === " " && !inside) toggle();
  else return;
  event.preventDefault();
});

let from = null;
const book = find("book");
book.addEventListener("touchstart", (event) => {
  from = event.touches.length === 1 ? event.touches[0] : null;
}, { passive: true });
book.addEventListener("touchend", (event) => {
  if (!from) return;
  const dx = event.changedTouches[0].clientX - from.clientX;
  const dy = event.changedTouches[0].clientY - from.clientY;
  if (Math.abs(dx) > SWIPE && Math.abs(dx) > 2 * Math.abs(dy)) turn(dx < 0 ? +1 : -1);
  from = null;
}, { passive: true });

// The network is back: what could not be had is asked for again.
addEventListener("online", () => {
  if (main.dataset.state === "cannot" && main.dataset.trouble === "offline") start();
});

document.documentElement.classList.add("ready");
open(Math.min(Math.max(0, Number(location.hash.slice(1)) - 1 || 0), pages.length - 1));
begin();
