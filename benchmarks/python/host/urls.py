"""Both views, of which each process is asked for one."""

from django.urls import include, path

from host.service.views import StoryPageAudio

urlpatterns = [
    path("api/v1/", include("bhashatts.django.urls")),
    path("service/<uuid:story_id>/<int:page_number>/", StoryPageAudio.as_view()),
]
