// What the tests ask of a page: window.probe, and window.heard, what came out of the loudspeaker.

window.heard = { ended: 0, moved: new Set(), lit: new Set() };
const play = HTMLMediaElement.prototype.play;
HTMLMediaElement.prototype.play = function () {
  if (window.sound !== this) {
    window.sound = this;
    this.addEventListener("ended", () => window.heard.ended++);
    this.addEventListener("timeupdate", () => window.heard.moved.add(this.currentTime));
  }
  return play.call(this);
};
new MutationObserver(() => {
  const word = document.querySelector(".word.now");
  if (word) window.heard.lit.add(word.textContent);
}).observe(document, { subtree: true, attributes: true, attributeFilter: ["class"] });

const every = (selector) => [...document.querySelectorAll(selector)];
const channels = (css) => css.match(/[\d.]+/g).map(Number);

// WCAG 2's relative luminance.
function light(css) {
  const [r, g, b] = channels(css)
    .map((c) => c / 255)
    .map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function ground(one) {
  for (; one; one = one.parentElement) {
    const css = getComputedStyle(one).backgroundColor;
    if ((channels(css)[3] ?? 1) === 1) return css;
  }
  return "rgb(255, 255, 255)";
}

function contrast(one) {
  const lights = [light(getComputedStyle(one).color), light(ground(one))].sort((a, b) => b - a);
  return (lights[0] + 0.05) / (lights[1] + 0.05);
}

function hasText(one) {
  const texts = [...one.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE);
  const left = "script, .emoji, [aria-disabled=true] *";
  return one.checkVisibility() && !one.matches(left) && texts.some((text) => text.data.trim());
}

window.probe = {
  // Playwright's wait_for_function takes a promise for a yes.
  async until(check) {
    const end = performance.now() + 20_000;
    while (!(await check())) {
      if (performance.now() > end) throw new Error(`never came true: ${check}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  },

  urls: async (cache) => (await (await caches.open(cache)).keys()).map((one) => one.url),

  async range([url, header]) {
    const answer = await fetch(url, { headers: { Range: header } });
    const size = (await answer.arrayBuffer()).byteLength;
    return [answer.status, answer.headers.get("Content-Range"), size];
  },

  swipe(dx) {
    const target = document.querySelector("[data-book]");
    const at = (clientX) => [new Touch({ identifier: 1, target, clientX, clientY: 300 })];
    const tell = (name, touches, changedTouches) =>
      target.dispatchEvent(new TouchEvent(name, { bubbles: true, touches, changedTouches }));
    tell("touchstart", at(200), at(200));
    tell("touchend", [], at(200 + dx));
  },

  focus() {
    const one = document.activeElement;
    const shown = one.type === "radio" ? one.nextElementSibling : one;
    if (getComputedStyle(shown).outlineStyle !== "solid") return "no outline";
    return Object.keys(one.dataset)[0] ?? one.name ?? one.className;
  },

  nameless: () =>
    every("button, a, input:not([type=hidden])")
      .filter((one) => {
        const said = one.getAttribute("aria-label") ?? one.labels?.[0]?.textContent;
        return !(said ?? one.textContent).trim();
      })
      .map((one) => one.outerHTML),

  small: () =>
    every("button, a, label")
      .map((one) => [one.getBoundingClientRect(), one.outerHTML])
      .filter(([box]) => box.width && (box.width < 44 || box.height < 44)),

  pale: () =>
    every("body *")
      .filter((one) => hasText(one) && contrast(one) < 4.5)
      .map((one) => [contrast(one), one.outerHTML]),

  moves(selector) {
    const { animationName, transitionProperty } = getComputedStyle(document.querySelector(selector));
    return animationName !== "none" || !["none", "all"].includes(transitionProperty);
  },

  // Nothing but what never ends.
  still: () =>
    document
      .getAnimations()
      .every((one) => one.playState !== "running" || !isFinite(one.effect.getTiming().iterations)),
};
