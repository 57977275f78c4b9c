"""What can be told without an engine: what is spoken, by which voices, and what is set."""

from __future__ import annotations

import json
from typing import Any

from bhashatts import _arguments, _core


def spoken_text(text: str) -> str:
    """The form of a text that is limited, hashed and spoken; a fixed point.

    Raises Error: TEXT_EMPTY, TEXT_TOO_LONG, TEXT_NOT_UTF8, TEXT_CONTROL.
    """
    return _core.spoken_text(text)


def voices(profile: str = "roster") -> dict[str, Any]:
    """Languages, styles and descriptions of a voice profile, as `bhashatts voices --json`.

    Raises Error CONFIG_INVALID for a profile that there is not.
    """
    name = _arguments.required_text(profile, "profile")
    listed: dict[str, Any] = json.loads(_core.voices_json(name))
    return listed


def settings(environment: bool = True) -> dict[str, Any]:
    """What an engine would take: of the environment, or the defaults alone. Secrets as "***".

    Raises Error CONFIG_INVALID, which names the variable.
    """
    held: dict[str, Any] = json.loads(
        _core.settings_json(_arguments.flag_of(environment, "environment"))
    )
    return held
