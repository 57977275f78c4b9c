"""The OpenAPI schema: valid, without a doubt, and with every endpoint in it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from running import run

import bhashatts.django.urls
from bhashatts.django.conf import STYLES
from bhashatts.django.models import Language


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    """As the command prints it. Raises where it is not valid, or had to guess."""
    printed = run("spectacular", "--validate", "--fail-on-warn", "--format", "openapi-json")
    members: dict[str, Any] = json.loads(printed)
    return members


def test_it_is_valid_and_nothing_in_it_is_a_guess(schema: dict[str, Any]) -> None:
    assert schema["openapi"].startswith("3.")


def test_every_endpoint_is_in_it_but_the_signed_one(schema: dict[str, Any]) -> None:
    described = [path for path in schema["paths"] if path.startswith("/api/v1/")]
    assert len(described) == len(bhashatts.django.urls.urlpatterns) - 1
    assert not [path for path in described if "{token}" in path]  # nobody writes it by hand


def test_operations_have_names_of_their_own_and_say_what_they_do(schema: dict[str, Any]) -> None:
    operations = [one for path in schema["paths"].values() for one in path.values()]
    ours = [one for one in operations if one["operationId"].startswith("api_v1")]
    assert len({one["operationId"] for one in ours}) == len(ours)
    assert all(one["description"] for one in ours)


def test_a_text_must_be_there_and_other_members_must_not(schema: dict[str, Any]) -> None:
    body = schema["components"]["schemas"]["TtsRequest"]
    assert body["required"] == ["text"]
    assert body["additionalProperties"] is False
    assert schema["components"]["schemas"]["LanguageEnum"]["enum"] == Language.values
    assert schema["components"]["schemas"]["VoiceStyleEnum"]["enum"] == list(STYLES)
    assert schema["components"]["schemas"]["PrewarmRequest"]["additionalProperties"] is False
