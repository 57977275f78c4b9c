"""bhashatts for Django: endpoints, rows, commands and an admin around one engine per process.

    INSTALLED_APPS = [..., "rest_framework", "bhashatts.django"]
    BHASHATTS = {"STORY_MODEL": "stories.Story"}
    urlpatterns = [path("api/v1/", include("bhashatts.django.urls"))]

conf.py lists the settings; docs/django.md tells the rest.
"""
