"""The weights, behind a protocol: the one file that knows torch, transformers and parler_tts.

They are imported when load() is called and not before, so that everything else here runs, and is
tested, on a machine that has none of them.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol

import numpy as np

from parler_voice.wav import NoSpeech, Waveform

DEFAULT_MODEL: Final = "ai4bharat/indic-parler-tts"


class Voice(Protocol):
    """Turns texts into samples. Used by one thread at a time, not always the same one."""

    @property
    def name(self) -> str:
        """The model's id, for people."""

    @property
    def revision(self) -> str:
        """The commit of the weights; empty where it is not known."""

    @property
    def sampling_rate(self) -> int:
        """Of everything that speak() returns, in Hz."""

    def speak(self, texts: Sequence[str], descriptions: Sequence[str], seed: int) -> list[Waveform]:
        """One waveform a text, without padding. The same batch and seed give the same audio; a text
        may sound otherwise in another batch, for all of a batch draw from one generator.
        """


@dataclass(frozen=True)
class ModelSettings:
    """Which weights, and how they are run."""

    name: str = DEFAULT_MODEL  # an id of the Hub, or a folder
    revision: str = "main"  # name a commit: an identity should not change under its keys
    device: str = ""  # "cuda", "cuda:1", "cpu"; empty: cuda where there is one
    dtype: str = "float32"  # bfloat16 halves the memory; half precision is said to hurt the voice

    @staticmethod
    def of(environment: Mapping[str, str]) -> ModelSettings:
        return ModelSettings(
            name=environment.get("PARLER_MODEL") or DEFAULT_MODEL,
            revision=environment.get("PARLER_REVISION") or "main",
            device=environment.get("PARLER_DEVICE", ""),
            dtype=environment.get("PARLER_DTYPE") or "float32",
        )


def load(settings: ModelSettings) -> Voice:
    """Fetches what the cache lacks (HF_TOKEN: the model is gated) and moves it to the device."""
    return ParlerVoice(settings)


def settings_for_folder(path: str) -> ModelSettings:
    """An Inference Endpoint hands its handler a clone of the repository: with the weights in it
    those are used, and else (a repository that holds only the handler) those of PARLER_MODEL.
    """
    settings = ModelSettings.of(os.environ)
    if path and (Path(path) / "config.json").is_file():
        return ModelSettings(path, settings.revision, settings.device, settings.dtype)
    return settings


class ParlerVoice:
    """Parler-TTS by its own library. Sampling is on: greedy decoding gives noise."""

    def __init__(self, settings: ModelSettings) -> None:
        import torch
        from parler_tts import ParlerTTSForConditionalGeneration

        self._torch: Any = torch
        self._device = settings.device or ("cuda" if torch.cuda.is_available() else "cpu")
        self._model: Any = ParlerTTSForConditionalGeneration.from_pretrained(
            settings.name, revision=settings.revision, torch_dtype=_dtype(torch, settings.dtype)
        ).to(self._device)
        self._model.eval()
        self._settings = settings
        self._prompts, self._captions = _tokenizers(self._model.config, settings)

    @property
    def name(self) -> str:
        return self._settings.name

    @property
    def revision(self) -> str:
        return str(getattr(self._model.config, "_commit_hash", None) or "")

    @property
    def sampling_rate(self) -> int:
        return int(self._model.config.sampling_rate)

    def speak(self, texts: Sequence[str], descriptions: Sequence[str], seed: int) -> list[Waveform]:
        captions = self._tokens(self._captions, descriptions)
        prompts = self._tokens(self._prompts, texts)
        self._torch.manual_seed(seed)  # of all devices
        with self._torch.inference_mode():
            made = self._model.generate(
                input_ids=captions.input_ids,
                attention_mask=captions.attention_mask,
                prompt_input_ids=prompts.input_ids,
                prompt_attention_mask=prompts.attention_mask,
                do_sample=True,
                return_dict_in_generate=True,
            )
        return [
            _samples(row, length)
            for row, length in zip(made.sequences, made.audios_length, strict=True)
        ]

    def _tokens(self, tokenizer: Any, texts: Sequence[str]) -> Any:
        return tokenizer(list(texts), return_tensors="pt", padding=True).to(self._device)


def _dtype(torch: Any, name: str) -> Any:
    if name not in ("float32", "bfloat16"):
        raise ValueError("PARLER_DTYPE must be float32 or bfloat16")
    return getattr(torch, name)


def _tokenizers(config: Any, settings: ModelSettings) -> tuple[Any, Any]:
    """The texts' and the descriptions'. They differ: one tokenizer for both, as servers of the
    English models have it, makes a caption of Indic Parler-TTS into other words. Texts are padded
    on the left, so that in a batch each ends where its speech begins.
    """
    from transformers import AutoTokenizer

    prompts = AutoTokenizer.from_pretrained(
        settings.name, revision=settings.revision, padding_side="left"
    )
    captions = AutoTokenizer.from_pretrained(config.text_encoder._name_or_path)
    return prompts, captions


def _samples(row: Any, length: int) -> Waveform:
    """What the model made of one text, without what pads it to the longest of its batch."""
    samples: Waveform = row[:length].to("cpu").float().numpy().astype(np.float32, copy=False)
    if samples.size <= 1:  # parler_tts's way to say that no frame of it was audio
        raise NoSpeech("the model made no audio for one of the texts")
    return samples
