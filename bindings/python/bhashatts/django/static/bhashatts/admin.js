// An <audio> that cannot play says nothing. The server has told why in a sentence: show it.
"use strict";
document.addEventListener(
  "error",
  async (event) => {
    const player = event.target;
    if (!(player instanceof HTMLAudioElement) || !player.classList.contains("bhashatts-player")) return;
    const why = player.nextElementSibling;
    try {
      const answer = await fetch(player.src, { credentials: "same-origin" });
      const told = answer.headers.get("Content-Type")?.startsWith("text/plain");
      if (answer.ok) why.textContent = "This browser cannot play it.";
      else why.textContent = told ? await answer.text() : `It cannot be heard (${answer.status}).`;
    } catch {
      why.textContent = "The server cannot be reached.";
    }
    why.hidden = false;
  },
  true, // errors of media do not bubble
);
