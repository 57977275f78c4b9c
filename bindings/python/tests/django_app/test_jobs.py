"""Prewarm jobs: queued, watched, cancelled, taken up again."""

from __future__ import annotations

import datetime
import time
import uuid
from typing import Any

import pytest
from conftest import PAGES, Configure
from django.db import connection, transaction
from django.utils import timezone
from library.models import Story, StoryPage
from rest_framework.test import APIClient
from tones import Tone

import bhashatts
from bhashatts.django import jobs
from bhashatts.django.engine import engine
from bhashatts.django.models import PrewarmJob
from bhashatts.django.prewarming import prewarm_story
from bhashatts.django.stories import stories

State = PrewarmJob.State


def url(story_id: object) -> str:
    return f"/api/v1/speech/prewarm/{story_id}/"


def queued(story: Story, style: str = "") -> PrewarmJob:
    ours = stories().story(str(story.pk))
    assert ours is not None
    return jobs.queue(ours, style)


def ended(client: APIClient, there: str) -> dict[str, Any]:
    """The job, when it is over."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        data: dict[str, Any] = client.get(there).json()["data"]
        if data["state"] not in {"queued", "running"}:
            return data
        time.sleep(0.05)
    raise AssertionError(f"the job did not end: {data}")


def test_a_story_is_made_behind_the_request(
    admins_client: APIClient, story: Story, voice: Tone
) -> None:
    answer = admins_client.post(url(story.pk))
    assert answer.status_code == 202
    begun = answer.json()["data"]
    assert (begun["story_id"], begun["story_title"]) == (str(story.pk), story.title)
    data = ended(admins_client, begun["status_url"])
    assert data["state"] == "done"
    assert (data["pages_total"], data["pages_generated"], data["pages_cached"]) == (3, 3, 0)
    assert data["total_cost_usd"] == pytest.approx(4 * 7e-6)
    assert engine().lookup(PAGES[2]) is not None


def test_what_is_kept_is_not_made_again(
    admins_client: APIClient, story: Story, voice: Tone
) -> None:
    engine().synthesize(PAGES[0])
    before = sum(voice.calls.values())
    data = ended(admins_client, admins_client.post(url(story.pk)).json()["data"]["status_url"])
    assert (data["pages_cached"], data["pages_generated"]) == (1, 2)
    assert sum(voice.calls.values()) == before + 2


def test_a_style_can_be_asked_for(admins_client: APIClient, story: Story) -> None:
    answer = admins_client.post(url(story.pk), {"voice_style": "calm"}, format="json")
    ended(admins_client, answer.json()["data"]["status_url"])
    assert engine().lookup(PAGES[0], voice_style="calm") is not None
    assert engine().lookup(PAGES[0]) is None
    wrong = admins_client.post(url(story.pk), {"voice_style": "angry"}, format="json")
    assert wrong.status_code == 400


def test_pages_that_cannot_be_spoken_are_told(admins_client: APIClient, story: Story) -> None:
    StoryPage.objects.create(story=story, page_number=4, text_content=" ")
    data = ended(admins_client, admins_client.post(url(story.pk)).json()["data"]["status_url"])
    assert data["state"] == "done"
    assert (data["pages_total"], data["pages_generated"], data["pages_rejected"]) == (4, 3, 1)
    assert [one["page_number"] for one in data["problems"]] == [4]


def test_a_voice_that_fails_fails_the_job_and_the_next_one_goes_on(
    admins_client: APIClient, story: Story, voice: Tone
) -> None:
    def fail(_: bhashatts.SynthesisRequest) -> None:
        raise bhashatts.Error(bhashatts.ErrorCode.CREDITS_EXHAUSTED, "no credits")

    voice.instead = fail
    data = ended(admins_client, admins_client.post(url(story.pk)).json()["data"]["status_url"])
    assert data["state"] == "failed"
    assert data["pages_failed"] >= 1
    voice.instead = None
    data = ended(admins_client, admins_client.post(url(story.pk)).json()["data"]["status_url"])
    assert data["state"] == "done"


def test_it_can_be_cancelled_and_watched_meanwhile(
    admins_client: APIClient, story: Story, voice: Tone
) -> None:
    go_on = voice.hold()
    for number in range(4, 40):
        text = f"{'और ' * (number % 7 + 1)}चिड़िया {'उड़ी ' * (number // 7 + 1)}।"
        StoryPage.objects.create(story=story, page_number=number, text_content=text)
    there = admins_client.post(url(story.pk)).json()["data"]["status_url"]
    assert voice.held.wait(30)
    assert admins_client.get(there).json()["data"]["state"] == "running"
    assert admins_client.delete(there).status_code == 202
    watched = PrewarmJob.objects.get()
    deadline = time.monotonic() + 30
    while watched.heartbeat_at == watched.started_at and time.monotonic() < deadline:
        watched.refresh_from_db()  # the watcher has looked, so it has heard of the end
    voice.instead = None
    go_on.set()
    data = ended(admins_client, there)
    assert data["state"] == "cancelled"
    assert data["pages_generated"] < 39


def test_one_that_waits_is_cancelled_at_once(admins_client: APIClient, story: Story) -> None:
    job = PrewarmJob.objects.create(story_id=str(story.pk))
    there = f"/api/v1/speech/prewarm/jobs/{job.pk}/"
    assert admins_client.delete(there).json()["data"]["state"] == "cancelled"
    jobs.run(job.pk)
    assert admins_client.get(there).json()["data"]["state"] == "cancelled"


def test_one_whose_process_died_is_taken_up_again(admins_client: APIClient, story: Story) -> None:
    long_ago = timezone.now() - datetime.timedelta(minutes=5)
    job = PrewarmJob.objects.create(
        story_id=str(story.pk), state=State.RUNNING, runner="gone:1", heartbeat_at=long_ago
    )
    data = ended(admins_client, f"/api/v1/speech/prewarm/jobs/{job.pk}/")
    assert (data["state"], data["pages_generated"]) == ("done", 3)


def test_one_that_is_alive_is_left_alone(admins_client: APIClient, story: Story) -> None:
    job = PrewarmJob.objects.create(
        story_id=str(story.pk), state=State.RUNNING, heartbeat_at=timezone.now()
    )
    jobs.run(job.pk)
    there = f"/api/v1/speech/prewarm/jobs/{job.pk}/"
    assert admins_client.get(there).json()["data"]["state"] == "running"


def test_a_story_that_waits_already_is_not_queued_twice(story: Story) -> None:
    ours = stories().story(str(story.pk))
    assert ours is not None
    with transaction.atomic():
        assert jobs.queue(ours) == jobs.queue(ours)
        assert jobs.queue(ours, "calm") != jobs.queue(ours)


def test_admins_only(client: APIClient, story: Story, voice: Tone) -> None:
    answer = client.post(url(story.pk))
    assert answer.status_code == 403
    assert answer.json()["detail"] == "Admin access required"
    job = PrewarmJob.objects.create(story_id=str(story.pk))
    there = f"/api/v1/speech/prewarm/jobs/{job.pk}/"
    assert client.get(there).status_code == 403
    assert client.delete(there).status_code == 403
    assert APIClient().post(url(story.pk)).status_code in {401, 403}
    assert not voice.calls


def test_what_is_not_there_is_404(admins_client: APIClient) -> None:
    assert admins_client.post(url(uuid.uuid4())).json() == {"detail": "Story not found"}
    assert admins_client.get(f"/api/v1/speech/prewarm/jobs/{uuid.uuid4()}/").status_code == 404


def test_saving_a_story_makes_it_where_that_is_wanted(story: Story, configure: Configure) -> None:
    configure(prewarm_styles=("storyteller", "calm"))
    jobs.queue_saved(str(story.pk))
    made = PrewarmJob.objects.order_by("voice_style")
    assert [job.voice_style for job in made] == ["calm", "storyteller"]
    deadline = time.monotonic() + 60
    while made.exclude(state=State.DONE).exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert engine().lookup(PAGES[1], voice_style="calm") is not None


def test_gaps_between_page_numbers_are_no_pages(transactional_db: None, voice: Tone) -> None:
    story = Story.objects.create(title="अंतर", language="HINDI")
    for number, text in ((2, PAGES[0]), (5, PAGES[1]), (20_000, "दूर।"), (-1, "पीछे।")):
        StoryPage.objects.create(story=story, page_number=number, text_content=text)
    ours = stories().story(str(story.pk))
    assert ours is not None
    report = prewarm_story(engine(), ours, stories().pages(ours))
    assert (report.pages_total, report.pages_generated, report.pages_rejected) == (4, 2, 2)
    assert report.problems == []
    assert engine().story_page_url(str(story.pk), 5) is not None


def test_a_broker_that_is_away_does_not_keep_a_story_from_being_saved(
    configure: Configure, story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_prewarm_job = pytest.importorskip("bhashatts.django.tasks").run_prewarm_job

    def away(*_: object) -> None:
        raise ConnectionError("nobody listens")

    configure(jobs="celery")
    monkeypatch.setattr(run_prewarm_job, "delay", away)
    jobs.queue_saved(str(story.pk))
    job = PrewarmJob.objects.get()
    assert job.state == State.QUEUED
    PrewarmJob.objects.update(updated_at=timezone.now() - datetime.timedelta(minutes=1))
    sent: list[str] = []
    monkeypatch.setattr(run_prewarm_job, "delay", sent.append)
    job.refresh_from_db()
    jobs.taken_up_again(job)
    assert sent == [str(job.pk)]


def test_a_lost_job_that_is_cancelled_is_not_begun_again(
    admins_client: APIClient, story: Story, voice: Tone
) -> None:
    long_ago = timezone.now() - datetime.timedelta(minutes=5)
    job = PrewarmJob.objects.create(
        story_id=str(story.pk), state=State.RUNNING, runner="gone:1", heartbeat_at=long_ago
    )
    there = f"/api/v1/speech/prewarm/jobs/{job.pk}/"
    assert admins_client.delete(there).json()["data"]["state"] == "cancelled"
    assert admins_client.get(there).json()["data"]["state"] == "cancelled"
    PrewarmJob.objects.update(state=State.RUNNING, heartbeat_at=long_ago)  # asked, and then lost
    assert admins_client.get(there).json()["data"]["state"] == "running"
    jobs.run(job.pk)
    assert not voice.calls


@pytest.mark.skipif(connection.vendor != "postgresql", reason="connections are PostgreSQL's")
def test_a_job_outlives_its_connections(story: Story, voice: Tone) -> None:
    go_on = voice.hold()
    job = queued(story)
    deadline = time.monotonic() + 60
    while not voice.calls and time.monotonic() < deadline:
        time.sleep(0.02)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    go_on.set()
    while job.state in {State.QUEUED, State.RUNNING} and time.monotonic() < deadline:
        time.sleep(0.05)
        job.refresh_from_db()
    assert (job.state, job.pages_generated) == (State.DONE, 3)


def test_a_host_that_ends_a_thread_ends_no_other_job(
    story: Story, configure: Configure, monkeypatch: pytest.MonkeyPatch
) -> None:
    def leave(*_: object) -> None:
        raise SystemExit(1)

    configure()
    with monkeypatch.context() as patch:
        patch.setattr(jobs, "_report", leave)
        queued(story, "calm")
        _until_idle()
    later = queued(story)
    _until_idle()
    later.refresh_from_db()
    assert later.state == State.DONE


def _until_idle() -> None:
    deadline = time.monotonic() + 60
    while jobs._Runner.of_this_process()._running and time.monotonic() < deadline:
        time.sleep(0.02)


def test_a_member_that_is_not_known_is_refused_before_anything_is_paid(
    admins_client: APIClient, story: Story
) -> None:
    answer = admins_client.post(url(story.pk), {"voice_stlye": "calm"}, format="json")
    assert answer.status_code == 400
    assert answer.json() == {"detail": "Unknown field. Did you mean voice_style?"}
    assert not PrewarmJob.objects.exists()
