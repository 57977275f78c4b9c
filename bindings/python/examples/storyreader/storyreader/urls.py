"""The reader at the root, the speech it plays below api/v1/."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("api/v1/", include("bhashatts.django.urls")),
    path("", include("reader.urls")),
]
