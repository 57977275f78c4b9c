"""Users with a role, stories and pages: what the app asks of a host, and no more."""

from __future__ import annotations

import uuid

from django.contrib.auth.models import AbstractUser
from django.db import models


class User(AbstractUser):
    """Who listens."""

    role = models.CharField(max_length=20, default="CHILD")


class Story(models.Model):
    """A story."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    title = models.CharField(max_length=255)
    language = models.CharField(max_length=20)

    def __str__(self) -> str:
        return self.title


class StoryPage(models.Model):
    """A page."""

    story = models.ForeignKey(Story, on_delete=models.CASCADE, related_name="pages")
    page_number = models.IntegerField()
    text_content = models.TextField()

    def __str__(self) -> str:
        return f"{self.story}, page {self.page_number}"
