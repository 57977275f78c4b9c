"""A Gradio app like AI4Bharat's Space: the same function, MP3 out, a queue; espeak-ng inside."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import gradio

from recording import record
from spoken import ESPEAK_RATE, Samples, samples_of, wav_of

# The Space's words when an account's share of its GPUs is used up.
QUOTA = "You have exceeded your GPU quota (60s requested vs. 12s left). Try again in 0:05:11"


def generate_finetuned(text: str, description: str) -> tuple[int, Samples]:
    record(text=text, description=description)
    return ESPEAK_RATE, samples_of(text)


def generate_wav(text: str, description: str) -> str:
    record(text=text, description=description)
    path = Path(tempfile.mkdtemp()) / "speech.wav"
    path.write_bytes(wav_of(text))
    return str(path)


def generate_over_quota(text: str, description: str) -> str:
    record(text=text, description=description)
    raise gradio.Error(QUOTA)


def generate_broken(text: str, description: str) -> str:
    record(text=text, description=description)
    raise ValueError("a fault of the app's own")


def make_app() -> gradio.Blocks:
    with gradio.Blocks(analytics_enabled=False) as app:
        boxes = [gradio.Textbox(label="text"), gradio.Textbox(label="description")]
        mp3 = gradio.Audio(format="mp3")
        wav = gradio.Audio()
        for function, audio in [
            (generate_finetuned, mp3),
            (generate_wav, wav),
            (generate_over_quota, wav),
            (generate_broken, wav),
        ]:
            gradio.Button(function.__name__).click(
                function, boxes, audio, api_name=function.__name__
            )
    return app


if __name__ == "__main__":
    make_app().queue().launch(
        server_name="127.0.0.1", server_port=int(os.environ["PORT"]), quiet=True, ssr_mode=False
    )
