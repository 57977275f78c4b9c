"""The guide's checklist: each part that it has its readers write is there, under its name or ours,
and each setting that it has them make is heard.
"""

from __future__ import annotations

import importlib
import inspect
import re
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import get_commands, load_command_class
from django.urls import reverse
from running import manage

import bhashatts
from bhashatts.django.engine import engine_settings

ROOT = Path(__file__).resolve().parents[4]
STORY = "6f1f7ad0-5d3b-4f2e-9d3a-2a61d3a5b001"


# -- phases 1 to 4: the parts


@pytest.mark.parametrize(
    ("module", "names"),
    [
        ("bhashatts.django.apps", ["BhashaTtsConfig"]),
        ("bhashatts.django.models", ["AudioCache", "TTSUsageLog"]),
        ("bhashatts.django.admin", ["AudioCacheAdmin", "TTSUsageLogAdmin"]),
        ("bhashatts.django.api.serializers", ["TtsRequest"]),
        ("bhashatts.django.api.speech", ["TextToSpeech", "StoryPageAudio"]),
        ("bhashatts.django.api.status", ["ServiceStatus"]),
        ("bhashatts.django.api.prewarm", ["PrewarmStory"]),
        ("bhashatts.django.urls", ["urlpatterns"]),
        ("bhashatts.django.engine", ["engine"]),
        ("bhashatts.django.prewarming", ["prewarm_story"]),
        ("bhashatts.django.management.commands.prewarm_tts_cache", ["Command"]),
        ("bhashatts.django.management.commands.clear_tts_cache", ["Command"]),
    ],
)
def test_every_part_of_the_guides_layout_has_its_place(module: str, names: list[str]) -> None:
    found = importlib.import_module(module)
    assert [name for name in names if not hasattr(found, name)] == []


def test_the_app_is_installed_under_a_label_of_its_own() -> None:
    config = apps.get_app_config("bhashatts")
    assert {model.__name__ for model in config.get_models()} >= {"AudioCache", "TTSUsageLog"}


@pytest.mark.parametrize(
    ("ours", "takes"),
    [
        ("synthesize", {"text", "language", "voice_style", "user_id", "story_id", "page_number"}),
        ("lookup", {"text", "language", "voice_style"}),
        ("prewarm", {"stories", "story_id", "language", "limit", "dry_run"}),
        ("story_page_url", {"story_id", "page_number"}),
        ("status", set()),
        ("stats", set()),
        ("clear", {"language"}),
    ],
)
def test_what_the_guides_services_do_one_engine_does(ours: str, takes: set[str]) -> None:
    taken = inspect.signature(getattr(bhashatts.TtsEngine, ours)).parameters
    assert takes <= taken.keys()
    defaults = {name: one.default for name, one in taken.items()}
    assert defaults.get("language", "HINDI") in {"HINDI", ""}
    assert defaults.get("user_id") is None


@pytest.mark.parametrize(
    ("name", "told", "path"),
    [
        ("tts", {}, "tts/"),
        (
            "story-page-audio",
            {"story_id": STORY, "page_number": 3},
            f"stories/{STORY}/pages/3/audio/",
        ),
        ("status", {}, "status/"),
        ("prewarm", {"story_id": STORY}, f"prewarm/{STORY}/"),
    ],
)
def test_the_guides_endpoints_have_its_names_and_paths(
    name: str, told: dict[str, Any], path: str
) -> None:
    assert reverse(f"speech:{name}", kwargs=told) == f"/api/v1/speech/{path}"


@pytest.mark.parametrize(
    ("command", "flags", "help_of_it"),
    [
        (
            "prewarm_tts_cache",
            {"--language", "--story-id", "--limit", "--dry-run"},
            "Pre-generate and cache TTS audio for stories",
        ),
        ("clear_tts_cache", {"--redis-only", "--all", "--language"}, "Clear TTS audio cache"),
    ],
)
def test_the_guides_commands_have_its_flags(command: str, flags: set[str], help_of_it: str) -> None:
    assert get_commands()[command] == "bhashatts.django"
    found = load_command_class("bhashatts.django", command)
    assert found.help.startswith(help_of_it)
    parser = found.create_parser("manage.py", command)
    assert flags <= set(parser._option_string_actions)


# -- phase 6: the environment

VARIABLES = [
    ("HUGGINGFACE_API_TOKEN", "huggingface_api_token", "hf_x", ""),
    ("HUGGINGFACE_ACCOUNT_TYPE", "huggingface_account_type", "free", "pro"),
    ("TTS_MODEL_ID", "model_id", "someone/else", "ai4bharat/indic-parler-tts"),
    ("REDIS_URL", "redis_url", "redis://there:6379/0", ""),
    (
        "AUDIO_STORAGE_BACKEND",
        "audio_storage_backend",
        "storages.backends.s3boto3.S3Boto3Storage",
        "",
    ),
    ("AWS_ACCESS_KEY_ID", "aws_access_key_id", "key", ""),
    ("AWS_SECRET_ACCESS_KEY", "aws_secret_access_key", "secret", ""),
    ("AWS_STORAGE_BUCKET_NAME", "aws_storage_bucket_name", "bhashamitra-audio", ""),
    ("AWS_S3_ENDPOINT_URL", "aws_s3_endpoint_url", "https://x.r2.cloudflarestorage.com", ""),
    ("AWS_S3_REGION_NAME", "aws_s3_region_name", "ap-south-1", "auto"),
    ("AWS_DEFAULT_ACL", "aws_default_acl", "public-read", ""),
    ("AWS_QUERYSTRING_AUTH", "aws_querystring_auth", "True", False),
    ("AWS_S3_CUSTOM_DOMAIN", "aws_s3_custom_domain", "cdn.example.org", ""),
    ("TTS_CACHE_TTL_SECONDS", "cache_ttl_seconds", "3600", 86400),
    ("TTS_DEFAULT_VOICE_STYLE", "default_voice_style", "calm", "storyteller"),
    ("TTS_ENABLE_PREWARMING", "enable_prewarming", "true", False),
]


@pytest.mark.parametrize(("variable", "name", "value", "default"), VARIABLES)
def test_each_variable_of_the_guide_is_heard(
    variable: str, name: str, value: str, default: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert bhashatts.settings(environment=False)[name] == default
    monkeypatch.setenv(variable, value)
    heard = engine_settings()[name]
    assert heard == "***" or str(heard).lower() == value.lower()


def test_a_call_is_tried_three_times_of_two_minutes_as_in_the_guide() -> None:
    defaults = bhashatts.settings(environment=False)
    assert (defaults["max_attempts"], defaults["synthesis_timeout_ms"]) == (3, 120_000)


# -- what it needs, and what it does not


def test_speech_needs_no_library_of_models_nor_of_clients(tmp_path: Path) -> None:
    """The guide has torch, transformers and their like installed, and imports none of them."""
    (tmp_path / "data").mkdir()
    heavy = "torch transformers huggingface_hub soundfile numpy requests boto3 redis storages"
    asked = "import sys; from bhashatts.django.engine import engine; engine().synthesize('नमस्ते')"
    asked += f"; print('there:', [one for one in {heavy.split()} if one in sys.modules])"
    (tmp_path / "asked.py").write_text(asked, "utf-8")
    told = manage(tmp_path, "shell", "-c", f"exec(open({str(tmp_path / 'asked.py')!r}).read())")
    assert told.returncode == 0, told.stderr
    assert b"there: []" in told.stdout


def test_what_the_app_imports_is_declared() -> None:
    project = (ROOT / "pyproject.toml").read_text("utf-8")
    assert not re.search(r"^dependencies\s*=", project, re.MULTILINE)
    (extra,) = re.findall(r"^django = \[(.*)\]$", project, re.MULTILINE)
    assert re.findall(r'"(\w+)', extra) == ["Django", "djangorestframework"]


def test_the_image_has_what_sound_needs_and_no_lists_of_packages() -> None:
    image = (ROOT / "deploy/django/Dockerfile").read_text("utf-8")
    assert "libsndfile1" in image
    assert "rm -rf /var/lib/apt/lists/*" in image
    assert "ffmpeg" not in image


def test_no_provider_is_known_but_those_that_can_be_configured(tmp_path: Path) -> None:
    folders = (ROOT / "src", ROOT / "include", ROOT / "bindings/python/bhashatts")
    sources = [
        path
        for folder in folders
        for path in folder.rglob("*")
        if path.suffix in {".cpp", ".h", ".py"}
    ]
    assert len(sources) > 50
    assert [path for path in sources if "bhashini" in path.read_text("utf-8").lower()] == []
    with pytest.raises(bhashatts.Error) as refused:
        bhashatts.TtsEngine(data_dir=str(tmp_path), synthesizer="bhashini")
    assert "auto, huggingface, gradio, openai, espeak" in refused.value.message
