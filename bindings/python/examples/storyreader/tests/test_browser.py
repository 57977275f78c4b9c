"""The reader as a child has it: a browser, a server process, and espeak-ng's voice.

What is heard is judged by the audio element itself: its time moves on, and it comes to its end.
Screenshots go to $TEST_SHOTS, to be looked at.
"""

from __future__ import annotations

import os
import re
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from child import DESKTOP, MOON, PHONE, UMBRELLA, Child
from server import PASSWORD, Server

_TOO_WIDE = (
    "(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)(document.documentElement)"
)


def test_a_page_is_heard_to_its_end_and_its_words_are_lit_one_by_one(child: Child) -> None:
    child.open(MOON)
    child.page.get_by_role("switch").uncheck()
    text = child.page.locator("[data-page]:visible [data-text]")
    before = text.evaluate("(one) => one.textContent")
    words = before.split()
    child.play()
    child.hears()
    assert text.evaluate("(one) => one.textContent") == before  # marking words changes none
    child.stands("playing")
    child.page.wait_for_function("heard.ended === 1")
    assert child.page.evaluate("heard.moved.size") > 5
    lit = child.page.evaluate("[...heard.lit]")
    assert len(lit) >= len(set(words)) - 1, (lit, words)
    assert set(lit) <= set(words)
    assert lit[0] == words[0]
    assert child.page.locator(".word.now").count() == 0
    child.stands("idle")
    assert child.number() == 1
    assert child.said == []


def test_the_story_goes_on_by_itself_to_its_last_page(child: Child) -> None:
    child.open(MOON)
    child.page.locator("[data-dot]").nth(3).click()
    child.play()
    child.hears()
    child.near_the_end()
    child.page.wait_for_function("location.hash === '#5'")
    child.hears()
    child.near_the_end()
    child.stands("end")
    assert child.page.get_by_role("status").first.inner_text() == "कहानी समाप्त!"
    child.play()
    child.page.wait_for_function("location.hash === '#1'")
    child.hears()
    assert child.said == []


def test_pages_turn_by_buttons_dots_and_arrows(child: Child) -> None:
    child.open(UMBRELLA)
    child.page.get_by_role("button", name="अगला पन्ना").click()
    assert child.number() == 2
    child.page.keyboard.press("ArrowRight")
    assert child.number() == 3
    child.page.get_by_role("button", name="6 / 6").click()
    child.page.keyboard.press("ArrowRight")  # there is none behind the last
    assert child.number() == 6
    child.page.get_by_role("button", name="पिछला पन्ना").click()
    assert child.number() == 5
    child.page.reload()
    child.page.wait_for_selector("html.ready")
    assert child.number() == 5
    assert not [url for url in child.asked if "/audio/" in url]  # nobody pressed play


def test_a_finger_turns_pages(come_in: Callable[..., Child]) -> None:
    child = come_in(PHONE, has_touch=True, is_mobile=True)
    child.open(UMBRELLA)
    child.page.evaluate("probe.swipe", -120)
    assert child.number() == 2
    child.page.evaluate("probe.swipe", 20)
    assert child.number() == 2
    child.page.evaluate("probe.swipe", 120)
    assert child.number() == 1


def test_another_style_is_another_audio_and_is_remembered(child: Child) -> None:
    child.open(MOON)
    child.play()
    child.hears()
    before = child.page.evaluate("[sound.src, sound.duration]")
    child.page.get_by_text("धीमी और शांत").click()
    child.page.wait_for_function("sound.src.includes('voice_style=calm')")
    child.hears()
    assert child.page.evaluate("[sound.src, sound.duration]")[1] != before[1]
    child.page.reload()
    child.page.wait_for_selector("html.ready")
    assert child.page.get_by_role("radio", name="धीमी और शांत").is_checked()


def test_while_a_page_is_being_made_it_says_so_and_goes_on_by_itself(
    child: Child, server: Server
) -> None:
    child.open("മിന്നു എന്ന മിന്നാമിനുങ്ങ്")
    server.set_voice("slow")
    child.play()
    child.stands("making")
    assert "ശബ്ദം തയ്യാറാകുന്നു" in child.page.get_by_role("status").first.inner_text()
    assert (
        child.page.locator(".owl").evaluate("(one) => getComputedStyle(one).animationName")
        == "sway"
    )
    server.set_voice("well")
    child.hears()
    assert not child.page.locator(".news").is_visible()


def test_a_service_asks_for_a_password_and_plays_like_the_family_s(
    browser: Any, service: Server
) -> None:
    with browser.new_context(viewport=PHONE) as context:
        child = Child(context, service.url)
        child.page.get_by_label("Username").fill("meera")
        child.page.get_by_label("Password").fill("a wrong one")
        child.page.get_by_role("button", name="Sign in").click()
        assert "correct username and password" in child.page.get_by_role("alert").inner_text()
        child.page.get_by_label("Password").fill(PASSWORD)
        child.page.get_by_role("button", name="Sign in").click()
        child.open(MOON)
        service.set_voice("slow")
        with child.page.expect_response(lambda answer: answer.status == 503):
            child.play()
            child.stands("making")  # gunicorn says so after three seconds, uvicorn waits
        service.set_voice("well")
        child.hears()
        hashed = child.page.evaluate(
            "performance.getEntriesByType('resource').map((one) => one.name)"
        )
        assert len([url for url in hashed if re.search(r"/voice\.[0-9a-f]{12}\.js$", url)]) == 1
        child.kept()
        child.said_nothing()


def test_a_page_that_is_turned_to_while_another_plays_is_waited_for_too(
    child: Child, server: Server
) -> None:
    child.open("ਸਰ੍ਹੋਂ ਦਾ ਫੁੱਲ ਤੇ ਤਿਤਲੀ")
    child.play()
    child.hears()
    server.set_voice("slow")
    child.page.locator("[data-dot]").nth(4).click()
    child.stands("making")
    server.set_voice("well")
    child.hears()
    assert child.number() == 5


def test_a_page_that_cannot_be_made_can_be_read_and_tried_again(
    child: Child, server: Server
) -> None:
    child.open("ઊંઘણશી ઊંટ")
    server.set_voice("mute")
    child.play()
    child.stands("cannot")
    assert child.page.locator("[data-page]:visible").inner_text()
    server.set_voice("well")
    child.page.get_by_role("button", name="ફરી પ્રયત્ન કરો").click()
    child.hears()


def test_who_was_signed_out_meanwhile_comes_in_again(child: Child) -> None:
    child.open("ਜੀਤੇ ਦਾ ਢੋਲ")
    child.context.clear_cookies()
    child.play()
    child.stands("cannot")
    child.page.locator("[data-retry]").click()
    child.page.get_by_role("heading", name="Who is listening?").wait_for()
    child.page.get_by_role("button", name="Asha").click()
    child.page.wait_for_selector("html.ready")


def test_the_keyboard_alone_is_enough(child: Child) -> None:
    keys = child.page.keyboard
    child.page.get_by_role("link", name=MOON).focus()
    keys.press("Enter")
    child.page.wait_for_selector("html.ready")
    order = []
    for _ in range(11):
        keys.press("Tab")
        order.append(child.page.evaluate("probe.focus()"))
    assert "no outline" not in order
    assert order[1:4] == ["back", "play", "next"]
    assert order[4:9] == ["dot"] * 5
    assert order[9:11] == ["voice_style", "auto"]
    child.page.locator("[data-play]").focus()
    keys.press("Enter")
    child.hears()
    keys.press(" ")
    child.stands("idle")
    keys.press("ArrowRight")
    assert child.number() == 2
    assert child.page.evaluate("document.activeElement.matches('[data-play]')")
    child.page.evaluate("document.activeElement.blur()")
    keys.press(" ")
    child.hears()


def test_everything_has_a_role_and_a_name(child: Child) -> None:
    child.open(MOON)
    for path in (child.page.url, f"{child.url}/"):
        child.page.goto(path)
        assert child.page.evaluate("probe.nameless()") == []
        assert child.page.evaluate("probe.small()") == []
        assert child.page.get_by_role("heading", level=1).count() == 1
        assert child.page.get_by_role("main").count() == 1
    child.page.go_back()
    child.page.wait_for_selector("html.ready")
    assert child.page.locator("main").get_attribute("lang") == "hi"
    assert child.page.get_by_role("status").count() >= 1
    assert child.page.get_by_role("group", name="आवाज़").get_by_role("radio").count() == 3
    assert child.page.locator("[data-place]").inner_text() == "पन्ना 1 / 5"


def test_who_wants_little_motion_gets_none(come_in: Callable[..., Child], server: Server) -> None:
    child = come_in(PHONE, reduced_motion="reduce")
    child.open("మామిడి చెట్టు రహస్యం")
    server.set_voice("slow")
    child.play()
    child.stands("making")
    for part in (".owl", ".notes i", ".sun", "[data-page]:not([hidden])"):
        assert not child.page.evaluate("probe.moves", part), part


def test_nothing_is_wider_than_a_small_phone(child: Child) -> None:
    def not_too_wide(where: str) -> None:
        for width in (320, 390, 768):
            child.page.set_viewport_size({"width": width, "height": 740})
            wide = child.page.evaluate(_TOO_WIDE)
            assert wide <= 0, (where, width)

    child.page.wait_for_selector(".card")
    not_too_wide("library")
    links = child.page.locator(".card").evaluate_all("(all) => all.map((one) => one.href)")
    for link in links[::2]:  # one in each language
        child.page.goto(link)
        child.page.wait_for_selector("html.ready")
        not_too_wide(link)


def test_what_is_said_is_dark_enough_to_read(child: Child) -> None:
    child.page.wait_for_selector(".card")
    assert child.page.evaluate("probe.pale()") == []
    child.open(MOON)
    child.play()
    child.hears()
    assert child.page.evaluate("probe.pale()") == []
    child.page.goto(f"{child.url}/hello/")
    assert child.page.evaluate("probe.pale()") == []


def test_a_word_that_is_touched_is_where_it_goes_on(child: Child) -> None:
    child.open(UMBRELLA)
    child.play()
    child.hears()
    last = child.page.locator("[data-page]:visible .word").last
    last.click()
    child.page.wait_for_function("sound.currentTime > sound.duration / 2")


def test_without_scripts_the_browser_plays_each_page(come_in: Callable[..., Child]) -> None:
    child = come_in(java_script_enabled=False)
    child.page.locator(".card").first.click()
    child.page.wait_for_url("**/stories/**")
    child.page.wait_for_load_state()
    assert child.page.locator("[data-page]:visible").count() >= 5
    assert child.page.locator("audio").count() >= 5


def test_the_page_is_whole_and_the_voice_is_ours(server: Server) -> None:
    with urllib.request.urlopen(f"{server.url}/offline/") as answer:
        page = answer.read().decode()
    assert "http://" not in page and "https://" not in page  # no CDN


@pytest.mark.skipif("TEST_SHOTS" not in os.environ, reason="nobody looks at pictures")
@pytest.mark.parametrize(("name", "viewport"), [("desktop", DESKTOP), ("phone", PHONE)])
def test_pictures_to_look_at(
    come_in: Callable[..., Child],
    server: Server,
    service: Server,
    name: str,
    viewport: dict[str, int],
) -> None:
    child = come_in(viewport, device_scale_factor=1)
    place = Path(os.environ["TEST_SHOTS"])

    def shoot(what: str) -> None:
        child.page.wait_for_function("probe.still()")
        child.page.screenshot(path=place / f"{name}-{what}.png")

    child.page.wait_for_selector(".card")
    shoot("library")
    child.open("மீனாவின் காகிதப் படகு")
    shoot("reader-idle")
    child.page.keyboard.press("ArrowRight")
    child.play()
    child.hears()
    child.page.wait_for_function("sound.currentTime > 1.5")
    shoot("reader-playing")
    server.set_voice("slow")
    child.page.locator("[data-dot]").nth(4).click()
    child.page.get_by_role("radio").nth(1 + (name == "phone")).check(
        force=True
    )  # made by nobody yet
    child.stands("making")
    shoot("making")
    server.set_voice("mute")
    child.stands("cannot")
    shoot("cannot")
    server.set_voice("well")
    child.page.locator("[data-retry]").click()
    child.hears()
    child.near_the_end()
    child.stands("end")
    shoot("end")
    child.page.goto(f"{child.url}/hello/")
    shoot("hello")
    child.page.goto(f"{service.url}/hello/")
    shoot("login")
