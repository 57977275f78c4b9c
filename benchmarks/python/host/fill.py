"""Makes tables, listeners and a story, has each page made, and tells of them: fill.py, with the
environment of a host. JSON: sha256 and bytes of each page.
"""

from __future__ import annotations

import hashlib
import json
import os

import django

STORY = "6f1f7ad0-5d3b-4f2e-9d3a-2a61d3a5b001"
LISTENERS = 5000


def rows() -> None:
    """Of the host."""
    from django.core.management import call_command
    from library.models import Story, StoryPage, User
    from pages import PAGES

    call_command("migrate", verbosity=0, run_syncdb=True)
    if Story.objects.exists():
        return
    User.objects.bulk_create(User(pk=n, username=f"listener-{n}") for n in range(1, LISTENERS + 1))
    story = Story.objects.create(id=STORY, title="चीकू और चाँद", language="HINDI")
    StoryPage.objects.bulk_create(
        StoryPage(story=story, page_number=number, text_content=text)
        for number, text in enumerate(PAGES, 1)
    )


def audio() -> dict[str, bytes]:
    """Of all pages, made where it was not."""
    from bhashatts.django.engine import close_engine, engine
    from pages import PAGES

    made = {
        text: bytes(engine().synthesize(text, story_id=STORY, page_number=number).audio)
        for number, text in enumerate(PAGES, 1)
    }
    close_engine()
    return made


def into_service(made: dict[str, bytes]) -> None:
    """What its misses would have left."""
    import guide
    from django.core.files.base import ContentFile
    from django.core.files.storage import default_storage

    from host.service.views import StoryPageAudio, stored_name

    StoryPageAudio.service.refill(made)
    for text, one in made.items():
        name = stored_name(guide.key_of(text))
        if not default_storage.exists(name):
            default_storage.save(name, ContentFile(one))


def main() -> None:
    django.setup()
    rows()
    made = audio()
    if os.environ["BENCH_VIEW"] == "service":
        into_service(made)
    told = [{"sha256": hashlib.sha256(one).hexdigest(), "size": len(one)} for one in made.values()]
    print(json.dumps(told))


if __name__ == "__main__":
    main()
