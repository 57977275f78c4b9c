"""The pages: who is listening, the library, a story, and what a browser needs to do it offline."""

from __future__ import annotations

import json
import unicodedata
import uuid
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model, login, logout
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST, require_safe

from reader.models import Language, Profile, Story
from reader.phrases import STYLES, TAGS, phrases

# What a story needs beside its own page; the worker keeps it from its first minute on.
SHELL = (
    *("style.css", "plain.css", "read.js", "voice.js", "words.js", "offline.js", "shelf.js"),
    *("drawings.svg", "icon.svg"),
)
# Covers drawn in drawings.svg; another word in Story.cover is taken for an emoji.
DRAWINGS = frozenset(
    {
        *("umbrella", "moon", "elephant", "boat", "kite", "camel", "drum"),
        *("flower", "mango", "snail", "firefly", "parrot", "book"),
    }
)


@require_safe
@login_required
def library(request: HttpRequest) -> HttpResponse:
    """All stories by language; ?language= shows those of one."""
    shelves: list[dict[str, Any]] = [
        {"language": Language(value), "tag": TAGS[value], "stories": []}
        for value in Language.values
    ]
    place = {shelf["language"].value: shelf for shelf in shelves}
    for row in Story.objects.filter(language__in=place):
        place[row.language]["stories"].append({"row": row, "drawing": _drawing(row)})
    filled = [shelf for shelf in shelves if shelf["stories"]]
    chosen = request.GET.get("language", "")
    if chosen not in {shelf["language"].value for shelf in filled}:
        chosen = ""
    return render(
        request,
        "reader/library.html",
        {"shelves": filled, "chosen": chosen, "listener": _name_of(request.user)},
    )


@require_safe
@login_required
def story(request: HttpRequest, story_id: uuid.UUID) -> HttpResponse:
    """A story with all its pages, so that one document, once kept, is the whole book."""
    row = get_object_or_404(Story, pk=story_id)
    pages = list(row.pages.order_by("page_number"))
    said = phrases(row.language)
    told = {
        "phrases": said,
        "pages": [
            {"audio": _page_url("story-page-audio", page), "timings": _page_url("timings", page)}
            for page in pages
        ],
    }
    context = {
        "story": row,
        "pages": pages,
        "drawing": _drawing(row),
        "tag": TAGS[row.language],
        "say": said,
        "styles": [(style, said[style]) for style in STYLES],
        "told": told,
    }
    return render(request, "reader/story.html", context)


def hello(request: HttpRequest) -> HttpResponseBase:
    """Who is listening? By name alone where STORYREADER_OPEN says so, else by password."""
    if not settings.STORYREADER_OPEN:
        return LoginView.as_view(template_name="reader/login.html")(request)
    problem = ""
    if request.method == "POST":
        name = unicodedata.normalize("NFC", request.POST.get("name", "")).strip()
        user = _user_called(name) if _is_name(name) else None
        if user is not None:
            login(request, user, "django.contrib.auth.backends.ModelBackend")
            return redirect(_next_of(request))
        problem = "Please type a name of 1 to 30 letters."
    context = {"profiles": Profile.objects.all(), "next": _next_of(request), "problem": problem}
    return render(request, "reader/hello.html", context, status=400 if problem else 200)


@require_POST
def bye(request: HttpRequest) -> HttpResponse:
    """Another child's turn. Where people sign in, what was kept on the device goes too."""
    logout(request)
    response = redirect("reader:hello")
    if not settings.STORYREADER_OPEN:
        response["Clear-Site-Data"] = '"cache", "storage"'
    return response


@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """Shown by the worker in the place of what it does not have."""
    said = [(TAGS[language], phrases(language)) for language in Language.values]
    return render(request, "reader/offline.html", {"said": said})


@require_safe
@cache_control(no_cache=True)
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker: at the root, for it only rules below its own place. The rest of it is a
    static file; what that one is called, and the others, only this side knows."""
    shell = [reverse("reader:offline"), *(static(f"reader/{name}") for name in SHELL)]
    script = static("reader/worker.js")
    body = f"const SHELL = {json.dumps(shell)};\nimportScripts({json.dumps(script)});\n"
    return HttpResponse(body, content_type="text/javascript")


def _page_url(name: str, page: Any) -> str:
    return str(reverse(f"speech:{name}", args=[page.story_id, page.page_number]))


def _drawing(row: Story) -> str:
    if row.cover in DRAWINGS:
        return str(row.cover)
    return "" if row.cover else "book"


def _name_of(user: Any) -> str:
    profile = Profile.objects.filter(user=user).first()
    return str(profile) if profile is not None else user.get_short_name() or user.get_username()


def _is_name(name: str) -> bool:
    longest = Profile._meta.get_field("name").max_length
    return 0 < len(name) <= longest and not any(unicodedata.category(c) == "Cc" for c in name)


def _user_called(name: str) -> Any:
    """A profile's user, made where there is none; None for one who was given rights or a password
    meanwhile, and signs in by it."""
    found = Profile.objects.filter(name=name).select_related("user").first()
    if found is None:
        user = get_user_model().objects.create_user(f"child-{uuid.uuid4().hex[:12]}")
        found = Profile.objects.create(user=user, name=name)
    user = found.user
    return None if user.is_staff or user.is_superuser or user.has_usable_password() else user


def _next_of(request: HttpRequest) -> str:
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    if url_has_allowed_host_and_scheme(
        wanted, {request.get_host()}, require_https=request.is_secure()
    ):
        return str(wanted)
    return str(reverse("reader:library"))
