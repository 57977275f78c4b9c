// The library's language chips without a reload, so that they work offline too.

import { begin } from "./offline.js";

const chips = [...document.querySelectorAll("[data-chip]")];
const shelves = [...document.querySelectorAll("[data-shelf]")];

function show(language) {
  for (const chip of chips) {
    if (chip.dataset.chip === language) chip.setAttribute("aria-current", "true");
    else chip.removeAttribute("aria-current");
  }
  for (const shelf of shelves) shelf.hidden = language !== "" && shelf.dataset.shelf !== language;
}

function chosen() {
  const language = new URLSearchParams(location.search).get("language") ?? "";
  return chips.some((chip) => chip.dataset.chip === language) ? language : "";
}

for (const chip of chips) {
  chip.addEventListener("click", (event) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    history.pushState(null, "", chip.href);
    show(chosen());
  });
}
addEventListener("popstate", () => show(chosen()));
show(chosen()); // what the worker kept may be the document of another choice
begin();
