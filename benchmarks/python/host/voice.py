"""What spoke the pages: 16 bits at 40 kHz make a page of 153 characters 1 MB."""

from __future__ import annotations

from typing import Any

from pages import Buzzer


def parts() -> dict[str, Any]:
    """For BHASHATTS['PARTS']."""
    return {"synthesizer": Buzzer(40000)}
