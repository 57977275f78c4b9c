"""The endpoints. Include them where the API begins:

path("api/v1/", include("bhashatts.django.urls"))
"""

from __future__ import annotations

from django.urls import path

from bhashatts.django.api import prewarm, signed, speech, status, timings

app_name = "speech"
_PAGE = "stories/<str:story_id>/pages/<int:page_number>/"

urlpatterns = [
    path("speech/tts/", speech.TextToSpeech.as_view(), name="tts"),
    path(f"speech/{_PAGE}audio/", speech.StoryPageAudio.as_view(), name="story-page-audio"),
    path(f"speech/{_PAGE}audio-url/", signed.AudioUrl.as_view(), name="audio-url"),
    path(f"speech/{_PAGE}timings/", timings.StoryPageTimings.as_view(), name="timings"),
    path("speech/audio/<str:token>/", signed.signed_audio, name="signed-audio"),
    path("speech/status/", status.ServiceStatus.as_view(), name="status"),
    path("speech/prewarm/<str:story_id>/", prewarm.PrewarmStory.as_view(), name="prewarm"),
    path(
        "speech/prewarm/jobs/<uuid:job_id>/", prewarm.PrewarmJobView.as_view(), name="prewarm-job"
    ),
    # What the guide's own documentation calls it.
    path(f"{_PAGE}audio/", speech.StoryPageAudio.as_view(), name="story-page-audio-alias"),
]
