"""What comes in and goes out as JSON; the schema is made of these."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from typing import Any

from rest_framework import serializers

from bhashatts.django.api import schema
from bhashatts.django.api.base import Refused
from bhashatts.django.conf import STYLES
from bhashatts.django.models import Language, PrewarmJob


@schema.text
class Words(serializers.Field):
    """A text as it is: REST framework's CharField takes numbers, and trims."""

    default_error_messages = {"none": "Text is required", "kind": "Text must be a string"}

    def to_internal_value(self, data: Any) -> str:
        """The text; the engine judges what is in it."""
        if isinstance(data, str) and data:
            return data
        empty = not data and not isinstance(data, (dict, list))
        raise serializers.ValidationError(self.error_messages["none" if empty else "kind"])

    def to_representation(self, value: Any) -> Any:
        return value


def _one_of(name: str, values: Sequence[str], **options: Any) -> serializers.ChoiceField:
    words = f"Invalid {name}. Must be one of: {list(values)}"
    errors = {"invalid_choice": words, "null": words}
    return serializers.ChoiceField(choices=values, error_messages=errors, required=False, **options)


class ClosedBody(serializers.Serializer):
    """A body. Members that are not known are refused: a typo would be paid for."""

    @classmethod
    def members(cls, data: Any) -> dict[str, Any]:
        """Those given. Raises Refused with the first thing that is wrong."""
        body = cls(data=data)
        if not body.is_valid():
            raise Refused(next(iter(body.errors.values()))[0])
        for name in data:
            if name not in body.fields:
                near = difflib.get_close_matches(str(name), body.fields, 1)
                raise Refused(
                    f"Unknown field. Did you mean {near[0]}?" if near else "Unknown field"
                )
        given: dict[str, Any] = dict(body.validated_data)
        return given


class TtsRequest(ClosedBody):
    """The body of POST tts/."""

    text = Words(error_messages={"required": "Text is required", "null": "Text is required"})
    language = _one_of("language", Language.values, default="HINDI")
    voice_style = _one_of("voice_style", STYLES, help_text="by default storyteller")


class PrewarmRequest(ClosedBody):
    """The body of POST prewarm/."""

    voice_style = _one_of("voice_style", STYLES, help_text="by default storyteller")

    @classmethod
    def read(cls, data: Any) -> str:
        """The style; "": the default. Raises Refused."""
        return str(cls.members(data).get("voice_style", ""))


class Job(serializers.ModelSerializer):
    """A prewarm job: what of it is done."""

    total_cost_usd = serializers.FloatField()
    status_url = serializers.SerializerMethodField()

    class Meta:
        model = PrewarmJob
        fields = (
            "id", "state", "story_id", "story_title", "language", "voice_style", "pages_total",
            "pages_cached", "pages_generated", "pages_rejected", "pages_failed", "total_cost_usd",
            "problems", "created_at", "started_at", "finished_at", "status_url",
        )  # fmt: skip
        read_only_fields = fields

    def get_status_url(self, job: PrewarmJob) -> str:
        """Where it is watched, and by DELETE cancelled."""
        from rest_framework.reverse import reverse

        return str(
            reverse("speech:prewarm-job", args=[job.pk], request=self.context.get("request"))
        )


class Problem(serializers.Serializer):
    """An error."""

    detail = serializers.CharField(help_text="One sentence")
    code = serializers.CharField(required=False, help_text="For programs, where there is one")


class JobAnswer(serializers.Serializer):
    """A job in its envelope."""

    data = Job()


class SpokenPart(serializers.Serializer):
    """Where a sentence or word begins and ends in the text."""

    begin = serializers.IntegerField(help_text="Code points")
    end = serializers.IntegerField()
    begin_utf16 = serializers.IntegerField(help_text="As JavaScript counts")
    end_utf16 = serializers.IntegerField()


class Spoken(serializers.Serializer):
    """When a part of the text is heard."""

    start_ms = serializers.IntegerField()
    end_ms = serializers.IntegerField()
    text = SpokenPart()


class TimingsOfPage(serializers.Serializer):
    """When what is heard."""

    duration_ms = serializers.IntegerField()
    utterances = Spoken(many=True, help_text="Sentences, exactly")
    words = Spoken(many=True, help_text="An estimate")


class TimingsAnswer(serializers.Serializer):
    """The timings in their envelope."""

    data = TimingsOfPage()


class AudioUrl(serializers.Serializer):
    """A URL that plays without a header."""

    url = serializers.CharField()
    expires_in = serializers.IntegerField(help_text="Seconds")
    cached = serializers.BooleanField(help_text="Whether it plays at once")


class AudioUrlAnswer(serializers.Serializer):
    """The URL in its envelope."""

    data = AudioUrl()


class StatusAnswer(serializers.Serializer):
    """How the service stands; admins see what it cost, too."""

    data = serializers.DictField()
