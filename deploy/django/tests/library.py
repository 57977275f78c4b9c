"""Stories of the tests: short ones, whose pages are made in a blink."""

from __future__ import annotations

import json
from pathlib import Path

STORIES = (
    {
        "story_id": "6f1f7ad0-5d3b-4f2e-9d3a-2a61d3a5b001",
        "title": "मेंढक और बारिश",
        "language": "HINDI",
        "pages": [
            "मेंढक ने आकाश को देखा। बादल काले थे।",
            "पहली बूँद उसकी नाक पर गिरी।",
            "मेंढक हँसा और तालाब में कूद गया।",
        ],
    },
    {
        "story_id": "6f1f7ad0-5d3b-4f2e-9d3a-2a61d3a5b002",
        "title": "पतंग",
        "language": "HINDI",
        "pages": ["छत पर हवा तेज़ थी। राधा ने डोर पकड़ी। पतंग गुनगुनाई।"],
    },
    {
        "story_id": "6f1f7ad0-5d3b-4f2e-9d3a-2a61d3a5b003",
        "title": "दीया",
        "language": "HINDI",
        "pages": ["शाम को बिजली चली गई। दादी ने दीया जलाया। दीवार पर परछाइयाँ नाचीं।"],
    },
)


def write(path: Path) -> Path:
    """As a stories file."""
    lines = [json.dumps(story, ensure_ascii=False) for story in STORIES]
    path.write_text("\n".join(lines), "utf-8")
    return path


def page(story: int, number: int) -> tuple[str, str]:
    """The path of a page's audio, and its text."""
    told = STORIES[story]
    path = f"/api/v1/speech/stories/{told['story_id']}/pages/{number}/audio/"
    return path, told["pages"][number - 1]
