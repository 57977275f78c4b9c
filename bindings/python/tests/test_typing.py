"""What tools and people see of the module: types, signatures, help."""

from __future__ import annotations

import importlib.util
import inspect
import pydoc
import subprocess
import sys
from pathlib import Path

import pytest

import bhashatts

OWN = [bhashatts.TtsEngine, bhashatts.Speech, bhashatts.Audio, bhashatts.Stop, bhashatts.Error]

# On 3.9 stubtest takes names that only type checkers see for names of the module.
needs_stubtest = pytest.mark.skipif(
    sys.version_info < (3, 10), reason="mypy's stubtest is wrong on Python 3.9"
)
needs_mypy = pytest.mark.skipif(
    importlib.util.find_spec("mypy") is None, reason="mypy is not installed"
)


def run(*arguments: str, place: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", *arguments], capture_output=True, text=True, cwd=place, check=False
    )


@needs_mypy
@needs_stubtest
def test_the_stubs_are_those_of_the_module(tmp_path: Path) -> None:
    pytest.importorskip("prometheus_client")
    told = run("mypy.stubtest", "bhashatts._core", "--ignore-disjoint-bases", place=tmp_path)
    assert told.returncode == 0, told.stdout + told.stderr


@needs_mypy
def test_mypy_finds_nothing_in_the_package_and_its_use(tmp_path: Path) -> None:
    pytest.importorskip("prometheus_client")
    use = tmp_path / "use.py"
    use.write_text(USE)
    (tmp_path / "mypy.ini").write_text(SETTINGS)
    told = run("mypy", "--cache-dir", str(tmp_path / "c"), "-p", "bhashatts", place=tmp_path)
    assert told.returncode == 0, told.stdout
    told = run("mypy", "--cache-dir", str(tmp_path / "c"), str(use), place=tmp_path)
    assert told.returncode == 0, told.stdout


# The Django app is checked where the tree is linted: Django has no types of its own.
SETTINGS = """
[mypy]
strict = True
[mypy-django.*,rest_framework.*,drf_spectacular.*,celery.*,asgiref.*]
ignore_missing_imports = True
[mypy-bhashatts.django.*]
ignore_errors = True
"""

# What a typed host writes.
USE = """
import array
import asyncio
import hashlib
import io
import pathlib
import wave
from typing import Optional

import bhashatts


class Voice(bhashatts.Synthesizer):
    def identity(self) -> str:
        return "own/voice@1"

    def synthesize(self, request: bhashatts.SynthesisRequest) -> bytes:
        return request.text.encode()


class Samples(bhashatts.Synthesizer):
    def identity(self) -> str:
        return "own/samples@1"

    def synthesize(self, request: bhashatts.SynthesisRequest) -> "array.array[int]":
        return array.array("B")


class Lasting(bhashatts.TtsEngine):
    last: Optional[bhashatts.Speech] = None


def url(engine: bhashatts.TtsEngine) -> Optional[str]:
    speech = engine.synthesize("a", story_id="moon", page_number=1, timeout=3)
    digest = hashlib.sha256(speech.audio)
    digest.update(speech.audio[10:20])
    first: int = speech.audio[0]
    whole = bytes(speech.audio) + bytes(memoryview(speech.audio)) + bytes([first])
    pathlib.Path("x").write_bytes(whole)
    with wave.open(io.BytesIO(speech.audio)) as reader:
        print(reader.getframerate())
    word: bhashatts.Timing = speech.timings.words[0]
    begin: int = word.text.begin
    print(begin, engine.stats().tiers[0].hits)
    return speech.url


async def pages(engine: bhashatts.TtsEngine) -> int:
    speech = await engine.synthesize_async("a")
    async for utterance in engine.stream("a"):
        await asyncio.sleep(utterance.pause_after_ms / 1000)
    return len(speech.audio)


def prewarm(stop: bhashatts.Stop) -> bhashatts.PrewarmReport:
    with Lasting(fallbacks=None) as lasting:
        print(lasting.last)
    with bhashatts.TtsEngine(synthesizer=Voice(), workers=4, data_dir=pathlib.Path("x")) as engine:
        return engine.prewarm(
            [{"story_id": "s", "title": "t", "language": "HINDI", "pages": ["a"]}],
            progress=lambda at: print(at.pages_done),
            stop=stop,
        )
"""


@pytest.mark.parametrize("kind", OWN, ids=lambda kind: kind.__name__)
def test_all_that_is_public_says_what_it_is(kind: type) -> None:
    assert inspect.getdoc(kind)
    for name, member in inspect.getmembers(kind):
        if name.startswith("_") or name in {"args", "add_note", "with_traceback"}:
            continue
        if isinstance(member, property) or callable(member):
            assert inspect.getdoc(member), name
        if callable(member):
            assert inspect.signature(member), name


def test_every_name_that_is_offered_is_there_and_documented() -> None:
    for name in bhashatts.__all__:
        member = getattr(bhashatts, name)
        assert name.startswith("__") or inspect.getdoc(member), name
    assert set(bhashatts.__all__) <= set(dir(bhashatts))
    assert bhashatts.__all__ == sorted(bhashatts.__all__)


def test_signatures_show_names_and_defaults(engine: bhashatts.TtsEngine) -> None:
    asked = inspect.signature(engine.synthesize)
    assert list(asked.parameters)[:4] == ["text", "language", "voice_style", "format"]
    assert asked.parameters["language"].default == "HINDI"
    assert asked.parameters["timeout"].annotation == "float | None"
    for other in (engine.synthesize_async, engine.stream):
        assert inspect.signature(other).parameters == asked.parameters
    without = dict(asked.parameters)
    del without["timeout"]
    assert dict(inspect.signature(engine.lookup).parameters) == without
    assert str(inspect.signature(bhashatts.Audio.seek)) == "(self, offset, whence=0)"
    audio = engine.synthesize("नमस्ते").audio
    assert str(inspect.signature(audio.read)) == "(size=None)"


def test_help_is_for_people() -> None:
    shown = pydoc.plain(pydoc.render_doc(bhashatts.TtsEngine.synthesize))
    assert "timeout: seconds that this caller" in shown
    for kind in OWN:
        shown = pydoc.plain(pydoc.render_doc(kind))
        assert "bhashatts._core.PyEngine" not in shown
        assert "std::" not in shown
        assert "pybind11_detail" not in shown


def test_completion_offers_no_innards(engine: bhashatts.TtsEngine) -> None:
    offered = {name for name in dir(engine) if not name.startswith("_")}
    assert offered == {
        "clear", "close", "flush", "forget_text", "forget_user", "import_guide", "lookup",
        "prewarm", "reject", "settings", "stats", "status", "story_page_url", "stream",
        "synthesize", "synthesize_async", "verify",
    }  # fmt: skip


def test_an_engine_shows_where_it_is(engine: bhashatts.TtsEngine) -> None:
    assert repr(engine) == f"<bhashatts.TtsEngine auto in {engine.settings['data_dir']!r}>"
    engine.close()
    assert "TtsEngine" in repr(engine)
