"""What the tests of the admin do in it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from conftest import PAGES, Configure, mirrored
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from library.models import Story, User
from tones import PAGE

from bhashatts.django.engine import engine
from bhashatts.django.models import AudioCache


def browser_of(who: User) -> Client:
    made = Client(enforce_csrf_checks=False)
    made.force_login(who)
    return made


def staff(*permissions: str) -> User:
    """Somebody of the staff, who may this and that."""
    made: User = User.objects.create_user("lata", password="secret", is_staff=True)
    made.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    return made


def url(row: Any, view: str = "change") -> str:
    return reverse(f"admin:bhashatts_{row._meta.model_name}_{view}", args=[row.pk])


def list_url(model: str, view: str = "changelist") -> str:
    return reverse(f"admin:bhashatts_{model}_{view}")


def kept(text: str = PAGE, style: str = "storyteller", **more: Any) -> AudioCache:
    """A speech that was made, and its row."""
    speech = engine().synthesize(text, "HINDI", style, **more)
    mirrored()
    return AudioCache.objects.get(cache_key=speech.cache_key)


def page_of(story: Story, number: int = 1, style: str = "storyteller") -> AudioCache:
    return kept(PAGES[number - 1], style, story_id=str(story.pk), page_number=number)


def break_the_engine(configure: Configure, tmp_path: Path) -> None:
    """Its directory cannot be one."""
    (tmp_path / "file").write_text("in the way")
    configure(engine={"data_dir": str(tmp_path / "file" / "data")})


def messages(response: Any) -> str:
    return " ".join(str(message) for message in response.context["messages"])


def act(browser: Client, model: str, action: str, *rows: Any, **more: str) -> Any:
    data = {"action": action, "_selected_action": [row.pk for row in rows], "index": "0", **more}
    return browser.post(list_url(model), data, follow=True)
