"""Stories as bhashatts.django asks for them, and the children who listen."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models


class Language(models.TextChoices):
    """The languages that can be read aloud, by their names in them."""

    HINDI = "HINDI", "हिन्दी"
    TAMIL = "TAMIL", "தமிழ்"
    GUJARATI = "GUJARATI", "ગુજરાતી"
    PUNJABI = "PUNJABI", "ਪੰਜਾਬੀ"
    TELUGU = "TELUGU", "తెలుగు"
    MALAYALAM = "MALAYALAM", "മലയാളം"


class Story(models.Model):
    """A story."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    title = models.CharField(max_length=255)
    language = models.CharField(max_length=20, choices=Language.choices)
    cover = models.CharField(
        max_length=40, blank=True, help_text="One of our drawings by its name, or an emoji"
    )
    order = models.PositiveIntegerField(default=0, help_text="Small numbers stand first")

    class Meta:
        """As in the library."""

        ordering = ("order", "title")
        verbose_name_plural = "stories"

    def __str__(self) -> str:
        return str(self.title)


class StoryPage(models.Model):
    """A page of a story."""

    story = models.ForeignKey(Story, on_delete=models.CASCADE, related_name="pages")
    page_number = models.PositiveIntegerField(help_text="From 1")
    text_content = models.TextField()

    class Meta:
        """As in the book."""

        ordering = ("page_number",)
        constraints = (
            models.UniqueConstraint(fields=("story", "page_number"), name="reader_page_once"),
        )

    def __str__(self) -> str:
        return f"{self.story}, {self.page_number}"


class Profile(models.Model):
    """A child who came in by a name alone (STORYREADER_OPEN). Its user has no password, no rights
    and a random name of its own, so that choosing a profile never is signing in as somebody."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    name = models.CharField(max_length=30, unique=True)

    class Meta:
        """By name."""

        ordering = ("name",)

    def __str__(self) -> str:
        return str(self.name)
