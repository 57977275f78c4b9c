"""What a call takes: wrong types and values are told in a line that holds none of them."""

from __future__ import annotations

import functools
import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import caught
from tones import OTHER, PAGE, Tone

import bhashatts
from bhashatts import Error, ErrorCode

Open = Callable[..., bhashatts.TtsEngine]
SECRET = "आशा"
STORY = {"story_id": "moon", "title": SECRET, "language": "HINDI", "pages": [PAGE, SECRET]}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"text": b"bytes"}, "text must be a str"),
        ({"text": None}, "text must be a str"),
        ({"text": 7}, "text must be a str"),
        ({"text": ["a"]}, "text must be a str"),
        ({"text": "a", "language": 7}, "language must be a str"),
        ({"text": "a", "voice_style": b"calm"}, "voice_style must be a str"),
        ({"text": "a", "format": 7}, "format must be a str"),
        ({"text": "a", "timeout": "1"}, "timeout must be a number"),
        ({"text": "a", "timeout": True}, "timeout must be a number"),
        ({"text": "a", "timeout": [1]}, "must be real number"),
        ({"text": "a", "page_number": True}, "page_number must be an int"),
        ({"text": "a", "page_number": 1.0}, "page_number must be an int"),
        ({"text": "a", "page_number": "1"}, "page_number must be an int"),
        ({"text": "a", "user_id": 7}, "user_id must be a str"),
        ({"text": "a", "story_id": 7}, "story_id must be a str"),
        ({}, "text"),
        ({"text": "a", "langauge": "HINDI"}, "langauge"),
    ],
)
def test_wrong_types_are_type_errors(
    engine: bhashatts.TtsEngine, voice: Tone, arguments: dict[str, Any], words: str
) -> None:
    for call in (engine.synthesize, engine.stream):
        with pytest.raises(TypeError, match=words) as raised:
            call(**arguments)
        assert len(str(raised.value)) < 200
    assert not voice.calls


@pytest.mark.parametrize("timeout", [math.inf, 1e300, 10**9, 30])
def test_long_timeouts_are_long(engine: bhashatts.TtsEngine, timeout: float) -> None:
    assert engine.synthesize(OTHER, timeout=timeout).duration_ms > 0


def test_numbers_of_others_are_numbers(engine: bhashatts.TtsEngine) -> None:
    numpy = pytest.importorskip("numpy")
    speech = engine.synthesize(
        OTHER, timeout=numpy.float32(30), story_id="moon", page_number=numpy.int64(3)
    )
    assert engine.story_page_url("moon", 3) == speech.url


@pytest.mark.parametrize(
    ("settings", "kind", "words"),
    [
        ({"data_dri": "x"}, Error, 'data_dri.*"?data_dir'),
        ({"workers": True}, Error, "workers"),
        ({"workers": "4"}, Error, "workers"),
        ({"workers": 1 << 70}, Error, "workers"),
        ({"aws_querystring_auth": 1}, Error, "aws_querystring_auth"),
        ({"synthesizer": "parrot"}, Error, "synthesizer"),
        ({"default_voice_style": "\ud800"}, Error, "JSON|default_voice_style"),
        ({"workers": math.nan}, ValueError, "workers must be a number that is finite"),
        ({"workers": [4]}, TypeError, "workers must be a str, a number"),
        ({"data_dir": b"/tmp"}, TypeError, "data_dir must be a str, a number, a bool or a path"),
        ({"synthesizer": 7}, TypeError, "synthesizer must be a bhashatts.Synthesizer, not int"),
        ({"synthesizer": Tone}, TypeError, "synthesizer must be"),
        ({"fallbacks": [7]}, TypeError, "each of fallbacks must be a bhashatts.Synthesizer"),
        ({"fallbacks": Tone()}, TypeError, "not iterable"),
        ({"tiers": [Tone()]}, TypeError, "each of tiers must be a bhashatts.CacheTier"),
        ({"blob_store": Tone()}, TypeError, "blob_store must be a bhashatts.BlobStore"),
        ({"event_sinks": ["a"]}, TypeError, "each of event_sinks"),
    ],
)
def test_wrong_settings_are_named(
    opened: Open, settings: dict[str, Any], kind: type[Exception], words: str
) -> None:
    with pytest.raises(kind, match=words) as raised:
        opened(**settings)
    if isinstance(raised.value, Error):
        assert raised.value.code is ErrorCode.CONFIG_INVALID


WRONG: list[tuple[str, dict[str, Any], str]] = [
    ("prewarm", {"concurrency": "4"}, "concurrency must be an int, not str"),
    ("prewarm", {"concurrency": True}, "concurrency must be an int, not bool"),
    ("prewarm", {"concurrency": 4.0}, "concurrency must be an int, not float"),
    ("prewarm", {"limit": SECRET}, "limit must be an int, not str"),
    ("prewarm", {"language": 7}, "language must be a str, not int"),
    ("prewarm", {"story_id": [SECRET]}, "story_id must be a str, not list"),
    ("prewarm", {"voice_style": b"calm"}, "voice_style must be a str, not bytes"),
    ("prewarm", {"format": None}, "format must be a str, not NoneType"),
    ("prewarm", {"dry_run": "no"}, "dry_run must be a bool, not str"),
    ("prewarm", {"stop": 1}, "stop must be a bhashatts.Stop, not int"),
    ("prewarm", {"progress": SECRET}, "progress must be callable, not str"),
    ("import_guide", {"concurrency": "4"}, "concurrency must be an int, not str"),
    ("import_guide", {"limit": SECRET}, "limit must be an int, not str"),
    ("import_guide", {"prefix": None}, "prefix must be a str, not NoneType"),
    ("import_guide", {"same_description": 1}, "same_description must be a bool, not int"),
    ("import_guide", {"read": SECRET}, "read must be callable, not str"),
    ("import_guide", {"stop": SECRET}, "stop must be a bhashatts.Stop, not str"),
    ("clear", {"all": "false"}, "all must be a bool, not str"),
    ("clear", {"language": [SECRET]}, "language must be a str, not list"),
    ("verify", {"repair": SECRET}, "repair must be a bool, not str"),
    ("story_page_url", {"story_id": SECRET, "page_number": "1"}, "page_number must be an int"),
    ("story_page_url", {"story_id": SECRET, "page_number": None}, "page_number must be an int"),
    ("story_page_url", {"story_id": [SECRET], "page_number": 1}, "story_id must be a str"),
    ("forget_text", {"text": [SECRET]}, "text must be a str"),
    ("forget_user", {"user_id": [SECRET]}, "user_id must be a str"),
    ("close", {"drain": SECRET}, "drain must be a number of seconds"),
]


def told_in_a_line(raised: BaseException, words: str) -> None:
    said = str(raised)
    assert words in said
    assert "\n" not in said
    assert "incompatible" not in said
    assert not any(word in said for word in [SECRET, *PAGE.split()] if len(word) > 2)


@pytest.mark.parametrize(("call", "arguments", "words"), WRONG)
def test_no_message_holds_what_was_given(
    engine: bhashatts.TtsEngine, tmp_path: Path, call: str, arguments: dict[str, Any], words: str
) -> None:
    first: dict[str, tuple[Any, ...]] = {"prewarm": ([STORY],), "import_guide": (tmp_path / "no",)}
    with pytest.raises(TypeError) as raised:
        getattr(engine, call)(*first.get(call, ()), **arguments)
    told_in_a_line(raised.value, words)


def test_nor_does_one_of_what_needs_no_engine() -> None:
    wrong: Any
    for wrong in (None, [SECRET], 7):
        for call, name in ((bhashatts.voices, "profile"), (bhashatts.spoken_text, "text")):
            with pytest.raises(TypeError) as raised:
                call(wrong)
            told_in_a_line(raised.value, f"{name} must be a str")
    wrong = SECRET
    for open_ in (bhashatts.settings, bhashatts.TtsEngine):
        with pytest.raises(TypeError) as raised:
            open_(environment=wrong)
        told_in_a_line(raised.value, "environment must be a bool, not str")


def test_half_a_surrogate_is_no_text(engine: bhashatts.TtsEngine) -> None:
    for call in (
        lambda: engine.prewarm([STORY], language="\ud800"),
        lambda: engine.prewarm("{" + SECRET + "\ud800"),
        lambda: engine.clear(language="\ud800"),
        lambda: engine.story_page_url("\ud800", 1),
        lambda: bhashatts.voices("\ud800"),
    ):
        error = caught(call)
        assert error.code is ErrorCode.TEXT_NOT_UTF8
        assert SECRET not in error.message


def test_numbers_out_of_range_are_bad_requests(engine: bhashatts.TtsEngine) -> None:
    for call in (
        lambda: engine.prewarm([STORY], concurrency=1 << 40),
        lambda: engine.prewarm([STORY], concurrency=-1),
        lambda: engine.prewarm([STORY], limit=-1),
        lambda: engine.prewarm([STORY], limit=1 << 70),
        lambda: engine.story_page_url("moon", 0),
        lambda: engine.story_page_url("moon", 1 << 31),
        lambda: engine.synthesize(OTHER, story_id="moon", page_number=0),
    ):
        assert caught(call).code is ErrorCode.BAD_REQUEST


def test_none_is_the_default(opened: Open) -> None:
    engine = opened(fallbacks=None, tiers=None, event_sinks=None)
    report = engine.prewarm(
        [STORY], language=None, story_id=None, limit=None, voice_style=None, dry_run=True
    )
    assert report.pages_total == 2
    assert engine.clear(language=None, dry_run=True).blobs == 0
    assert engine.story_page_url("moon", 1, voice_style=None) is None


@pytest.mark.parametrize(
    ("stories", "words"),
    [
        (STORY, "a list of mappings, not dict"),
        (json.dumps(STORY).encode(), "a list of mappings, not bytes"),
        (7, "a list of mappings, not int"),
        (None, "a list of mappings, not NoneType"),
        ([SECRET], "each of stories must be a mapping, not str"),
        ([STORY, [SECRET, PAGE]], "each of stories must be a mapping, not list"),
        ([{**STORY, "pages": {SECRET}}], "set is not JSON serializable"),
    ],
)
def test_what_cannot_be_stories_is_a_type_error(
    engine: bhashatts.TtsEngine, stories: Any, words: str
) -> None:
    with pytest.raises(TypeError) as raised:
        engine.prewarm(stories)
    told_in_a_line(raised.value, words)


def test_files_of_stories_are_paths(
    engine: bhashatts.TtsEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    file = Path("stories.jsonl")
    file.write_bytes(json.dumps(STORY).encode() + b"\r\n")
    assert engine.prewarm(file, dry_run=True).pages_total == 2
    error = caught(lambda: engine.prewarm("stories.jsonl"))
    assert error.code is ErrorCode.STORIES_INVALID
    assert "give a pathlib.Path for a file" in error.message
    file.write_bytes(json.dumps(STORY).encode() + b"\n" + SECRET.encode("utf-16"))
    error = caught(lambda: engine.prewarm(file))
    assert error.code is ErrorCode.STORIES_INVALID
    assert "line 2" in error.message
    assert error.__cause__ is None
    for missing in (Path("none.jsonl"), tmp_path):
        error = caught(functools.partial(engine.prewarm, missing))
        assert error.code is ErrorCode.NOT_FOUND
        assert isinstance(error.__cause__, OSError)


def test_stories_that_are_none_are_named(engine: bhashatts.TtsEngine, tmp_path: Path) -> None:
    error = caught(lambda: engine.prewarm('{"story_id": "a"}\n'))
    assert error.code is ErrorCode.STORIES_INVALID
    assert "1" in error.message
    assert caught(lambda: engine.prewarm("", format="aiff")).code is ErrorCode.FORMAT_UNKNOWN
    assert caught(lambda: engine.prewarm("", concurrency=-1)).code is ErrorCode.BAD_REQUEST
    assert caught(lambda: engine.prewarm("", limit=-1)).code is ErrorCode.BAD_REQUEST
    missing = caught(lambda: engine.import_guide(tmp_path / "none.jsonl"))
    assert missing.code is ErrorCode.NOT_FOUND
