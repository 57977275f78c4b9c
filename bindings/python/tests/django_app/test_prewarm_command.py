"""prewarm_tts_cache makes what is missing, says what it did, and ends as it should."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import uuid
from pathlib import Path

import pytest
from conftest import PAGES, Configure
from library.models import Story, StoryPage
from running import HERE, environment, manage, prepare, refused, run, terminal, told
from tones import Tone

import bhashatts
from bhashatts.django.engine import engine
from bhashatts.django.models import AudioCache, PageAudio
from bhashatts.django.stories import ModelStories, Page
from bhashatts.django.stories import Story as AStory

COMMAND = "prewarm_tts_cache"
MANY = [f"{word} {other}।" for word in ("एक", "दो", "तीन", "चार") for other in "कखगघचछजटडतद"]


def add_story(title: str, language: str, *pages: str) -> Story:
    story = Story.objects.create(title=title, language=language)
    for number, text in enumerate(pages, 1):
        StoryPage.objects.create(story=story, page_number=number, text_content=text)
    return story


def fail_on(voice: Tone, bad: str, code: bhashatts.ErrorCode) -> None:
    def speak(request: bhashatts.SynthesisRequest) -> bytes:
        if bad in request.text:
            raise bhashatts.Error(code, "it was told to fail")
        return voice.speak(request.text)

    voice.instead = speak


class Broken(ModelStories):
    """One of whose stories raises."""

    def pages(self, story: AStory) -> list[Page]:
        if story.title == "टूटी":
            raise LookupError("the pages are lost")
        return super().pages(story)


def test_all_pages_are_made_once_and_are_hits_the_next_time(story: Story, voice: Tone) -> None:
    said = run(COMMAND)
    assert "🎵 Pre-warming TTS cache for 1 stories" in said
    assert f"[1/1] {story.title}\n    Language: HINDI, Pages: 3\n" in said
    assert "    ✅ Generated: 3, Cached: 0, Failed: 0\n" in said
    assert "\n" + "=" * 50 + "\n📊 Summary:\n    Total Stories: 1\n    Total Pages: 3\n" in said
    assert "    Pages Generated: 3\n    Pages Already Cached: 0\n    Pages Failed: 0\n" in said
    assert "    Estimated Cost: $0.0000\n" in said
    assert said.endswith("✨ Pre-warming complete!\n")
    paid = sum(voice.calls.values())
    assert "✅ Generated: 0, Cached: 3, Failed: 0" in run(COMMAND)
    assert sum(voice.calls.values()) == paid


@pytest.mark.usefixtures("voice")
def test_rows_and_links_of_pages_are_there_when_it_is_done(story: Story) -> None:
    run(COMMAND, f"--story-id={story.pk}", "--style=calm")
    assert AudioCache.objects.filter(language="HINDI", voice_style="calm").count() == 3
    links = PageAudio.objects.filter(story_id=str(story.pk)).values_list("page_number", flat=True)
    assert sorted(links) == [1, 2, 3]


def test_only_stories_of_the_language_in_the_order_of_their_keys(story: Story) -> None:
    tamil = [add_story(f"கதை {n}", "TAMIL", f"பக்கம் {n}") for n in range(3)]
    said = run(COMMAND, "--language=TAMIL")
    titles = [one.title for one in sorted(tamil, key=lambda one: one.pk)]
    assert [line.split("] ")[1] for line in said.splitlines() if line.startswith("[")] == titles
    assert story.title not in said


@pytest.mark.usefixtures("story")
def test_a_limit_takes_the_first_stories_and_none_means_none() -> None:
    add_story("दूसरी", "HINDI", "दूसरा पन्ना")
    assert told(COMMAND, "--limit=1")["stories_total"] == 1
    nothing = told(COMMAND, "--limit=0")
    assert (nothing["stories_total"], nothing["pages_total"]) == (0, 0)
    assert told(COMMAND, "--limit=9")["stories_total"] == 2


@pytest.mark.usefixtures("story")
def test_a_dry_run_tells_hits_misses_and_the_most_it_costs(voice: Tone) -> None:
    engine().synthesize(PAGES[0])
    voice.calls.clear()
    said = run(COMMAND, "--dry-run")
    assert "DRY RUN - No audio will be generated" in said
    assert "Would generate: 2, Cached: 1, Failed: 0" in said
    assert "Pages To Generate: 2" in said
    assert "Estimated Cost, At Most: $0.0002" in said
    assert not voice.calls


@pytest.mark.usefixtures("story")
def test_json_is_one_object_and_nothing_else() -> None:
    report = told(COMMAND)
    assert report["pages_generated"] == report["pages_total"] == 3
    assert (report["stories_total"], report["stories_not_attempted"]) == (1, 0)
    assert report["problems"] == []
    assert report["dry_run"] is False


def test_wrong_options_are_refused_and_name_the_choices(story: Story) -> None:
    error, _ = refused(COMMAND, "--language=hindi")
    assert "Must be one of: HINDI, TAMIL, GUJARATI, PUNJABI, TELUGU, MALAYALAM" in str(error)
    error, _ = refused(COMMAND, "--style=shouting")
    assert "storyteller, calm, enthusiastic" in str(error)
    assert "0 or more" in str(refused(COMMAND, "--limit=-1")[0])
    assert "from 0 to 1024" in str(refused(COMMAND, concurrency=2000)[0])
    for no_story in ("nonsense", str(uuid.uuid4())):
        error, said = refused(COMMAND, f"--story-id={no_story}")
        assert (str(error), said) == (f"Story not found: {no_story}", "")
    error, _ = refused(COMMAND, f"--story-id={story.pk}", "--language=TAMIL")
    assert "is in HINDI, not in TAMIL" in str(error)
    assert error.returncode == 1


@pytest.mark.usefixtures("transactional_db")
def test_without_a_source_of_stories_it_says_which_setting_is_missing(configure: Configure) -> None:
    configure(STORY_MODEL=None)
    assert "STORY_MODEL" in str(refused(COMMAND)[0])


@pytest.mark.usefixtures("story")
def test_bad_input_among_the_pages_is_told_and_no_failure() -> None:
    add_story("खाली", "HINDI", "  ", "एक पन्ना")
    add_story("গল্প", "BENGALI", "এক")
    report = told(COMMAND)
    assert (report["pages_rejected"], report["pages_generated"], report["pages_failed"]) == (
        2,
        4,
        0,
    )
    assert {one["code"] for one in report["problems"]} == {"text_empty", "language_unknown"}
    assert "Pages Rejected: 2" in run(COMMAND)


@pytest.mark.usefixtures("story")
def test_failed_pages_end_with_status_4_and_the_others_are_made(voice: Tone) -> None:
    fail_on(voice, "बादल", bhashatts.ErrorCode.UPSTREAM_REJECTED)
    error, said = refused(COMMAND)
    assert error.returncode == 4
    assert "❌ Generated: 2, Cached: 0, Failed: 1" in said
    assert "page 2: it was told to fail" in said
    assert "complete" not in said
    voice.instead = None
    assert "✅ Generated: 1, Cached: 2, Failed: 0" in run(COMMAND)


@pytest.mark.usefixtures("transactional_db")
def test_credits_at_their_end_end_the_run_at_once_with_status_5(voice: Tone) -> None:
    for number in range(3):
        add_story(f"कहानी {number}", "HINDI", f"पहला {number}", f"दूसरा {number}")
    fail_on(voice, "", bhashatts.ErrorCode.CREDITS_EXHAUSTED)
    error, said = refused(COMMAND, "--concurrency=1")
    assert error.returncode == 5
    assert sum(voice.calls.values()) == 1
    assert "Pages Not Attempted: 5" in said
    assert "Stories Not Attempted: 2" in said
    assert "run it again" in str(error)


@pytest.mark.usefixtures("story")
def test_a_budget_that_is_spent_ends_with_status_5(configure: Configure) -> None:
    configure(engine={"budget_usd_month": "0.000050"})
    assert refused(COMMAND)[0].returncode == 5


@pytest.mark.usefixtures("story")
def test_a_story_that_cannot_be_read_is_told_and_the_next_one_made(configure: Configure) -> None:
    add_story("टूटी", "HINDI", "पन्ना")
    configure(STORIES="test_prewarm_command.Broken")
    error, said = refused(COMMAND)
    assert error.returncode == 4
    assert "❌ Error: the pages are lost" in said
    assert "✅ Generated: 3, Cached: 0, Failed: 0" in said


@pytest.mark.usefixtures("transactional_db")
def test_ctrl_c_finishes_what_is_in_hand_and_sums_up(voice: Tone) -> None:
    add_story("लंबी", "HINDI", *MANY)
    add_story("दूसरी", "HINDI", "पन्ना")

    def interrupt(request: bhashatts.SynthesisRequest) -> bytes:
        os.kill(os.getpid(), signal.SIGINT)
        voice.instead = slowly
        return voice.speak(request.text)

    def slowly(request: bhashatts.SynthesisRequest) -> bytes:
        time.sleep(0.1)  # until the main thread has heard it
        return voice.speak(request.text)

    voice.instead = interrupt
    before = signal.getsignal(signal.SIGINT)
    error, said = refused(COMMAND, "--concurrency=1")
    assert error.returncode == 130, said
    assert "Summary:" in said
    assert "Interrupted" in str(error)
    assert signal.getsignal(signal.SIGINT) is before
    made = AudioCache.objects.count()
    assert 1 <= made < len(MANY)
    voice.instead = None
    assert f"Pages Already Cached: {made}" in run(COMMAND)


@pytest.mark.usefixtures("story", "voice")
def test_it_runs_in_a_thread_that_hears_no_signals() -> None:
    from concurrent.futures import ThreadPoolExecutor

    from django.db import connections

    def there() -> str:
        try:
            return run(COMMAND)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        assert "Pages Generated: 3" in pool.submit(there).result()


def test_an_ascii_terminal_gets_stand_ins_and_no_traceback(tmp_path: Path) -> None:
    prepare(tmp_path)
    ended = manage(tmp_path, COMMAND, "--skip-checks", PYTHONIOENCODING="ascii")
    assert (ended.returncode, ended.stderr) == (0, b"")
    said = ended.stdout.decode("ascii")
    assert "* Pre-warming TTS cache for 1 stories" in said
    assert "[ok] Generated: 3" in said


def test_the_status_of_the_process_is_that_of_the_run(tmp_path: Path) -> None:
    prepare(tmp_path)
    assert manage(tmp_path, COMMAND, "--language=hindi").returncode == 1
    assert manage(tmp_path, COMMAND, "--limit=-1").returncode == 1
    program = f"""
import sys, django, bhashatts
django.setup()
from django.core.management import execute_from_command_line
from project.parts import voice
def fail(request):
    raise bhashatts.Error(bhashatts.ErrorCode[sys.argv[1]], "told to")
voice.instead = fail
execute_from_command_line(["manage.py", "{COMMAND}", "--json"])
"""
    for code, status in (("CREDITS_EXHAUSTED", 5), ("UPSTREAM_REJECTED", 4)):
        ended = subprocess.run(
            [sys.executable, "-c", program, code],
            env=environment(tmp_path),
            cwd=HERE,
            capture_output=True,
            check=False,
            timeout=120,
        )
        assert ended.returncode == status, ended.stderr
        assert ended.stdout.startswith(b'{"stories_total": 1')


def test_a_terminal_sees_one_line_that_is_rewritten(tmp_path: Path) -> None:
    prepare(tmp_path)
    ours, theirs = terminal()
    with subprocess.Popen(
        [sys.executable, str(HERE / "manage.py"), COMMAND, "--skip-checks"],
        env=environment(tmp_path),
        cwd=HERE,
        stdout=subprocess.PIPE,
        stderr=theirs,
    ) as process:
        os.close(theirs)
        said, _ = process.communicate(timeout=120)
    drawn = os.read(ours, 65536).decode()
    os.close(ours)
    assert "\r\x1b[K[" in drawn
    assert "3/3" in drawn
    assert "left 0:00 hits 0 made 3 failed 0" in drawn
    assert "\n" not in drawn
    assert b"\x1b" not in said
