"""What the reader has before it is asked for, and without a network: its service worker."""

from __future__ import annotations

from child import ELEPHANT, MOON, UMBRELLA, Child
from server import Server


def test_the_next_page_is_there_before_it_is_opened(child: Child) -> None:
    child.open(UMBRELLA)
    with child.page.expect_response(lambda one: "/pages/2/timings/" in one.url) as answer:
        child.play()
    assert answer.value.status == 200
    answer.value.finished()
    child.page.keyboard.press("ArrowRight")
    child.hears()
    assert len([url for url in child.asked if "/pages/2/timings/" in url]) == 1
    assert not [url for url in child.asked if "/pages/4/" in url]


def test_a_story_that_was_heard_is_heard_again_without_a_network(child: Child) -> None:
    child.open(MOON)
    child.kept()
    child.play()
    child.hears()
    child.page.evaluate(
        "probe.until(() => probe.urls('storyreader-timings-1').then((all) => all.length >= 2))"
    )
    child.context.set_offline(True)
    child.page.goto(child.page.url.split("#")[0])
    child.page.wait_for_selector("html.ready")
    child.play()
    child.hears()
    child.near_the_end()  # a Range of what is kept
    child.page.wait_for_function("location.hash === '#2'")
    child.hears()
    assert len(child.page.evaluate("[...heard.lit]")) > 1


def test_a_page_that_was_never_heard_says_so_kindly_without_a_network(
    child: Child, server: Server
) -> None:
    child.open(ELEPHANT)
    child.kept()
    child.context.set_offline(True)
    child.page.keyboard.press("ArrowRight")
    child.play()
    child.stands("cannot")
    assert "இணைய இணைப்பு இல்லை" in child.page.get_by_role("status").first.inner_text()
    child.context.set_offline(False)
    child.hears()  # by itself, when the network is back


def test_the_server_may_be_gone_altogether(child: Child, server: Server) -> None:
    child.open(MOON)
    child.kept()
    child.play()
    child.hears()
    child.page.evaluate("probe.until(() => caches.match(location.pathname).then(Boolean))")
    server.stop()
    try:
        child.page.reload()
        child.page.wait_for_selector("html.ready")
        child.play()
        child.hears()
        child.page.goto(f"{child.url}/stories/00000000-0000-0000-0000-000000000000/")
        assert "not on this device" in child.page.get_by_role("heading").inner_text()
    finally:
        server.start()


def test_the_worker_answers_ranges_from_what_it_keeps(child: Child) -> None:
    child.open(MOON)
    child.kept()
    child.play()
    child.hears()
    url = child.page.evaluate("sound.src")
    child.context.set_offline(True)
    whole = child.page.evaluate(
        "(url) => fetch(url).then((a) => a.blob()).then((b) => b.size)", url
    )
    asked = {
        "bytes=0-": [206, f"bytes 0-{whole - 1}/{whole}", whole],
        "bytes=10-19": [206, f"bytes 10-19/{whole}", 10],
        "bytes=-7": [206, f"bytes {whole - 7}-{whole - 1}/{whole}", 7],
        f"bytes={whole}-": [416, f"bytes */{whole}", 0],
    }
    for header, wanted in asked.items():
        assert child.page.evaluate("probe.range", [url, header]) == wanted, header


def test_the_worker_keeps_fifty_pages_and_the_oldest_go(child: Child) -> None:
    child.open(MOON)
    child.kept()
    child.play()
    child.hears()
    one = child.page.evaluate("sound.src")
    child.page.evaluate(
        """async (url) => {
          const again = (at) => fetch(`${url}&again=${at}`).then((answer) => answer.blob());
          await Promise.all([...Array(51).keys()].map(again));
          await again("last");
        }""",
        one,
    )
    child.page.evaluate(
        "probe.until(async () => (await probe.urls('storyreader-audio-1')).at(-1).endsWith('last'))"
    )
    kept = child.has_cached("storyreader-audio-1")
    assert len(kept) == 50
    assert one not in kept
