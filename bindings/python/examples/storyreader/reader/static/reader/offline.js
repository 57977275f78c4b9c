// Keeps the reader working without a network: worker.js does it, this puts it to work.

const place = document.documentElement.dataset.worker;

// What was fetched before the worker ruled here went past it, this document above all: the worker
// may have taken over while it was being read. It is asked for once more, from the browser's own
// cache, so that already the first story that is ever opened is kept.
const past = new Set([location.pathname]);

export function remember(url) {
  if (!navigator.serviceWorker?.controller) past.add(url);
}

export async function begin() {
  if (!place || !("serviceWorker" in navigator)) return; // an old browser, or plain http
  const ruled = new Promise((resolve) => {
    if (navigator.serviceWorker.controller) resolve();
    else navigator.serviceWorker.addEventListener("controllerchange", resolve, { once: true });
  });
  try {
    await navigator.serviceWorker.register(place);
    // A document that was just being loaded when the worker took over was left out.
    const { active } = await navigator.serviceWorker.ready;
    if (!navigator.serviceWorker.controller) active.postMessage("claim");
    await ruled;
    for (const url of past) if (!(await caches.match(url, { ignoreVary: true }))) await fetch(url);
  } catch (reason) {
    console.info("stories are not kept for offline:", reason.message);
  }
}
