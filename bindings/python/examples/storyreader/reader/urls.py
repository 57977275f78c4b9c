"""The pages of the reader."""

from django.urls import path

from reader import views

app_name = "reader"
urlpatterns = [
    path("", views.library, name="library"),
    path("stories/<uuid:story_id>/", views.story, name="story"),
    path("hello/", views.hello, name="hello"),
    path("bye/", views.bye, name="bye"),
    path("offline/", views.offline, name="offline"),
    path("worker.js", views.worker, name="worker"),
]
