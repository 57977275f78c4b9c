"""Who may see what, and what the pages hold."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client

from conftest import STORIES
from reader.models import Language, Profile, Story
from reader.phrases import phrases

pytestmark = pytest.mark.django_db


@pytest.fixture
def story() -> Story:
    """The first of the shelf."""
    call_command("load_stories", STORIES)
    made: Story = Story.objects.get(title="चाँद को नींद नहीं आई")
    return made


@pytest.fixture
def asha(client: Client) -> Client:
    """A child who came in by a name."""
    client.post("/hello/", {"name": "Asha"})
    return client


@pytest.mark.parametrize("path", ["/", "/stories/{}/", "/api/v1/speech/stories/{}/pages/1/audio/"])
def test_nobody_reads_without_being_somebody(client: Client, story: Story, path: str) -> None:
    answer = client.get(path.format(story.pk))
    assert answer.status_code in {302, 403}
    if answer.status_code == 302:
        assert answer.headers["Location"].startswith("/hello/?next=")


def test_a_name_lets_a_child_in_and_back_to_where_it_was_going(
    client: Client, story: Story
) -> None:
    answer = client.post("/hello/", {"name": " Asha ", "next": f"/stories/{story.pk}/"})
    assert answer.headers["Location"] == f"/stories/{story.pk}/"
    assert Profile.objects.get().name == "Asha"
    Client().post("/hello/", {"name": "Asha"})
    assert Profile.objects.count() == 1


@pytest.mark.parametrize("elsewhere", ["https://example.org/", "//example.org", "javascript:1"])
def test_a_name_never_leads_to_another_site(client: Client, elsewhere: str) -> None:
    answer = client.post("/hello/", {"name": "Asha", "next": elsewhere})
    assert answer.headers["Location"] == "/"


@pytest.mark.parametrize("name", ["", "   ", "x" * 31, "a\nb"])
def test_what_is_no_name_is_said_kindly(client: Client, name: str) -> None:
    answer = client.post("/hello/", {"name": name})
    assert answer.status_code == 400
    assert "Please type a name" in answer.content.decode()
    assert not Profile.objects.exists()


def test_names_of_all_six_scripts_are_names(client: Client) -> None:
    for name in ("आशा", "மீனா", "ગુડ્ડી", "ਜੀਤਾ", "రాజు", "മിന്നു", "അൻവർ"):
        assert client.post("/hello/", {"name": name}).status_code == 302, name


def test_a_name_alone_never_is_a_grown_up(client: Client, asha: Client) -> None:
    User.objects.create_superuser("meera", password="secret")
    client.post("/bye/")
    client.post("/hello/", {"name": "meera"})  # a child of the same name
    assert not User.objects.get(pk=client.session["_auth_user_id"]).is_superuser
    client.post("/bye/")
    User.objects.filter(profile__name="Asha").update(is_staff=True)
    assert client.post("/hello/", {"name": "Asha"}).status_code == 400
    assert "_auth_user_id" not in client.session


def test_where_doors_are_closed_a_password_is_asked_for(client: Client, settings: Any) -> None:
    settings.STORYREADER_OPEN = False
    User.objects.create_user("asha", password="a secret of asha")
    client.post("/hello/", {"name": "asha"})
    assert "_auth_user_id" not in client.session
    client.post("/hello/", {"username": "asha", "password": "a secret of asha"})
    assert "_auth_user_id" in client.session
    assert client.post("/bye/").headers["Clear-Site-Data"] == '"cache", "storage"'


def test_the_library_shows_all_and_hides_what_was_not_chosen(asha: Client, story: Story) -> None:
    whole = asha.get("/").content.decode()
    assert whole.count('class="card"') == Story.objects.count()
    assert "hidden" not in whole.split("<main>")[1].split("<section", 1)[1].split(">")[0]
    tamil = asha.get("/?language=TAMIL").content.decode()
    assert tamil.count("hidden>") == len(Language) - 1
    assert asha.get("/?language=KLINGON").content.decode().count("hidden>") == 0


def test_an_empty_shelf_says_how_to_fill_it(asha: Client) -> None:
    assert "load_stories" in asha.get("/").content.decode()


def test_a_story_speaks_its_own_language(asha: Client, story: Story) -> None:
    page = asha.get(f"/stories/{story.pk}/").content.decode()
    assert '<main lang="hi"' in page
    for text in (story.title, *story.pages.values_list("text_content", flat=True)):
        assert text in page
    assert asha.get(f"/stories/{uuid.uuid4()}/").status_code == 404


def test_an_emoji_is_a_cover_and_markup_is_text(asha: Client) -> None:
    row = Story.objects.create(title="<b>चाँद</b>", language="HINDI", cover="🌙")
    row.pages.create(page_number=1, text_content="</script><b>1 & 2</b>")
    page = asha.get(f"/stories/{row.pk}/").content.decode()
    assert "🌙" in page
    assert "<b>" not in page


def test_every_phrase_is_told_in_every_language() -> None:
    assert all(all(phrases(language).values()) for language in Language.values)
    assert all("{n} / {count}" in phrases(language)["page"] for language in Language.values)


def test_the_worker_and_its_shell_need_no_user(client: Client) -> None:
    answer = client.get("/worker.js")
    assert answer.headers["Content-Type"] == "text/javascript"
    assert "no-cache" in answer.headers["Cache-Control"]
    assert b"/offline/" in answer.content
    assert client.get("/offline/").status_code == 200
