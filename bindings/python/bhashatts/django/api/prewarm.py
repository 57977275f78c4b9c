"""Prewarm jobs, for admins: begun at once, watched and cancelled."""

from __future__ import annotations

import uuid

from django.contrib.auth import get_user_model
from rest_framework.exceptions import NotFound
from rest_framework.parsers import JSONParser
from rest_framework.request import Request
from rest_framework.response import Response

from bhashatts.django import jobs
from bhashatts.django.api import schema, serializers
from bhashatts.django.api.base import View
from bhashatts.django.models import PrewarmJob
from bhashatts.django.stories import stories


class PrewarmStory(View):
    """Queues a story."""

    parser_classes = (JSONParser,)  # a form cannot tell "" from nothing

    @schema.prewarm
    def post(self, request: Request, story_id: str) -> Response:
        """Make all pages of a story that are not kept yet.

        Answers at once; `status_url` tells how far it is.
        """
        self.require_admin(request)
        style = serializers.PrewarmRequest.read(request.data)
        story = stories().story(story_id)
        if story is None:
            raise NotFound("Story not found")
        user = request.user if isinstance(request.user, get_user_model()) else None  # a token's
        job = jobs.queue(story, voice_style=style, created_by=user)
        return Response({"data": self.shown(job, request)}, status=202)

    def shown(self, job: PrewarmJob, request: Request) -> object:
        """A job as JSON."""
        return serializers.Job(job, context={"request": request}).data


class PrewarmJobView(PrewarmStory):
    """One job."""

    http_method_names = ["get", "head", "options", "delete"]

    @schema.prewarm_job
    def get(self, request: Request, job_id: uuid.UUID) -> Response:
        """How far a job is."""
        job = jobs.taken_up_again(self._job(request, job_id))
        return Response({"data": self.shown(job, request)})

    @schema.prewarm_cancel
    def delete(self, request: Request, job_id: uuid.UUID) -> Response:
        """Cancel a job. Pages that are in hand are finished."""
        job = jobs.cancel(self._job(request, job_id))
        return Response({"data": self.shown(job, request)}, status=202)

    def _job(self, request: Request, job_id: uuid.UUID) -> PrewarmJob:
        self.require_admin(request)
        job: PrewarmJob | None = PrewarmJob.objects.filter(pk=job_id).first()
        if job is None:
            raise NotFound("Job not found")
        return job
