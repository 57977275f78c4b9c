"""What a caller may ask for, read as the hostile JSON that it is.

The shape is the one that bhashatts, huggingface_hub and the Inference Endpoints' own toolkit agree
on: {"inputs": text or [texts], "parameters": {"description": ..., "seed": ...}}. A parameter that
we do not know is refused, not ignored: a caller whose misspelt "descripton" is dropped in silence
gets, and pays for, the wrong voice.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

# A voice description that says nothing unusual, for callers who send none.
DEFAULT_DESCRIPTION: Final = (
    "A speaker talks clearly and naturally at a moderate speed. "
    "The recording is very clear and very close-sounding, with no background noise."
)
MOST_DESCRIPTION_CHARACTERS: Final = 1_000
MOST_SEED: Final = 2**64 - 1  # what torch takes


class RequestRefused(ValueError):
    """The request cannot be carried out as it is; asking again will not help.

    The message is for the caller and repeats nothing of what was sent; `status` is the HTTP status
    that fits.
    """

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status: Final = status


@dataclass(frozen=True)
class Limits:
    """How much one request may ask for."""

    # The model was trained on at most 600 characters and stops after 30 s of speech, so anything
    # longer comes back cut: better refused than paid for.
    most_characters: int = 600
    most_utterances: int = 8


@dataclass(frozen=True)
class SpeechRequest:
    """Texts with one description each, never empty, and a seed that decides the take."""

    texts: tuple[str, ...]
    descriptions: tuple[str, ...]
    seed: int
    is_batch: bool  # the caller sent a list, and so gets one back, however short


def parse_body(body: bytes, limits: Limits) -> SpeechRequest:
    """Raises RequestRefused (400) for what is no JSON, else as parse_request."""
    try:
        data = json.loads(body)
    except RecursionError:
        raise RequestRefused(400, "The body is nested too deeply.") from None
    except ValueError:
        raise RequestRefused(400, "The body is not valid JSON in UTF-8.") from None
    return parse_request(data, limits)


def parse_request(data: object, limits: Limits) -> SpeechRequest:
    """Raises RequestRefused: 400 for a wrong shape, 422 for values that cannot be spoken."""
    if not isinstance(data, Mapping):
        raise RequestRefused(400, "The body must be a JSON object with the key `inputs`.")
    _only_known(data, {"inputs", "parameters"}, "key")
    texts, is_batch = _texts(data.get("inputs"), limits)
    parameters = data.get("parameters")
    if parameters is None:
        parameters = {}
    if not isinstance(parameters, Mapping):
        raise RequestRefused(400, "`parameters` must be an object.")
    _only_known(parameters, {"description", "seed"}, "parameter")
    descriptions = _descriptions(parameters.get("description"), len(texts))
    return SpeechRequest(texts, descriptions, _seed(parameters.get("seed")), is_batch)


def _only_known(data: Mapping[object, object], known: set[str], what: str) -> None:
    if any(name not in known for name in data):
        names = ", ".join(f"`{name}`" for name in sorted(known))
        raise RequestRefused(422, f"There is a {what} that is not known here; known are {names}.")


def _texts(inputs: object, limits: Limits) -> tuple[tuple[str, ...], bool]:
    if inputs is None:
        raise RequestRefused(400, "The body must have `inputs`: a text or a list of texts.")
    if isinstance(inputs, str):
        return (_text(inputs, limits.most_characters, "`inputs`"),), False
    if not isinstance(inputs, list):
        raise RequestRefused(400, "`inputs` must be a text or a list of texts.")
    if not 1 <= len(inputs) <= limits.most_utterances:
        raise RequestRefused(422, f"A batch holds 1 to {limits.most_utterances} texts.")
    return tuple(
        _text(text, limits.most_characters, f"`inputs[{at}]`") for at, text in enumerate(inputs)
    ), True


def _text(value: object, most: int, name: str) -> str:
    if not isinstance(value, str):
        raise RequestRefused(400, f"{name} must be a text.")
    if not value.strip():
        raise RequestRefused(422, f"{name} is empty.")
    if len(value) > most:
        raise RequestRefused(422, f"{name} has more than {most} characters; split it.")
    try:
        value.encode("utf-8")  # "\ud800" is valid JSON and no text
    except UnicodeEncodeError:
        raise RequestRefused(422, f"{name} holds half of a surrogate pair.") from None
    return value


def _descriptions(value: object, count: int) -> tuple[str, ...]:
    if value is None or isinstance(value, str):
        value = [DEFAULT_DESCRIPTION if value is None else value] * count
    if not isinstance(value, list):
        raise RequestRefused(400, "`description` must be a text or a list of texts.")
    if len(value) != count:
        raise RequestRefused(422, "`description` must be one text, or one for each of `inputs`.")
    return tuple(_text(text, MOST_DESCRIPTION_CHARACTERS, "`description`") for text in value)


def _seed(value: object) -> int:
    """A request without a seed gets one of its own: two such calls are two takes."""
    if value is None:
        return secrets.randbelow(MOST_SEED + 1)
    if isinstance(value, bool) or not isinstance(value, int):
        raise RequestRefused(400, "`seed` must be a whole number.")
    if not 0 <= value <= MOST_SEED:
        raise RequestRefused(422, f"`seed` must be from 0 to {MOST_SEED}.")
    return value
