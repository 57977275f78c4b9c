"""Under ASGI no thread waits; and a first listen is sent as it is made."""

from __future__ import annotations

import asyncio
import io
import threading
import time
import wave
from collections.abc import Coroutine
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from conftest import PAGES, Configure, mirrored
from django.db import connections
from django.test import AsyncClient
from library.models import Story, User
from rest_framework.test import APIClient
from tones import PAGE, Tone

import bhashatts
from bhashatts.django.engine import engine
from bhashatts.django.models import TTSUsageLog


def url(story: Story, page: int = 1) -> str:
    return f"/api/v1/speech/stories/{story.pk}/pages/{page}/audio/"


def run(work: Coroutine[Any, Any, Any]) -> Any:
    """Its result; the thread that stood in for a server's leaves no connection behind."""

    async def then_close() -> Any:
        try:
            return await work
        finally:
            await sync_to_async(connections.close_all)()

    return asyncio.run(then_close())


@pytest.fixture
def loop_client(user: User) -> AsyncClient:
    """The child's, of an ASGI host."""
    made = AsyncClient()
    made.force_login(user)
    return made


def test_a_page_is_made_and_heard_again(
    loop_client: AsyncClient, story: Story, voice: Tone
) -> None:
    async def twice() -> tuple[Any, Any]:
        return await loop_client.get(url(story)), await loop_client.get(url(story))

    first, second = run(twice())
    assert (first.status_code, second.status_code) == (200, 200)
    assert (first["X-TTS-Cached"], second["X-TTS-Cached"]) == ("false", "true")
    assert first.content == second.content == bytes(engine().synthesize(PAGE).audio)
    assert "Accept" in first["Vary"]


def test_a_hundred_listeners_wait_without_a_thread_each(
    story: Story, user: User, voice: Tone, configure: Configure
) -> None:
    configure(throttles={"tts": None, "tts_burst": None})
    go_on = voice.hold()
    most = 0

    async def all_at_once() -> list[Any]:
        nonlocal most
        clients = [AsyncClient() for _ in range(100)]
        for client in clients:
            await client.aforce_login(user) if hasattr(client, "aforce_login") else None
        gets = [asyncio.ensure_future(one.get(url(story))) for one in clients]
        while sum(voice.calls.values()) < 2:
            await asyncio.sleep(0.01)
        before = threading.active_count()
        await asyncio.sleep(0)
        most = max(before, threading.active_count())
        go_on.set()
        return list(await asyncio.gather(*gets))

    if not hasattr(AsyncClient, "aforce_login"):
        pytest.skip("this Django has no aforce_login")
    answers = run(all_at_once())
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1
    assert set(voice.calls.values()) == {1}


def test_errors_are_answered_as_under_wsgi(
    loop_client: AsyncClient, story: Story, voice: Tone
) -> None:
    def fail(_: bhashatts.SynthesisRequest) -> None:
        raise bhashatts.Error(bhashatts.ErrorCode.UNREACHABLE, "away", True)

    voice.instead = fail
    answer = run(loop_client.get(url(story)))
    assert answer.status_code == 503
    assert answer.json()["code"] == "unreachable"
    assert run(loop_client.get(url(story, 9))).status_code == 404


def test_a_listener_who_leaves_stops_nothing(
    loop_client: AsyncClient, story: Story, voice: Tone
) -> None:
    go_on = voice.hold()

    async def leave() -> None:
        asked = asyncio.ensure_future(loop_client.get(url(story, 2)))
        while not voice.held.is_set():
            await asyncio.sleep(0.01)
        asked.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asked

    run(leave())
    go_on.set()
    assert engine().synthesize(PAGES[1]).origin in {"joined", "memory", "lmdb", "blob"}
    assert voice.calls[PAGES[1]] == 1


def as_it_is_made() -> bytes:
    """The samples of a page, sentence by sentence."""
    samples = b""
    for utterance in engine().stream(PAGE):
        with wave.open(io.BytesIO(utterance.audio)) as file:
            samples += file.readframes(file.getnframes())
            samples += bytes(2 * (file.getframerate() * utterance.pause_after_ms // 1000))
    return samples


def test_a_first_listen_is_sent_sentence_by_sentence(
    client: APIClient, story: Story, voice: Tone
) -> None:
    answer = client.get(url(story), {"stream": "true"})
    assert answer.status_code == 200
    assert answer.streaming
    assert "Content-Length" not in answer
    pieces = list(answer.streaming_content)
    assert len(pieces) == 2
    assert pieces[0][:4] == b"RIFF"
    assert b"".join(pieces)[44:] == as_it_is_made()
    assert set(voice.calls.values()) == {1}


def test_a_first_listen_under_asgi_too(loop_client: AsyncClient, story: Story) -> None:
    async def listen() -> bytes:
        answer = await loop_client.get(url(story), {"stream": "true"})
        assert answer.streaming
        return b"".join([piece async for piece in answer.streaming_content])

    assert run(listen())[44:] == as_it_is_made()


def test_what_is_kept_is_not_streamed(client: APIClient, story: Story) -> None:
    client.get(url(story))
    answer = client.get(url(story), {"stream": "true"})
    assert not answer.streaming
    assert answer["ETag"]


def test_a_stream_that_cannot_begin_says_why(client: APIClient, story: Story, voice: Tone) -> None:
    def fail(_: bhashatts.SynthesisRequest) -> None:
        raise bhashatts.Error(bhashatts.ErrorCode.UNREACHABLE, "away", True)

    voice.instead = fail
    assert client.get(url(story), {"stream": "1"}).status_code == 503
    assert client.get(url(story), {"stream": "maybe"}).status_code == 400


def test_a_page_is_counted_for_who_heard_it(
    loop_client: AsyncClient, story: Story, user: User
) -> None:
    run(loop_client.get(url(story)))
    mirrored()
    assert TTSUsageLog.objects.get().user == user


def test_a_stream_is_not_torn_where_a_page_takes_longer_than_a_view_waits(
    client: APIClient, story: Story, voice: Tone, configure: Configure
) -> None:
    configure(view_timeout=0.2)
    story.pages.filter(page_number=1).update(text_content=" ".join(PAGES))

    def slowly(request: bhashatts.SynthesisRequest) -> bytes:
        time.sleep(0.3)
        return voice.speak(request.text)

    voice.instead = slowly
    answer = client.get(url(story), {"stream": "true"})
    pieces = list(answer.streaming_content)
    assert len(pieces) == len(list(engine().stream(" ".join(PAGES))))


def test_a_hosts_middleware_for_templates_lets_a_new_page_through(
    loop_client: AsyncClient, story: Story, settings: Any
) -> None:
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, "hooks.TemplateMiddleware"]
    assert run(loop_client.get(url(story))).status_code == 200
