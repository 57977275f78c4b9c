"""A child at a browser: what it does, and what it waits for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}
MOON = "चाँद को नींद नहीं आई"
UMBRELLA = "दादी का जादुई छाता"
ELEPHANT = "குட்டி யானையின் தும்மல்"
_WAIT = 20_000  # ms, for what should take far less
_PROBES = Path(__file__).parent / "probes.js"


class Child:
    """A browser context of a child, at the library's door."""

    def __init__(self, context: Any, url: str) -> None:
        self.context, self.url = context, url
        self.page = context.new_page()
        self.page.set_default_timeout(_WAIT)
        self.said: list[str] = []  # what the console should not have to say
        self.asked: list[str] = []
        self.page.on("console", lambda line: self._hear(line.type, line.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("request", lambda request: self.asked.append(request.url))  # not the worker's
        self.page.add_init_script(path=_PROBES)
        self.page.goto(url)

    def _hear(self, kind: str, text: str) -> None:
        if kind in {"error", "warning"}:
            self.said.append(text)

    def said_nothing(self) -> None:
        """But what Chromium itself says of an answer that is not 200, or of no network."""
        ours = [said for said in self.said if not said.startswith("Failed to load resource")]
        assert ours == []

    def open(self, title: str) -> None:
        """A story, by its card."""
        self.page.get_by_role("link", name=title).click()
        self.page.wait_for_selector("html.ready")

    def kept(self) -> None:
        """Waits until the worker has this page."""
        self.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        self.page.wait_for_function("navigator.serviceWorker.controller !== null")
        self.page.evaluate("probe.until(() => caches.match(location.pathname).then(Boolean))")

    def play(self) -> None:
        """The big button."""
        self.page.locator("[data-play]").click()

    def stands(self, state: str) -> None:
        """Waits until the reader says so."""
        self.page.wait_for_selector(f"main[data-state={state}]")

    def hears(self) -> None:
        """Waits until sound moves on and a word is lit."""
        self.page.wait_for_function("window.sound && !sound.paused && sound.currentTime > 0.2")
        self.page.wait_for_selector(".word.now")

    def near_the_end(self) -> None:
        """Hears the last second only."""
        self.page.evaluate("sound.currentTime = Math.max(0, sound.duration - 1)")

    def number(self) -> int:
        """Of the page that is open, from 1."""
        current = "[...document.querySelectorAll('[data-page]')].findIndex((one) => !one.hidden)"
        return int(self.page.evaluate(current)) + 1

    def has_cached(self, cache: str) -> list[str]:
        """URLs in one of the worker's caches."""
        return list(self.page.evaluate("probe.urls", cache))
