"""What `manage.py check` says of the settings. Nothing here opens an engine, nor the network."""

from __future__ import annotations

import os
import pathlib
import shutil
import tempfile
from collections.abc import Callable, Iterator
from typing import Any

from django.apps import AppConfig
from django.conf import settings as django_settings
from django.core.checks import CheckMessage, Error, Warning, register  # Django's name
from django.core.exceptions import ImproperlyConfigured

import bhashatts
from bhashatts.django import conf
from bhashatts.django.engine import engine_settings
from bhashatts.django.stories import stories

_PAID = ("huggingface", "openai")


@register("bhashatts")
def check_settings(app_configs: list[AppConfig] | None, **_: object) -> list[CheckMessage]:
    """All of them; where the settings cannot be read, that alone."""
    del app_configs
    try:
        held = conf.settings()
        told = engine_settings()
        known = bhashatts.settings(environment=False)
    except (ImproperlyConfigured, bhashatts.Error) as reason:
        return [Error(str(reason), id="bhashatts.E001")]
    unknown = [
        Error(f"BHASHATTS['ENGINE'] has no setting {name!r}", id="bhashatts.E001")
        for name in held.engine
        if name not in known
    ]
    if unknown:
        return [*unknown]
    checks: list[Callable[[conf.Settings, dict[str, Any]], Iterator[CheckMessage]]]
    checks = [_hooks, _story_source, _data_directory, _voice, _money, _for_development]
    return [message for check in checks for message in check(held, told)]


def _hooks(held: conf.Settings, _: dict[str, Any]) -> Iterator[CheckMessage]:
    for name in conf.HOOKS:
        try:
            held.hook(name)
        except ImproperlyConfigured as reason:
            yield Error(str(reason), id="bhashatts.E002")


def _story_source(held: conf.Settings, _: dict[str, Any]) -> Iterator[CheckMessage]:
    if held.story_model is None and held.stories == conf.Settings.stories:
        yield Warning(
            "no stories: the endpoints of pages answer 404",
            hint="set BHASHATTS['STORY_MODEL'] to the name of a model, or BHASHATTS['STORIES']",
            id="bhashatts.W001",
        )
        return
    try:
        stories()
    except Exception as reason:  # a class of the host's
        yield Error(f"the stories cannot be had: {reason}", id="bhashatts.E003")


def _data_directory(_: conf.Settings, told: dict[str, Any]) -> Iterator[CheckMessage]:
    directory = pathlib.Path(told["data_dir"])
    nearest = next(there for there in (directory, *directory.parents) if there.exists())
    if not nearest.is_dir() or not os.access(nearest, os.W_OK | os.X_OK):
        yield Error(
            f"the data directory {directory} cannot be written: "
            f"{nearest} is not writable by this user",
            hint="make it, give it to the user of the workers, or set BHASHATTS_DATA_DIR",
            id="bhashatts.E004",
        )


def _voice(held: conf.Settings, told: dict[str, Any]) -> Iterator[CheckMessage]:
    if held.parts is not None:
        return
    choice = told["synthesizer"]
    speaks_for_us = told["huggingface_api_token"] or told["endpoint_url"]
    if choice == "huggingface" and not speaks_for_us:
        yield Error(
            "the synthesizer huggingface needs a token",
            hint="set HUGGINGFACE_API_TOKEN, or BHASHATTS_ENDPOINT_URL for a server of your own",
            id="bhashatts.E005",
        )
    if choice == "openai" and not told["endpoint_url"]:
        yield Error("the synthesizer openai needs BHASHATTS_ENDPOINT_URL", id="bhashatts.E005")
    falls = choice == "auto" and not speaks_for_us
    if falls and not django_settings.DEBUG:
        yield Warning(
            "no token is set, so that espeak-ng speaks: a machine's voice, not a storyteller's",
            hint="set HUGGINGFACE_API_TOKEN; or BHASHATTS_SYNTHESIZER=espeak, if that is meant",
            id="bhashatts.W002",
        )
    if (falls or choice == "espeak") and shutil.which(told["espeak_program"]) is None:
        yield Error(
            f"{told['espeak_program']} is not installed",
            id="bhashatts.E006",
            hint="install the package espeak-ng, or set BHASHATTS_ESPEAK_PROGRAM",
        )


def _money(held: conf.Settings, told: dict[str, Any]) -> Iterator[CheckMessage]:
    paid = told["synthesizer"] in _PAID or told["huggingface_api_token"] or told["price_usd"]
    if held.parts is None and paid and not float(told["budget_usd_month"]):
        yield Warning(
            "there is no budget: a month may cost anything",
            hint="set BHASHATTS_BUDGET_USD_MONTH",
            id="bhashatts.W003",
        )


def _for_development(held: conf.Settings, told: dict[str, Any]) -> Iterator[CheckMessage]:
    if django_settings.DEBUG:
        return
    if pathlib.Path(tempfile.gettempdir()) in pathlib.Path(told["data_dir"]).parents:
        yield Warning(
            "the data directory is a temporary one: what was paid for goes with it",
            id="bhashatts.W004",
        )
    unlimited = [scope for scope in ("tts", "tts_burst", "user") if held.rate(scope) is None]
    if unlimited:
        yield Warning(f"nothing limits {', '.join(unlimited)}", id="bhashatts.W005")
    cache = django_settings.CACHES["default"]["BACKEND"]
    if cache.endswith(("LocMemCache", "DummyCache")) and len(unlimited) < 3:
        yield Warning(
            "limits of requests are counted by each process for itself",
            hint="set CACHES['default'] to a cache that processes share: Redis, Memcached",
            id="bhashatts.W006",
        )
    if not held.mirror:
        yield Warning("BHASHATTS['MIRROR'] is off: no rows are written", id="bhashatts.W007")
