"""Where grown-ups write stories."""

from __future__ import annotations

from django.contrib import admin

from reader.models import Profile, Story, StoryPage


class Pages(admin.StackedInline):
    """The pages, below their story."""

    model = StoryPage
    extra = 1


@admin.register(Story)
class StoryAdmin(admin.ModelAdmin):
    """Stories."""

    list_display = ("title", "language", "order")
    list_filter = ("language",)
    search_fields = ("title",)
    inlines = (Pages,)


admin.site.register(Profile)
