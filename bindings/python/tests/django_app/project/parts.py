"""The voice of the tests, in the place of a real one."""

from __future__ import annotations

from typing import Any

from tones import Tone

voice = Tone()


def parts() -> dict[str, Any]:
    """For BHASHATTS['PARTS']."""
    return {"synthesizer": voice}
