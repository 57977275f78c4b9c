"""Custom handler of a Hugging Face Inference Endpoint for Indic Parler-TTS.

The endpoint's toolkit finds this file by its name in the repository, calls the class below, one
request at a time, with the parsed JSON, and answers with what it returns as JSON. It cannot return
audio as audio (asked for that it fails), hence the base64; and whatever is raised becomes a 400
with the exception's words, which therefore repeat nothing of the request.
"""

from __future__ import annotations

import logging

from parler_voice import model
from parler_voice.request import Limits, RequestRefused, parse_request
from parler_voice.speaking import speak, to_json
from parler_voice.wav import NoSpeech

log = logging.getLogger("parler_voice")


class EndpointHandler:
    """Loads the voice once; each call speaks one request."""

    def __init__(self, path: str = "") -> None:
        """`path`: the folder that the repository was cloned to."""
        self._voice = model.load(model.settings_for_folder(path))
        self._limits = Limits()

    def __call__(self, data: dict[str, object]) -> dict[str, object]:
        """{"audio": base64 of a WAV, or a list of them, "sampling_rate", "compute_seconds"}.

        Raises RequestRefused for what the caller got wrong, RuntimeError for what we did.
        """
        request = parse_request(data, self._limits)
        try:
            spoken = speak(self._voice, request)
        except (RequestRefused, NoSpeech):
            raise
        except Exception as error:
            # Its words may hold the text; its kind does not.
            log.error("generation failed: %s", type(error).__name__)
            raise RuntimeError("generation failed; try again") from None
        return to_json(spoken, request)
