"""Prewarm jobs: how far they are, cancelled and run again."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from bhashatts.django import jobs
from bhashatts.django.admin.common import (
    ENGINE_ERRORS,
    ReadOnlyAdmin,
    badge,
    counted,
    only_post,
    too_many,
)
from bhashatts.django.models import PrewarmJob
from bhashatts.django.stories import stories

State = PrewarmJob.State
_UNDER_WAY = (State.QUEUED, State.RUNNING)
_COLORS = {State.DONE: "green", State.RUNNING: "blue", State.FAILED: "red"}
_MOST_PROBLEMS = 50  # that are listed


@admin.register(PrewarmJob)
class PrewarmJobAdmin(ReadOnlyAdmin):
    """Jobs. What ended may be run again: only what is missing is made."""

    list_display = (
        "story",
        "language",
        "voice_style",
        "state_badge",
        "progress",
        "total_cost_usd",
        "created_at",
        "created_by",
    )
    list_display_links = ("story",)
    list_filter = ("state", "language", "created_at")
    list_select_related = ("created_by",)
    search_fields = ("story_id", "story_title")
    actions = ("cancel_selected", "run_again_selected")
    readonly_fields = (
        "story",
        "story_id",
        "language",
        "voice_style",
        "state_badge",
        "progress",
        "pages_cached",
        "pages_generated",
        "pages_rejected",
        "pages_failed",
        "total_cost_usd",
        "what_went_wrong",
        "created_by",
        "created_at",
        "started_at",
        "finished_at",
        "runner",
    )
    fields = readonly_fields

    def get_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view
        mine = [
            path(
                "<path:object_id>/cancel/",
                wrap(self.cancel_view),
                name="bhashatts_prewarmjob_cancel",
            ),
            path(
                "<path:object_id>/run-again/",
                wrap(self.run_again_view),
                name="bhashatts_prewarmjob_run_again",
            ),
        ]
        return [*mine, *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        job = self.get_object(request, object_id)
        under_way = job is not None and job.state in _UNDER_WAY
        may = self.may_act(request)
        more = {"may_cancel": may and under_way, "may_run_again": may and job is not None}
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **more})

    # -- columns and fields

    @admin.display(description="Story", ordering="story_title")
    def story(self, job: PrewarmJob) -> str:
        """Its title."""
        title: str = job.story_title or job.story_id or "-"
        return title

    @admin.display(description="State", ordering="state")
    def state_badge(self, job: PrewarmJob) -> SafeString:
        """Where it stands."""
        if job.cancel_requested and job.state in _UNDER_WAY:
            return badge("Being cancelled", "gray")
        return badge(job.get_state_display(), _COLORS.get(State(job.state), "gray"))

    @admin.display(description="Progress")
    def progress(self, job: PrewarmJob) -> SafeString:
        """How many of its pages are settled."""
        done = job.pages_cached + job.pages_generated + job.pages_rejected + job.pages_failed
        bar = '<progress max="{}" value="{}" aria-label="Progress"></progress> {} of {} pages'
        return format_html(bar, max(1, job.pages_total), done, done, job.pages_total)

    @admin.display(description="What went wrong")
    def what_went_wrong(self, job: PrewarmJob) -> SafeString:
        """Page by page."""
        lines = [_problem(one) for one in job.problems[:_MOST_PROBLEMS]]
        if len(job.problems) > _MOST_PROBLEMS:
            lines.append(f"and {len(job.problems) - _MOST_PROBLEMS} more")
        listed = format_html_join("", "<li>{}</li>", ((line,) for line in lines or ["nothing"]))
        return format_html('<ul class="bhashatts-problems">{}</ul>', listed)

    # -- buttons and actions

    def cancel_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The button."""
        refused = only_post(request)
        if refused is None:
            self._cancel(request, [self.row_to_act_on(request, object_id)])
        return refused or HttpResponseRedirect(self.url("change", object_id))

    def run_again_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The button; it leads to the job that runs then."""
        refused = only_post(request)
        if refused is not None:
            return refused
        begun = self._run_again(request, self.row_to_act_on(request, object_id))
        return HttpResponseRedirect(self.url("change", object_id if begun is None else begun.pk))

    @admin.action(permissions=["act"], description="Cancel the selected jobs")
    def cancel_selected(self, request: HttpRequest, queryset: Any) -> None:
        """Those that are under way."""
        self._for_all(request, queryset, lambda found: self._cancel(request, found))

    @admin.action(permissions=["act"], description="Run the selected jobs again")
    def run_again_selected(self, request: HttpRequest, queryset: Any) -> None:
        """Those that are not under way, or whose process is gone."""
        self._for_all(
            request, queryset, lambda found: [self._run_again(request, job) for job in found]
        )

    def _for_all(self, request: HttpRequest, queryset: Any, act: Any) -> None:
        refused = too_many(queryset)
        if refused is not None:
            self.message_user(request, refused, messages.ERROR)
        else:
            act(list(queryset))

    def _cancel(self, request: HttpRequest, found: list[PrewarmJob]) -> None:
        to_end = [job for job in found if job.state in _UNDER_WAY]
        for job in to_end:
            jobs.cancel(job)
            self.log_change(request, job, "Cancelled")
        told = f"{counted(len(to_end), 'job is', 'jobs are')} cancelled."
        if any(job.state == State.RUNNING for job in to_end):
            told += " Pages that are in hand are finished first."
        if not to_end:
            told = "Nothing to cancel: what was chosen is not under way."
        self.message_user(request, told, messages.SUCCESS if to_end else messages.WARNING)

    def _run_again(self, request: HttpRequest, job: PrewarmJob) -> PrewarmJob | None:
        """The job that runs now; None where none does."""
        name = self.story(job)
        try:
            begun = _begun(job, request.user)
        except ENGINE_ERRORS as error:
            self.message_user(request, f"{name}: {error}", messages.ERROR)
            return None
        if begun is None:
            self.message_user(request, f"{name}: the story is gone.", messages.ERROR)
        elif begun.pk == job.pk:
            self.message_user(request, f"{name}: it is under way.", messages.INFO)
        else:
            self.log_change(request, begun, "Run again")
            self.message_user(request, f"{name}: it is begun again.", messages.SUCCESS)
        return begun


def _begun(job: PrewarmJob, user: Any) -> PrewarmJob | None:
    """The job itself, taken up where its process is gone; for one that ended, another."""
    if job.state in _UNDER_WAY:
        return jobs.taken_up_again(job)
    story = stories().story(job.story_id)
    return None if story is None else jobs.queue(story, job.voice_style, created_by=user)


def _problem(one: dict[str, Any]) -> str:
    page = one.get("page_number")
    message = str(one.get("message") or one.get("code") or one)
    return message if page is None else f"Page {page}: {message}"
