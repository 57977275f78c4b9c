"""How the weights are called, told by stand-ins for torch, transformers and parler_tts.

They check the calls that our file makes, not the libraries: README.md says what was run on what.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pytest

from parler_voice.model import DEFAULT_MODEL, ModelSettings, ParlerVoice
from parler_voice.wav import NoSpeech


class Tensor:
    """As much of torch's as is used: rows of numbers on a device."""

    def __init__(self, rows: Any) -> None:
        self.rows = np.asarray(rows)

    def __iter__(self) -> Iterator[Tensor]:
        return iter([Tensor(row) for row in self.rows])

    def __getitem__(self, index: slice) -> Tensor:
        return Tensor(self.rows[index])

    def to(self, device: str) -> Tensor:
        assert device == "cpu"
        return self

    def float(self) -> Tensor:
        return Tensor(self.rows.astype(np.float32))

    def numpy(self) -> Any:
        return self.rows


class Tokenizer:
    def __init__(self, name: str, options: dict[str, str]) -> None:
        self.name, self.options = name, options

    def __call__(self, texts: list[str], *, return_tensors: str, padding: bool) -> Any:
        assert (return_tensors, padding) == ("pt", True)
        tokens = SimpleNamespace(input_ids=(self.name, texts), attention_mask=(self.name, "mask"))
        tokens.to = lambda device: tokens if device == "cpu" else None
        return tokens


class Weights:
    """Answers two texts with four and two samples, padded to the same length."""

    def __init__(self, calls: dict[str, Any]) -> None:
        text_encoder = SimpleNamespace(_name_or_path="google/flan-t5-large")
        self.config = SimpleNamespace(
            text_encoder=text_encoder, sampling_rate=44_100, _commit_hash="c0ffee"
        )
        self.calls = calls
        self.lengths = [4, 2]

    def to(self, device: str) -> Weights:
        self.calls["device"] = device
        return self

    def eval(self) -> None:
        self.calls["eval"] = True

    def generate(self, **arguments: Any) -> Any:
        self.calls["generate"] = arguments
        rows = [[0.1, 0.2, 0.3, 0.4], [0.5, 0.6, 0.0, 0.0]]
        return SimpleNamespace(sequences=Tensor(rows), audios_length=self.lengths)


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    seen: dict[str, Any] = {"tokenizers": []}
    weights = Weights(seen)
    seen["weights"] = weights

    def from_pretrained(name: str, **options: Any) -> Weights:
        seen["model"] = (name, options)
        return weights

    def tokenizer(name: str, **options: str) -> Tokenizer:
        seen["tokenizers"].append(Tokenizer(name, options))
        return seen["tokenizers"][-1]  # type: ignore[no-any-return]

    @contextmanager
    def inference_mode() -> Iterator[None]:
        seen["inference_mode"] = True
        yield

    def module(name: str, **members: Any) -> None:
        made = ModuleType(name)
        made.__dict__.update(members)
        monkeypatch.setitem(sys.modules, name, made)

    module(
        "torch",
        cuda=SimpleNamespace(is_available=lambda: False),
        float32="float32",
        inference_mode=inference_mode,
        manual_seed=lambda seed: seen.update(seed=seed),
    )
    pretrained = SimpleNamespace(from_pretrained=from_pretrained)
    module("parler_tts", ParlerTTSForConditionalGeneration=pretrained)
    module("transformers", AutoTokenizer=SimpleNamespace(from_pretrained=tokenizer))
    return seen


def test_loads_the_revision_asked_for(calls: dict[str, Any]) -> None:
    voice = ParlerVoice(ModelSettings(revision="abc"))
    assert calls["model"] == (DEFAULT_MODEL, {"revision": "abc", "torch_dtype": "float32"})
    assert (calls["device"], calls["eval"]) == ("cpu", True)
    assert (voice.name, voice.revision, voice.sampling_rate) == (DEFAULT_MODEL, "c0ffee", 44_100)


def test_texts_and_descriptions_have_a_tokenizer_each(calls: dict[str, Any]) -> None:
    ParlerVoice(ModelSettings()).speak(["a", "b"], ["x", "y"], 1)
    prompts, captions = calls["tokenizers"]
    assert (prompts.name, captions.name) == (DEFAULT_MODEL, "google/flan-t5-large")
    assert prompts.options["padding_side"] == "left"
    arguments = calls["generate"]
    assert arguments["prompt_input_ids"] == (DEFAULT_MODEL, ["a", "b"])
    assert arguments["prompt_attention_mask"] == (DEFAULT_MODEL, "mask")
    assert arguments["input_ids"] == ("google/flan-t5-large", ["x", "y"])
    assert arguments["attention_mask"] == ("google/flan-t5-large", "mask")


def test_samples_with_the_seed_given(calls: dict[str, Any]) -> None:
    ParlerVoice(ModelSettings()).speak(["a", "b"], ["x", "y"], 2**64 - 1)
    assert calls["seed"] == 2**64 - 1
    assert calls["generate"]["do_sample"] is True
    assert calls["inference_mode"] is True


def test_padding_is_cut_off_each(calls: dict[str, Any]) -> None:
    assert calls["weights"].lengths == [4, 2]
    made = ParlerVoice(ModelSettings()).speak(["a", "b"], ["x", "y"], 1)
    assert [len(samples) for samples in made] == [4, 2]
    assert made[1].tolist() == pytest.approx([0.5, 0.6])


def test_a_text_without_a_frame_of_audio_is_no_speech(calls: dict[str, Any]) -> None:
    calls["weights"].lengths = [4, 1]
    with pytest.raises(NoSpeech):
        ParlerVoice(ModelSettings()).speak(["a", "b"], ["x", "y"], 1)


def test_only_known_precisions(calls: dict[str, Any]) -> None:
    assert "model" not in calls
    with pytest.raises(ValueError, match="PARLER_DTYPE"):
        ParlerVoice(ModelSettings(dtype="float16"))
