"""What is kept: each speech can be heard, erased with its text, or said to sound wrong."""

# ruff: noqa: ARG002  # Django says what its methods are given
from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.actions import delete_selected as ask_before_deleting
from django.contrib.admin.utils import flatten_fieldsets
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import path
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import Truncator

from bhashatts.django.admin import acts, hearing
from bhashatts.django.admin.common import (
    ENGINE_ERRORS,
    ReadOnlyAdmin,
    counted,
    log_deletions,
    only_post,
    too_many,
    url_of,
)
from bhashatts.django.models import AudioCache, PageAudio, PrewarmJob

_FIELDSETS = (
    ("Speech", {"fields": ("listen", "text_content", "language", "voice_style", "take")}),
    (
        "Audio",
        {"fields": ("audio_format", "duration", "audio_size_bytes", "audio_url", "blob_name")},
    ),
    (
        "How it was made",
        {"fields": ("synthesizer", "utterances", "generation_time_ms", "generation_cost_usd")},
    ),
    ("How it was heard", {"fields": ("access_count", "last_accessed_at")}),
    ("Record", {"fields": ("cache_key", "text_hash", "created_at", "updated_at")}),
)


class PageInline(admin.TabularInline):
    """The pages that are read with it."""

    model = PageAudio
    fields = readonly_fields = ("story_id", "page_number", "created_at")
    ordering = ("story_id", "page_number")
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True  # who sees the speech sees where it is read


@admin.register(AudioCache)
class AudioCacheAdmin(ReadOnlyAdmin):
    """Speeches."""

    list_display = (
        "listen_here",  # first: the last columns of a narrow window are out of sight
        "short_text",
        "language",
        "voice_style",
        "access_count",
        "audio_size_display",
        "generation_cost_usd",
        "created_at",
    )
    list_display_links = ("short_text",)
    list_filter = ("language", "voice_style", "created_at")
    search_fields = ("text_content", "cache_key")
    ordering = ("-created_at",)
    fieldsets = _FIELDSETS
    readonly_fields = flatten_fieldsets(_FIELDSETS)
    inlines = (PageInline,)
    actions = ("reject_selected", "delete_selected")

    class Media:
        js = ("bhashatts/admin.js",)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        name = f"{self.opts.app_label}.delete_{self.opts.model_name}"
        return bool(request.user.has_perm(name))

    def get_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view
        hear = wrap(self.audio_view, cacheable=True)  # by its ETag, or each seek fetches it again
        mine = [
            path("<path:object_id>/audio/", hear, name="bhashatts_audiocache_audio"),
            path(
                "<path:object_id>/reject/",
                wrap(self.reject_view),
                name="bhashatts_audiocache_reject",
            ),
        ]
        return [*mine, *super().get_urls()]

    # -- columns and fields

    @admin.display(description="Text", ordering="text_content")
    def short_text(self, row: AudioCache) -> str:
        """Its beginning."""
        text: str = row.text_content
        return text[:50] + "..." if len(text) > 50 else text

    @admin.display(description="Size", ordering="audio_size_bytes")
    def audio_size_display(self, row: AudioCache) -> str:
        """In KB."""
        return f"{row.audio_size_bytes / 1024:.1f} KB" if row.audio_size_bytes else "-"

    @admin.display(description="Duration", ordering="audio_duration_ms")
    def duration(self, row: AudioCache) -> str:
        """In seconds."""
        return f"{row.audio_duration_ms / 1000:.1f} s"

    @admin.display(description="Listen")
    def listen(self, row: AudioCache) -> SafeString:
        """A player."""
        return self._player(row, "bhashatts-player")

    @admin.display(description="Listen")
    def listen_here(self, row: AudioCache) -> SafeString:
        """A small player."""
        return self._player(row, "bhashatts-player bhashatts-small")

    @admin.display(description="Audio URL")
    def audio_url(self, row: AudioCache) -> str:
        """Where the object can be fetched just now; only pages have one."""
        try:
            url: str | None = row.audio_url
        except ENGINE_ERRORS as error:
            return f"not known: {error}"
        if url is not None and url.startswith(("https://", "http://")):
            link: str = format_html('<a href="{}">{}</a>', url, Truncator(url).chars(80))
            return link
        return url or "-"

    def _player(self, row: AudioCache, css: str) -> SafeString:
        return hearing.player(self.url("audio", row.pk), self.short_text(row), css)

    # -- hearing

    def audio_view(self, request: HttpRequest, object_id: str) -> HttpResponseBase:
        """The audio of a row; else a sentence that says why not, which the player shows."""
        return hearing.audio(request, self.row(request, object_id))

    # -- "this sounds wrong"

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        more = {**(extra_context or {}), "may_reject": self.may_act(request)}
        return super().change_view(request, object_id, form_url, more)

    def reject_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The button."""
        refused = only_post(request)
        if refused is None:
            self._reject(request, self.row_to_act_on(request, object_id))
        return refused or HttpResponseRedirect(self.url("changelist"))

    @admin.action(
        permissions=["act"],
        description="These sound wrong: never serve them again, order new takes",
    )
    def reject_selected(self, request: HttpRequest, queryset: Any) -> None:
        """The same for several, until the engine fails."""
        refused = too_many(queryset)
        if refused is not None:
            self.message_user(request, refused, messages.ERROR)
            return
        for row in list(queryset):
            if not self._reject(request, row):
                break

    def _reject(self, request: HttpRequest, row: AudioCache) -> bool:
        """Rejects, and says what came of it. False: the engine failed."""
        name = Truncator(row.text_content).chars(40)
        try:
            done = acts.reject(row, request.user)
        except acts.Gone as why:
            self.message_user(request, f"“{name}”: {why}", messages.WARNING)
            return True
        except ENGINE_ERRORS as error:
            told = f"“{name}” could not be rejected, and is still served: {error}"
            self.message_user(request, told, messages.ERROR)
            return False
        self.log_change(
            request, row, f"Take {row.take} sounded wrong; take {done.next_take} follows"
        )
        what = format_html("“{}”: take {} is never served again. ", name, row.take)
        what += self._what_follows(done)
        if done.others:
            told = counted(done.others, "other speech shares", "other speeches share")
            what += format_html(" {} a sentence with it: made anew when next heard.", told)
        self.message_user(request, what, messages.SUCCESS)
        return True

    def _what_follows(self, done: acts.Rejected) -> SafeString:
        if not done.jobs:
            return format_html("Take {} is made for the next listener.", done.next_take)
        links = [(self._job_url(job.pk), job.story_title or job.story_id) for job in done.jobs]
        stories = format_html_join(", ", '<a href="{}">{}</a>', links)
        return format_html("Take {} is being made for {}.", done.next_take, stories)

    def _job_url(self, job_id: object) -> str:
        return url_of(self.admin_site, PrewarmJob, "change", job_id)

    # -- erasing

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """A text goes as a whole, so the list is that of its other styles and formats too."""
        rows = acts.same_texts(objs).annotate(read_on=Count("pages"))
        counted_by_django = super().get_deleted_objects(rows, request)[1:]
        return ([self._what_goes(row) for row in rows], *counted_by_django)

    def _what_goes(self, row: Any) -> SafeString:
        return format_html(
            '<a href="{}">{}</a>: {}, {}, take {}, {}, read on {}',
            self.url("change", row.pk),
            self.short_text(row),
            f"{row.get_language_display()}, {row.get_voice_style_display()}",
            row.audio_format,
            row.take,
            self.audio_size_display(row),
            counted(row.read_on, "page", "pages"),
        )

    def delete_model(self, request: HttpRequest, obj: AudioCache) -> None:
        report = acts.erase(obj)
        told = counted(report.speeches, "speech was", "speeches were")
        self.message_user(request, f"{told} erased from all stores.", messages.SUCCESS)

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        try:
            return super().delete_view(request, object_id, extra_context)
        except ENGINE_ERRORS as error:
            self.message_user(request, f"Nothing was deleted: {error}", messages.ERROR)
            return HttpResponseRedirect(self.url("change", object_id))

    @admin.action(permissions=["delete"], description="Erase the selected texts with their audio")
    def delete_selected(self, request: HttpRequest, queryset: Any) -> HttpResponse | None:
        """Asks first, with Django's own page."""
        refused = too_many(queryset)
        if refused is not None:
            self.message_user(request, refused, messages.ERROR)
            return None
        if not request.POST.get("post"):
            asked: HttpResponse = ask_before_deleting(self, request, queryset)
            return asked
        lacking, protected = self.get_deleted_objects(queryset, request)[2:]
        if lacking or protected:
            raise PermissionDenied
        self._erase(request, list(queryset))
        return None

    def _erase(self, request: HttpRequest, rows: list[AudioCache]) -> None:
        """Text by text, each as a whole: where the engine fails, the texts behind it are left."""
        texts = {row.text_hash: row for row in rows}
        done = 0
        try:
            for row in texts.values():
                with transaction.atomic():
                    log_deletions(self, request, list(acts.same_texts([row])))
                    acts.erase(row)
                done += 1
        except ENGINE_ERRORS as error:
            left = counted(len(texts) - done, "text was", "texts were")
            self.message_user(request, f"{left} not deleted: {error}", messages.ERROR)
        if done:
            told = counted(done, "text was", "texts were")
            self.message_user(request, f"{told} erased from all stores.", messages.SUCCESS)
