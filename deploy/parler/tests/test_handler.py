"""The handler, loaded and called as the endpoints' toolkit does it."""

from __future__ import annotations

import base64
import importlib.util
import io
import json
import sys
import wave
from pathlib import Path
from typing import Any

import pytest
from fake_voice import RATE, SAMPLES_A_CHARACTER, FakeVoice

from parler_voice import model

PARLER = Path(__file__).parent.parent


@pytest.fixture
def voice(monkeypatch: pytest.MonkeyPatch) -> FakeVoice:
    fake = FakeVoice()
    monkeypatch.setattr(model, "load", lambda _: fake)
    return fake


@pytest.fixture
def handler(voice: FakeVoice, monkeypatch: pytest.MonkeyPatch) -> Any:
    """By file, under a name of the toolkit's own, with the folder put first in sys.path."""
    assert voice.asked == []
    monkeypatch.syspath_prepend(str(PARLER))
    spec = importlib.util.spec_from_file_location("handler.EndpointHandler", PARLER / "handler.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "handler.EndpointHandler", module)
    spec.loader.exec_module(module)
    return module.EndpointHandler(str(PARLER))


def length_of(audio: str) -> int:
    with wave.open(io.BytesIO(base64.b64decode(audio, validate=True))) as file:
        assert file.getframerate() == RATE
        return int(file.getnframes())


def test_a_text_becomes_base64_of_a_wav(handler: Any, voice: FakeVoice) -> None:
    made = json.loads(json.dumps(handler({"inputs": "कहानी", "parameters": {"seed": 3}})))
    assert set(made) == {"audio", "sampling_rate", "compute_seconds"}
    assert made["sampling_rate"] == RATE
    assert length_of(made["audio"]) == len("कहानी") * SAMPLES_A_CHARACTER
    assert voice.asked[0][2] == 3


def test_a_batch_becomes_a_list_each_of_its_own_length(handler: Any, voice: FakeVoice) -> None:
    made = handler({"inputs": ["a", "abc"], "parameters": {"description": "Divya."}})
    assert [length_of(audio) for audio in made["audio"]] == [441, 1323]
    assert voice.asked == [(("a", "abc"), ("Divya.", "Divya."), voice.asked[0][2])]


def test_the_same_seed_gives_the_same_bytes(handler: Any) -> None:
    again = [handler({"inputs": "a", "parameters": {"seed": seed}})["audio"] for seed in (1, 1, 2)]
    assert again[0] == again[1] != again[2]


def test_what_the_caller_got_wrong_is_raised_in_words_for_it(handler: Any) -> None:
    with pytest.raises(ValueError, match="`inputs`"):
        handler({"inputs": ""})


def test_what_we_got_wrong_repeats_nothing(handler: Any, caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(RuntimeError, match="try again") as failed:
        handler({"inputs": "fail"})
    assert failed.value.__cause__ is None
    assert "secret" not in str(failed.value) + caplog.text
    assert "ValueError" in caplog.text


def test_no_audio_is_a_failure_not_an_empty_answer(handler: Any) -> None:
    with pytest.raises(RuntimeError, match="no playable audio"):
        handler({"inputs": "silence"})


def test_weights_beside_the_handler_are_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PARLER_MODEL", "somebody/model")
    assert model.settings_for_folder(str(tmp_path)).name == "somebody/model"
    (tmp_path / "config.json").write_text("{}")
    assert model.settings_for_folder(str(tmp_path)).name == str(tmp_path)
