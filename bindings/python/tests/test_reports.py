"""Reports, runs over many pages, and what a host asks an engine."""

from __future__ import annotations

import dataclasses
import json
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tones import OTHER, PAGE, Tone, tone

import bhashatts
from bhashatts import ErrorCode

Open = Callable[..., bhashatts.TtsEngine]
STORY = {"story_id": "moon", "title": "चाँद", "language": "HINDI", "pages": [OTHER, PAGE]}


def test_stats_count_requests_tiers_and_failures(engine: bhashatts.TtsEngine, voice: Tone) -> None:
    engine.synthesize(OTHER)
    engine.synthesize(OTHER)
    voice.instead = lambda _request: b""
    with pytest.raises(bhashatts.Error):
        engine.synthesize(PAGE)
    engine.flush()
    stats = engine.stats()
    assert (stats.requests["synthesized"], stats.requests["memory"]) == (1, 1)
    assert stats.requests_failed == 1
    names = [tier.name for tier in stats.tiers]
    assert names[0] == "memory"
    assert len(set(names)) == len(names)
    assert stats.tiers[0].hits >= 1
    assert stats.tiers[0].entries == 1
    assert stats.total_size_bytes > 0


def test_status_has_what_the_command_says(engine: bhashatts.TtsEngine) -> None:
    status = engine.status()
    assert set(status.cache) >= {"data_dir", "read_only", "total_entries", "total_size_bytes"}
    assert set(status.spool) >= {"entries", "bytes"}
    assert status.budget["limit_usd_month"] is None
    assert status.model["status"] == "ready"
    assert (status.fallbacks, status.warnings) == ([], [])


def test_a_voice_says_how_it_stands(opened: Open, voice: Tone) -> None:
    voice.status = lambda: bhashatts.SynthesizerStatus(  # type: ignore[method-assign]
        "loading", "tone", "wait a little", ready_in=2.5
    )
    model = opened().status().model
    assert (model["status"], model["model"]) == ("loading", "tone")
    assert model["estimated_time"] == pytest.approx(2.5)


@pytest.mark.parametrize(
    "wrong",
    [
        None,
        "ready",
        bhashatts.SynthesizerStatus("asleep"),
        bhashatts.SynthesizerStatus(ready_in=-1),
        bhashatts.SynthesizerStatus(ready_in="soon"),  # type: ignore[arg-type]
        bhashatts.SynthesizerStatus(model=None),  # type: ignore[arg-type]
    ],
)
def test_a_status_that_is_none_is_unavailable(opened: Open, voice: Tone, wrong: Any) -> None:
    voice.status = lambda: wrong  # type: ignore[method-assign]
    model = opened().status().model
    assert model["status"] == "unavailable"
    assert "status" in model["message"] or "ready_in" in model["message"]


def test_prewarm_reports_and_tells_how_far_it_is(engine: bhashatts.TtsEngine, voice: Tone) -> None:
    seen: list[bhashatts.PrewarmProgress] = []
    planned = engine.prewarm([STORY], dry_run=True)
    assert planned.pages_generated == 2
    assert not voice.calls
    report = engine.prewarm([STORY], progress=seen.append)
    assert (report.stories_total, report.pages_generated, report.problems) == (1, 2, [])
    assert [one.pages_done for one in seen] == [1, 2]
    assert seen[-1].pages_total == 2
    again = engine.prewarm(json.dumps(STORY), format="opus")
    assert (again.pages_cached + again.pages_generated, again.total_cost_usd) == (2, 0)


def test_prewarm_takes_a_file_and_text_and_mappings(
    engine: bhashatts.TtsEngine, tmp_path: Path
) -> None:
    file = tmp_path / "stories.jsonl"
    file.write_text(json.dumps(STORY, ensure_ascii=False), encoding="utf-8")
    for stories in (file, file.read_text("utf-8"), [STORY], iter([STORY])):
        assert engine.prewarm(stories, dry_run=True).pages_total == 2
    assert engine.prewarm([STORY], limit=0, dry_run=True).pages_total == 0
    assert engine.prewarm([STORY], language="TAMIL", dry_run=True).pages_total == 0
    assert engine.prewarm([STORY], story_id="sun", dry_run=True).pages_total == 0
    rejected = engine.prewarm([{**STORY, "pages": [""]}])
    (problem,) = rejected.problems
    assert (problem["story_id"], problem["page_number"], problem["code"]) == (
        "moon",
        1,
        "text_empty",
    )


def test_prewarm_is_stopped_from_another_thread(engine: bhashatts.TtsEngine, voice: Tone) -> None:
    stop = bhashatts.Stop()
    spoken = threading.Event()

    def speak(request: bhashatts.SynthesisRequest) -> bytes:
        spoken.set()
        assert stopped.wait(30)
        return tone(request.text)

    stopped = threading.Event()
    voice.instead = speak
    pages = [f"पन्ना संख्या {number} यहाँ है।" for number in range(40)]
    reports: list[bhashatts.PrewarmReport] = []
    run = threading.Thread(
        target=lambda: reports.append(
            engine.prewarm([{**STORY, "pages": pages}], concurrency=2, stop=stop)
        )
    )
    run.start()
    assert spoken.wait(30)
    assert not stop.requested
    stop.request()
    stopped.set()
    run.join(60)
    assert stop.requested
    (report,) = reports
    assert report.pages_generated >= 1
    assert report.pages_not_attempted > 0
    assert report.pages_generated + report.pages_not_attempted == 40


def test_what_progress_raises_ends_the_run(engine: bhashatts.TtsEngine) -> None:
    def enough(_at: bhashatts.PrewarmProgress) -> None:
        raise LookupError("enough")

    with pytest.raises(LookupError, match="enough"):
        engine.prewarm([STORY], progress=enough, concurrency=1)
    assert engine.synthesize(OTHER).duration_ms > 0


def export(path: Path) -> Path:
    row = {"text_content": OTHER, "language": "HINDI", "voice_style": "storyteller"}
    path.write_text(json.dumps(row) + "\n" + json.dumps({**row, "text_content": PAGE}), "utf-8")
    return path


def test_an_import_reads_the_hosts_own_storage(
    engine: bhashatts.TtsEngine, voice: Tone, tmp_path: Path
) -> None:
    names: list[str] = []
    audio = {OTHER: tone(OTHER)}

    def read(name: str) -> bytes | None:
        names.append(name)
        return audio[OTHER] if len(names) == 1 else None

    seen: list[bhashatts.ImportProgress] = []
    report = engine.import_guide(
        export(tmp_path / "rows.jsonl"), read=read, concurrency=1, progress=seen.append
    )
    assert isinstance(report, bhashatts.ImportReport)
    assert (report.rows_total, report.rows_adopted, report.rows_missing) == (2, 1, 1)
    assert report.problems[0]["outcome"] == "missing"
    assert all(name.startswith("audio/tts/") and name.endswith(".wav") for name in names)
    assert seen[-1].rows_done == 2
    assert engine.synthesize(OTHER).origin != "synthesized"
    assert not voice.calls


class Given:
    """Gives the same whatever is asked for."""

    def __init__(self, what: Any) -> None:
        self.what = what

    def __call__(self, _name: str) -> Any:
        return self.what


def test_a_storage_that_fails_fails_its_row(engine: bhashatts.TtsEngine, tmp_path: Path) -> None:
    def read(_name: str) -> bytes:
        raise OSError("the bucket is away")

    report = engine.import_guide(export(tmp_path / "rows.jsonl"), read=read)
    assert report.rows_adopted == 0
    assert report.rows_failed + report.rows_missing == 2
    assert "the bucket is away" in report.problems[0]["message"]
    wrongs: list[Any] = [7, "text", [1]]
    for wrong in wrongs:
        report = engine.import_guide(tmp_path / "rows.jsonl", read=Given(wrong))
        assert (report.rows_adopted, len(report.problems)) == (0, 2)


def test_timings_come_as_objects_json_and_webvtt(engine: bhashatts.TtsEngine) -> None:
    speech = engine.synthesize(PAGE)
    members = json.loads(speech.timings_json())
    assert bhashatts.Timings.from_json(speech.timings_json()) == speech.timings
    assert members["duration_ms"] == speech.duration_ms
    assert members["words"][0]["estimated"] is True
    first = speech.timings.words[0]
    assert isinstance(first, bhashatts.Timing)
    assert isinstance(first.text, bhashatts.TextRange)
    assert PAGE[first.text.begin : first.text.end].strip() == PAGE.split()[0]
    assert speech.webvtt().startswith("WEBVTT\n")
    assert speech.webvtt().count(" --> ") == 2


def test_timings_and_url_need_the_engine(engine: bhashatts.TtsEngine) -> None:
    speech = engine.synthesize(PAGE, story_id="moon", page_number=1)
    engine.close()
    for ask in (lambda: speech.url, lambda: speech.timings, speech.webvtt, speech.timings_json):
        with pytest.raises(bhashatts.Error) as raised:
            ask()
        assert raised.value.code is ErrorCode.CLOSED


def test_speeches_are_equal_by_what_is_heard(engine: bhashatts.TtsEngine) -> None:
    made, hit = engine.synthesize(PAGE), engine.synthesize(PAGE)
    other = engine.synthesize(OTHER)
    assert made.origin != hit.origin
    assert made == hit
    assert hash(made) == hash(hit)
    assert made != engine.synthesize(PAGE, format="flac")
    assert made != other
    assert made != bytes(made.audio)
    assert len({made, hit, other}) == 2


def test_clear_asks_before_what_was_paid_for(engine: bhashatts.TtsEngine) -> None:
    engine.synthesize(OTHER)
    engine.flush()
    planned = engine.clear(dry_run=True)
    assert planned.cache_entries >= 1
    assert planned.blobs == 0
    assert engine.clear(language="TAMIL").cache_entries == 0
    assert engine.clear() == planned
    assert engine.lookup(OTHER) is not None
    assert engine.clear(all=True, dry_run=True).blobs >= 1
    assert engine.clear(all=True).records >= 1
    assert engine.lookup(OTHER) is None


def test_forgetting_erases_every_style_and_format(engine: bhashatts.TtsEngine) -> None:
    engine.synthesize(OTHER, user_id="asha")
    engine.synthesize(OTHER, voice_style="calm", format="opus")
    engine.flush()
    assert engine.forget_user("asha").usage_events == 1
    assert engine.forget_text(OTHER).speeches >= 2
    assert engine.lookup(OTHER) is None
    assert engine.lookup(OTHER, voice_style="calm") is None


def test_settings_can_be_read_without_an_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TTS_DEFAULT_VOICE_STYLE", "calm")
    monkeypatch.setenv("HUGGINGFACE_API_TOKEN", "hf_verysecret")
    assert bhashatts.settings()["default_voice_style"] == "calm"
    assert bhashatts.settings()["huggingface_api_token"] == "***"
    assert bhashatts.settings(environment=False)["default_voice_style"] == "storyteller"
    monkeypatch.setenv("BHASHATTS_WORKERS", "many")
    with pytest.raises(bhashatts.Error, match="BHASHATTS_WORKERS") as raised:
        bhashatts.settings()
    assert raised.value.code is ErrorCode.CONFIG_INVALID


def test_settings_of_an_engine_are_over_those_of_the_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("TTS_DEFAULT_VOICE_STYLE", "calm")
    monkeypatch.setenv("BHASHATTS_WORKERS", "2")
    with bhashatts.TtsEngine(data_dir=tmp_path, synthesizer=Tone(), workers=3) as engine:
        assert engine.settings["default_voice_style"] == "calm"
        assert engine.settings["workers"] == 3


def test_voices_name_what_requests_may() -> None:
    voices = bhashatts.voices()
    names = [language["name"] for language in voices["languages"]]
    assert "HINDI" in names
    assert next(style["name"] for style in voices["voice_styles"]) == "storyteller"
    with pytest.raises(bhashatts.Error) as raised:
        bhashatts.voices("opera")
    assert raised.value.code is ErrorCode.CONFIG_INVALID


def test_spoken_text_is_a_fixed_point() -> None:
    spoken = bhashatts.spoken_text("  नमस्ते\u00a0  बच्चों|\r\n")
    assert bhashatts.spoken_text(spoken) == spoken
    with pytest.raises(TypeError):
        bhashatts.spoken_text(b"bytes")  # type: ignore[arg-type]


def test_reports_are_values() -> None:
    report = bhashatts.RejectReport("ab", 1, 2)
    assert report == bhashatts.RejectReport("ab", 1, 2)
    with pytest.raises(dataclasses.FrozenInstanceError):
        report.next_take = 2  # type: ignore[misc]


def test_paths_that_are_no_text_are_paths(engine: bhashatts.TtsEngine, tmp_path: Path) -> None:
    rows = export(tmp_path / "rows.jsonl")
    odd = tmp_path / os.fsdecode(b"\xff.jsonl")
    rows.rename(odd)
    assert engine.import_guide(odd, read=lambda _name: None).rows_total == 2
    assert engine.import_guide(os.fspath(odd), directory=odd.parent, dry_run=True).rows_total == 2
    for wrong in (f"{odd}\0.txt", "\0"):
        with pytest.raises(ValueError, match="null"):
            engine.import_guide(wrong)
        with pytest.raises(ValueError, match="null"):
            engine.import_guide(odd, directory=wrong)
