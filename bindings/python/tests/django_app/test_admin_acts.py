"""The admin: what is done with rows: erased, rejected, run again."""

from __future__ import annotations

import time
from pathlib import Path

from admin_pages import (
    act,
    break_the_engine,
    browser_of,
    kept,
    messages,
    page_of,
    staff,
    url,
)
from conftest import Configure, mirrored
from django.contrib.admin.models import LogEntry
from django.test import Client
from library.models import Story, User
from tones import OTHER, PAGE, Tone

from bhashatts.django.engine import engine
from bhashatts.django.models import AudioCache, PageAudio, PrewarmJob

State = PrewarmJob.State


# -- erasing


def test_deleting_an_entry_erases_its_text_in_all_styles_and_formats(
    boss: Client, story: Story, voice: Tone
) -> None:
    row = page_of(story)
    kept(style="calm")
    kept(format="flac")
    other = kept(OTHER)
    asked = boss.get(url(row, "delete"))
    assert b"The audio goes too." in asked.content
    for goes in (b"Calm", b"flac", b"read on 1 page", b"Audio Cache Entries: 3"):
        assert goes in asked.content
    done = boss.post(url(row, "delete"), {"post": "yes"}, follow=True)
    assert "3 speeches were erased from all stores." in messages(done)
    assert list(AudioCache.objects.all()) == [other]
    assert not PageAudio.objects.exists()
    for style, form in (("storyteller", "wav"), ("calm", "wav"), ("storyteller", "flac")):
        assert engine().lookup(PAGE, "HINDI", style, form) is None
    assert engine().lookup(OTHER) is not None
    mirrored()
    assert list(AudioCache.objects.all()) == [other]


def test_the_audio_of_a_deleted_entry_is_in_no_file(
    boss: Client, story: Story, voice: Tone
) -> None:
    row = page_of(story)
    at = engine().story_page_url(str(story.pk), 1)
    assert at is not None
    boss.post(url(row, "delete"), {"post": "yes"})
    mirrored()
    assert engine().story_page_url(str(story.pk), 1) is None
    assert not at.startswith("file://") or not Path(at[len("file://") :]).exists()


def test_several_texts_are_erased_at_once_after_asking(boss: Client, voice: Tone) -> None:
    rows = [kept(), kept(OTHER)]
    kept(style="calm")
    asked = act(boss, "audiocache", "delete_selected", *rows)
    assert b"The audio goes too." in asked.content
    assert b"Audio Cache Entries: 3" in asked.content
    assert AudioCache.objects.count() == 3
    done = act(boss, "audiocache", "delete_selected", *rows, post="yes")
    assert "2 texts were erased from all stores." in messages(done)
    assert not AudioCache.objects.exists()
    assert engine().lookup(PAGE, "HINDI", "calm") is None
    assert LogEntry.objects.count() == 3


def test_too_many_at_once_are_refused_and_left(boss: Client) -> None:
    AudioCache.objects.bulk_create(
        AudioCache(
            cache_key=f"{i:032x}", text_content=str(i), text_hash=f"{i:032x}", language="HINDI"
        )
        for i in range(201)
    )
    for action in ("delete_selected", "reject_selected"):
        done = act(boss, "audiocache", action, *AudioCache.objects.all(), post="yes")
        assert "201 are too many at once" in messages(done)
    assert AudioCache.objects.count() == 201


def test_where_the_engine_fails_nothing_is_deleted_and_the_admin_says_why(
    boss: Client, configure: Configure, tmp_path: Path, voice: Tone
) -> None:
    row, other = kept(), kept(OTHER)
    break_the_engine(configure, tmp_path)
    single = boss.post(url(row, "delete"), {"post": "yes"}, follow=True)
    assert "Nothing was deleted: " in messages(single)
    several = act(boss, "audiocache", "delete_selected", row, other, post="yes")
    assert "2 texts were not deleted: " in messages(several)
    assert AudioCache.objects.count() == 2
    assert not LogEntry.objects.exists()


def test_erasing_needs_the_delete_permission(user: User, voice: Tone) -> None:
    row = kept()
    browser = browser_of(staff("view_audiocache", "change_audiocache"))
    assert browser.post(url(row, "delete"), {"post": "yes"}).status_code == 403
    act(browser, "audiocache", "delete_selected", row, post="yes")
    assert AudioCache.objects.exists()


# -- "this sounds wrong"


def test_a_take_that_sounds_wrong_is_never_served_again_and_its_story_is_made_anew(
    boss: Client, admin: User, story: Story, voice: Tone
) -> None:
    row = page_of(story, style="calm")
    assert b"This sounds wrong" in boss.get(url(row)).content
    done = boss.post(url(row, "reject"), follow=True)
    assert "take 0 is never served again" in messages(done)
    assert f'Take 1 is being made for <a href="{url(PrewarmJob.objects.get())}">' in messages(done)
    job = wait_for(PrewarmJob.objects.get())
    assert (job.voice_style, job.created_by, job.state) == ("calm", admin, State.DONE)
    mirrored()
    now = AudioCache.objects.get(text_content=PAGE)
    assert (now.take, now.pages.get().story_id) == (1, str(story.pk))
    assert now.cache_key != row.cache_key
    speech = engine().lookup(PAGE, "HINDI", "calm")
    assert speech is not None
    assert speech.take == 1
    assert "sounded wrong" in LogEntry.objects.get().change_message


def wait_for(job: PrewarmJob) -> PrewarmJob:
    deadline = time.monotonic() + 60
    while job.state in {State.QUEUED, State.RUNNING}:
        assert time.monotonic() < deadline, "the job did not end"
        time.sleep(0.05)
        job.refresh_from_db()
    return job


def test_a_text_of_no_page_is_made_anew_for_the_next_listener(boss: Client, voice: Tone) -> None:
    row = kept()
    done = boss.post(url(row, "reject"), follow=True)
    assert "Take 1 is made for the next listener." in messages(done)
    assert engine().lookup(PAGE) is None
    assert not PrewarmJob.objects.exists()
    assert not AudioCache.objects.exists()


def test_other_speeches_that_share_a_wrong_sentence_are_told(boss: Client, voice: Tone) -> None:
    row = kept(PAGE)
    kept(PAGE, format="flac")
    first, second = PAGE.split("। ")
    sharing = f"{second} {first}।"
    kept(sharing)
    done = boss.post(url(row, "reject"), follow=True)
    assert "1 other speech shares a sentence with it" in messages(done)
    assert engine().lookup(sharing) is None


def test_a_story_that_is_gone_or_unreadable_does_not_keep_a_wrong_take(
    boss: Client, configure: Configure, story: Story, voice: Tone
) -> None:
    row = page_of(story)
    story.delete()
    done = boss.post(url(row, "reject"), follow=True)
    assert "Take 1 is made for the next listener." in messages(done)
    assert engine().lookup(PAGE) is None


def test_a_second_complaint_about_one_take_does_not_reject_the_next_one(
    boss: Client, voice: Tone
) -> None:
    row = kept()
    engine().reject(PAGE)
    second = engine().synthesize(PAGE)
    mirrored()
    row.save()
    done = boss.post(url(row, "reject"), follow=True)
    assert "replaced" in messages(done)
    assert engine().lookup(PAGE) == second


def test_several_takes_are_rejected_from_the_list(boss: Client, story: Story, voice: Tone) -> None:
    rows = [page_of(story, 1), page_of(story, 2), kept("और एक बार।")]
    done = act(boss, "audiocache", "reject_selected", *rows)
    assert messages(done).count("is never served again") == 3
    wait_for(PrewarmJob.objects.latest("created_at"))
    for row in rows:
        found = engine().lookup(row.text_content)
        assert found is None or found.take == 1


def test_where_the_engine_fails_a_take_is_left_and_the_admin_says_why(
    boss: Client, configure: Configure, tmp_path: Path, voice: Tone
) -> None:
    row = kept()
    break_the_engine(configure, tmp_path)
    done = boss.post(url(row, "reject"), follow=True)
    assert "could not be rejected, and is still served: " in messages(done)
    assert AudioCache.objects.exists()
    configure()
    assert engine().lookup(PAGE) is not None


def test_rejecting_needs_a_post_a_token_and_the_change_permission(
    admin: User, boss: Client, voice: Tone
) -> None:
    row = kept()
    assert boss.get(url(row, "reject")).status_code == 405
    careful = Client(enforce_csrf_checks=True)
    careful.force_login(admin)
    assert careful.post(url(row, "reject")).status_code == 403
    looker = browser_of(staff("view_audiocache"))
    assert looker.post(url(row, "reject")).status_code == 403
    assert b"This sounds wrong" not in looker.get(url(row)).content
    act(looker, "audiocache", "reject_selected", row)
    assert engine().lookup(PAGE) is not None


# -- jobs


def test_a_job_that_waits_or_runs_is_cancelled(boss: Client, story: Story) -> None:
    waits, runs, done = (
        PrewarmJob.objects.create(story_id=str(story.pk), state=state)
        for state in (State.QUEUED, State.RUNNING, State.DONE)
    )
    assert b">Cancel<" in boss.get(url(waits)).content
    assert b">Cancel<" not in boss.get(url(done)).content
    assert "1 job is cancelled." in messages(boss.post(url(waits, "cancel"), follow=True))
    told = messages(act(boss, "prewarmjob", "cancel_selected", runs, done))
    assert told == "1 job is cancelled. Pages that are in hand are finished first."
    for job in (waits, runs, done):
        job.refresh_from_db()
    assert (waits.state, runs.cancel_requested, done.cancel_requested) == ("cancelled", True, False)
    assert "Nothing to cancel" in messages(boss.post(url(done, "cancel"), follow=True))


def test_a_job_that_ended_is_run_again(
    boss: Client, admin: User, story: Story, voice: Tone
) -> None:
    failed = PrewarmJob.objects.create(
        story_id=str(story.pk), voice_style="calm", state=State.FAILED
    )
    shown = boss.post(url(failed, "run_again"), follow=True)
    again = PrewarmJob.objects.exclude(pk=failed.pk).get()
    assert shown.redirect_chain[-1][0] == url(again)
    again = wait_for(again)
    assert (again.state, again.pages_generated, again.created_by) == (State.DONE, 3, admin)
    assert b"3 of 3 pages" in boss.get(url(again)).content
    assert engine().lookup(PAGE, "HINDI", "calm") is not None


def test_a_job_of_a_story_that_is_gone_says_so(boss: Client, story: Story) -> None:
    job = PrewarmJob.objects.create(story_id=str(story.pk), state=State.DONE)
    story.delete()
    assert "the story is gone" in messages(boss.post(url(job, "run_again"), follow=True))
    assert PrewarmJob.objects.count() == 1


def test_jobs_are_acted_on_by_post_and_with_the_change_permission(
    boss: Client, story: Story
) -> None:
    job = PrewarmJob.objects.create(story_id=str(story.pk), state=State.RUNNING)
    looker = browser_of(staff("view_prewarmjob"))
    for view in ("cancel", "run_again"):
        assert boss.get(url(job, view)).status_code == 405
        assert looker.post(url(job, view)).status_code == 403
    assert boss.post(url(job, "delete"), {"post": "yes"}).status_code == 403
    job.refresh_from_db()
    assert not job.cancel_requested
