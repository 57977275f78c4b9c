"""The engine's events as rows."""

from __future__ import annotations

import datetime
import shutil
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from conftest import PAGES, Configure, mirrored
from django.db import OperationalError, connection
from library.models import Story, User
from rest_framework.test import APIClient
from tones import OTHER, PAGE, Tone

from bhashatts.django import mirror
from bhashatts.django.engine import close_engine, data_directory, engine
from bhashatts.django.mirror import Mirror, source_of
from bhashatts.django.models import AudioCache, EventCursor, PageAudio, TTSUsageLog


def counts() -> tuple[int, int, int]:
    return AudioCache.objects.count(), PageAudio.objects.count(), TTSUsageLog.objects.count()


def test_a_row_has_what_the_guide_names(client: APIClient, story: Story, user: User) -> None:
    engine().synthesize(PAGE, "HINDI", "calm", user_id=str(user.pk))
    mirrored()
    row = AudioCache.objects.get()
    assert len(row.cache_key) == len(row.text_hash) == 32
    assert (row.text_content, row.language, row.voice_style) == (PAGE, "HINDI", "calm")
    assert row.audio_format == "wav"
    assert row.audio_duration_ms > 1000
    assert row.audio_size_bytes > 10_000
    assert (row.access_count, row.last_accessed_at) == (0, None)
    assert row.generation_cost_usd > 0
    assert row.created_at <= row.updated_at
    assert str(row) == f"HINDI - {PAGE[:50]}..."
    used = TTSUsageLog.objects.get()
    assert (used.text_length, used.language, used.voice_style) == (84, "HINDI", "calm")
    assert (used.status, used.was_cached, used.error_message) == ("success", False, "")
    assert used.estimated_cost_usd == row.generation_cost_usd


def test_a_url_is_made_when_it_is_asked_for(client: APIClient, story: Story) -> None:
    client.get(f"/api/v1/speech/stories/{story.pk}/pages/1/audio/")
    engine().synthesize(OTHER)
    mirrored()
    paged = AudioCache.objects.get(pages__page_number=1)
    assert paged.audio_url is not None
    assert paged.blob_name in paged.audio_url
    assert AudioCache.objects.get(text_content=OTHER).audio_url is None


def test_hits_are_counted_and_what_they_saved(db: None, transactional_db: None) -> None:
    for _ in range(20):
        engine().synthesize(OTHER)
    mirrored()
    row = AudioCache.objects.get()
    assert row.access_count == 19
    assert row.last_accessed_at is not None
    hits = TTSUsageLog.objects.filter(was_cached=True)
    assert sum(hit.requests for hit in hits) == 19
    assert sum(hit.saved_cost_usd for hit in hits) == 19 * row.generation_cost_usd


def test_no_event_counts_twice(transactional_db: None) -> None:
    """The engine may bring a batch again: it died before it could note that it was safe."""
    for _ in range(3):
        engine().synthesize(OTHER)
    mirrored()
    before = counts()
    seen = EventCursor.objects.get()
    again = _events_of(engine())
    Mirror_again = _mirror()
    Mirror_again.deliver(again)
    assert counts() == before
    assert AudioCache.objects.get().access_count == 2
    assert EventCursor.objects.get() == seen


def test_what_is_rejected_forgotten_or_cleared_leaves_no_row(transactional_db: None) -> None:
    for text in PAGES:
        engine().synthesize(text)
    engine().reject(PAGES[0][:42])
    engine().forget_text(PAGES[1])
    mirrored()
    assert [row.text_content for row in AudioCache.objects.all()] == [PAGES[2]]
    engine().clear(all=True)
    mirrored()
    assert AudioCache.objects.count() == 0
    assert TTSUsageLog.objects.count() > 0


def test_another_take_is_another_row(transactional_db: None, voice: Tone) -> None:
    first = engine().synthesize(OTHER, story_id="s", page_number=1)
    engine().reject(OTHER)
    second = engine().synthesize(OTHER, story_id="s", page_number=1)
    mirrored()
    row = AudioCache.objects.get()
    assert first.cache_key != second.cache_key == row.cache_key
    assert row.take == 1
    assert PageAudio.objects.get().audio == row


def test_a_page_that_was_edited_is_linked_to_what_it_says_now(transactional_db: None) -> None:
    engine().synthesize(OTHER, story_id="s", page_number=1)
    engine().synthesize(PAGE, story_id="s", page_number=1)
    mirrored()
    assert PageAudio.objects.get().audio.text_content == PAGE
    assert AudioCache.objects.count() == 2


def test_a_user_who_is_gone_leaves_rows_of_nobody(user: User) -> None:
    engine().synthesize(OTHER, user_id="123456")
    engine().synthesize(OTHER, user_id="not a key")
    engine().synthesize(OTHER, user_id=str(user.pk))
    mirrored()
    assert set(TTSUsageLog.objects.values_list("user", flat=True)) == {None, user.pk}
    user.delete()
    assert set(TTSUsageLog.objects.values_list("user", flat=True)) == {None}
    assert engine().forget_user(str(user.pk)).usage_events == 0  # that was done already


def test_while_the_database_is_away_hits_go_on_and_then_rows_catch_up(
    transactional_db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = threading.Event()
    write = mirror._write

    def away(_: Any) -> None:
        tried.set()
        raise OperationalError("the database is away")

    monkeypatch.setattr(mirror, "_write", away)
    for _ in range(5):
        engine().synthesize(OTHER)
    assert tried.wait(20)
    assert engine().synthesize(OTHER).cached
    monkeypatch.setattr(mirror, "_write", write)
    deadline = time.monotonic() + 60
    while AudioCache.objects.count() == 0 and time.monotonic() < deadline:
        mirrored()
    assert AudioCache.objects.get().access_count == 5


def test_an_engine_that_comes_back_goes_on_where_it_was(transactional_db: None) -> None:
    engine().synthesize(OTHER)
    close_engine()
    before = counts()
    engine().synthesize(PAGE)
    mirrored()
    assert counts() == (before[0] + 1, 0, before[2] + 1)
    assert EventCursor.objects.count() == 1


def test_a_data_directory_that_was_wiped_is_another_source(
    transactional_db: None, tmp_path: Path
) -> None:
    import shutil

    engine().synthesize(OTHER)
    close_engine()
    shutil.rmtree(tmp_path / "data")
    engine().synthesize(PAGE)
    mirrored()
    assert EventCursor.objects.count() == 2
    assert AudioCache.objects.filter(text_content=PAGE).exists()


def test_a_catalog_has_one_name_however_many_ask(tmp_path: Path) -> None:
    catalog = tmp_path / "catalog" / "db"
    catalog.mkdir(parents=True)
    names: set[Any] = set()
    threads = [threading.Thread(target=lambda: names.add(source_of(tmp_path))) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(names) == 1
    assert [path.name for path in catalog.iterdir()] == ["django-source"]


def test_a_copy_of_a_catalog_is_another_source(tmp_path: Path) -> None:
    catalog = tmp_path / "one" / "catalog" / "db"
    catalog.mkdir(parents=True)
    ours = source_of(tmp_path / "one")
    shutil.copytree(tmp_path / "one", tmp_path / "two")
    assert source_of(tmp_path / "two") != ours
    assert source_of(tmp_path / "one") == ours


def test_an_event_that_can_be_no_row_does_not_hold_up_the_others(transactional_db: None) -> None:
    engine().synthesize(OTHER, user_id=str(2**64))
    engine().synthesize(PAGE, story_id="m\0on", page_number=1)
    engine().synthesize(PAGES[2], user_id="99")
    mirrored()
    assert AudioCache.objects.filter(text_content=PAGES[2]).exists()
    assert TTSUsageLog.objects.filter(user=None).exists()


def test_a_catalog_that_is_set_aside_does_not_hold_up_the_events_of_the_next(
    transactional_db: None,
) -> None:
    for _ in range(5):
        engine().synthesize(OTHER)
    mirrored()
    before = TTSUsageLog.objects.count()
    data = Path(data_directory())
    close_engine()
    (data / "catalog" / "db").rename(data / "catalog" / "damaged-1")  # its events begin at 1 again
    engine().synthesize(PAGE)
    mirrored()
    assert TTSUsageLog.objects.count() == before + 1
    assert EventCursor.objects.count() == 2


def test_a_host_without_time_zones_has_rows_too(
    settings: Any, client: APIClient, story: Story
) -> None:
    settings.USE_TZ = False
    before = datetime.datetime.now() - datetime.timedelta(minutes=1)
    client.get(f"/api/v1/speech/stories/{story.pk}/pages/1/audio/")
    mirrored()
    made = AudioCache.objects.get().created_at
    assert made.tzinfo is None
    assert before < made < before + datetime.timedelta(minutes=5)


def test_a_hit_asks_the_database_nothing(transactional_db: None) -> None:
    engine().synthesize(OTHER)
    mirrored()
    before = len(connection.queries_log)
    connection.force_debug_cursor = True
    try:
        assert engine().synthesize(OTHER).cached
    finally:
        connection.force_debug_cursor = False
    assert len(connection.queries_log) == before


def _mirror() -> Mirror:
    made = Mirror()
    made.directory.set_result(engine().settings["data_dir"])
    return made


def _events_of(of: Any) -> list[dict[str, Any]]:
    """All of them, as another observer gets them."""
    import bhashatts

    class Diary(bhashatts.EventSink):
        name = "diary"

        def __init__(self) -> None:
            self.events: list[dict[str, Any]] = []

        def deliver(self, events: list[dict[str, Any]]) -> None:
            self.events += events

    diary = Diary()
    directory = of.settings["data_dir"]
    with bhashatts.TtsEngine(
        data_dir=directory, min_free_bytes=1 << 20, synthesizer=Tone(), event_sinks=[diary]
    ) as other:
        other.flush()
    return diary.events


def test_a_user_can_be_deleted_while_the_engine_cannot_be_opened(
    user: User, configure: Configure, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("in the way")
    configure(engine={"data_dir": str(tmp_path / "file" / "data")})
    user.delete()
    assert not User.objects.filter(username="asha").exists()
