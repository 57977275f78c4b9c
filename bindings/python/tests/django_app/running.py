"""Commands of manage.py: in this process, and in one of their own, on SQLite in a directory."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

HERE = Path(__file__).parent
STORY = "6f1f7ad0-5d3b-4f2e-9d3a-2a61d3a5b001"
TEXTS = ("एक था राजा।", "उसकी तीन बेटियाँ थीं।", "सब खुश थे।")
_SETTINGS = ("BHASHATTS_", "TTS_", "AUDIO_", "HUGGINGFACE_", "AWS_", "REDIS_URL")


def run(command: str, *arguments: str, **options: Any) -> str:
    """Here; what it says."""
    out = io.StringIO()
    call_command(command, *arguments, stdout=out, stderr=io.StringIO(), **options)
    return out.getvalue()


def refused(command: str, *arguments: str, **options: Any) -> tuple[CommandError, str]:
    """Here; how it ends when it does not end well, and what it said before."""
    out = io.StringIO()
    with pytest.raises(CommandError) as raised:
        call_command(command, *arguments, stdout=out, stderr=io.StringIO(), **options)
    return raised.value, out.getvalue()


def told(command: str, *arguments: str) -> dict[str, Any]:
    """Here, with --json; the object."""
    members: dict[str, Any] = json.loads(run(command, *arguments, "--json"))
    return members


def environment(place: Path, **more: str) -> dict[str, str]:
    """Of a process of its own, which shares no Redis nor bucket with this one."""
    ours = {name: it for name, it in os.environ.items() if not name.startswith(_SETTINGS)}
    return {
        **ours,
        "DJANGO_SETTINGS_MODULE": "project.settings_embedded",
        "TEST_DJANGO_PLACE": str(place),
        "PYTHONPATH": os.pathsep.join([str(HERE), str(HERE.parent), *filter(None, sys.path)]),
        "PYTHONDONTWRITEBYTECODE": "1",
        "TERM": "xterm",
        **more,
    }


def manage(place: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[bytes]:
    """In a process of its own; more: environment."""
    return subprocess.run(
        [sys.executable, "-W", "error", str(HERE / "manage.py"), *arguments],
        env=environment(place, **more),
        cwd=HERE,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        timeout=120,
    )


def terminal() -> tuple[int, int]:
    """Our end and a program's. Skips the test where the machine has no pseudo-terminals."""
    try:
        return os.openpty()
    except OSError as reason:
        pytest.skip(f"no pseudo-terminal can be had: {reason}")


def prepare(place: Path, texts: Sequence[str] = TEXTS, **more: str) -> None:
    """Tables, and a story of these pages."""
    place.mkdir(exist_ok=True)
    migrated = manage(place, "migrate", "-v0", **more)
    assert migrated.returncode == 0, migrated.stderr
    rows: list[dict[str, object]] = [
        {"model": "library.story", "pk": STORY, "fields": {"title": "चीकू", "language": "HINDI"}}
    ]
    for number, text in enumerate(texts, 1):
        fields = {"story": STORY, "page_number": number, "text_content": text}
        rows.append({"model": "library.storypage", "pk": number, "fields": fields})
    path = place / "stories.json"
    path.write_text(json.dumps(rows), "utf-8")
    loaded = manage(place, "loaddata", str(path), **more)
    assert loaded.returncode == 0, loaded.stderr
