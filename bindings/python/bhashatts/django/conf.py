"""The BHASHATTS dictionary of the Django settings: its names, its defaults, and what they mean.

Names are strict: an unknown one is ImproperlyConfigured, with the nearest known name. What the
engine itself is told stands in ENGINE, by its own names (docs/settings.md), over the environment.
"""

from __future__ import annotations

import dataclasses
import difflib
import functools
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.conf import settings as django_settings
from django.core.exceptions import ImproperlyConfigured
from django.core.signals import setting_changed
from django.utils.module_loading import import_string

DELIVERIES = ("body", "redirect", "x-accel")
JOB_RUNNERS = ("thread", "celery")
STYLES = ("storyteller", "calm", "enthusiastic")
HOOKS = ("parts", "stories", "may_hear", "moderate", "is_admin")
_SCOPES = ("tts", "tts_burst", "user")
_DAY = 86_400  # seconds
# The most that a number may be: what is above is a mistake, and overflows somewhere.
_MOST = {
    "view_timeout": _DAY,
    "async_view_timeout": _DAY,
    "audio_url_seconds": 366 * _DAY,
    "page_seconds": _DAY,
    "usage_days": 36_500,
}
# Of what REST framework reads: it looks at the first letter alone, so that 1/month is 1/minute.
_RATE = re.compile(r"\d{1,9}/(s(ec(ond)?)?|m(in(ute)?)?|h(our)?|d(ay)?)s?")
_PATH = re.compile(r"/([!-~]*/)?")  # both go into headers
_HEADER = re.compile(r"[ -~]+")


@dataclasses.dataclass(frozen=True)
class Settings:
    """What BHASHATTS may hold, by these names in capitals. Dotted names are those of functions."""

    # -- the engine
    engine: Mapping[str, Any] = dataclasses.field(default_factory=dict)  # {"data_dir": ...}
    parts: str | None = None  # dotted name: () -> plug-ins as keywords of TtsEngine
    mirror: bool = True  # the engine's events fill the two models

    # -- stories
    story_model: str | None = None  # "app.Model"; see stories.py for what it must have
    stories: str = "bhashatts.django.stories.ModelStories"  # dotted name of a class

    # -- who may what
    may_hear: str | None = None  # dotted name: (user, story) -> bool; None: who is signed in
    moderate: str | None = None  # dotted name: (text, language, user) -> why not, or None
    is_admin: str = "bhashatts.django.policy.is_admin"  # dotted name: (user) -> bool

    # -- requests
    view_timeout: float = 3.0  # seconds that a WSGI worker waits for new speech
    async_view_timeout: float | None = None  # seconds under ASGI; None: as long as the engine waits
    throttles: Mapping[str, str | None] = dataclasses.field(default_factory=dict)
    page_cache_control: str = "private, no-cache"  # of story pages; free text is never stored
    delivery: str = "body"  # of story pages: by us, by a redirect to the store, or by nginx
    accel_prefix: str = "/bhashatts-audio/"  # nginx's internal location of the data directory
    audio_url_seconds: int = 600  # how long a signed URL works
    page_seconds: float = 5.0  # how long a process reads no page again that it has read

    # -- work behind
    prewarm_on_save: bool | None = None  # None: TTS_ENABLE_PREWARMING of the environment
    prewarm_styles: tuple[str, ...] = ()  # empty: the default style
    jobs: str = "thread"  # where prewarm jobs run: in this process, or by Celery
    usage_days: int = 400  # what prune_tts_usage keeps

    def rate(self, scope: str) -> str | None:
        """Of a throttle: "100/hour"; None: not limited."""
        rates = {"tts": "100/hour", "tts_burst": "10/minute", "user": "1000/hour"}
        return {**rates, **self.throttles}[scope]

    def hook(self, name: str) -> Callable[..., Any] | None:
        """The function that a setting names."""
        dotted = getattr(self, name)
        if dotted is None:
            return None
        try:
            function: Callable[..., Any] = import_string(dotted)
        except ImportError as reason:
            raise ImproperlyConfigured(f"BHASHATTS[{name.upper()!r}]: {reason}") from reason
        if not callable(function):
            raise ImproperlyConfigured(f"BHASHATTS[{name.upper()!r}]: {dotted} cannot be called")
        return function


@functools.cache
def settings() -> Settings:
    """What holds. Raises ImproperlyConfigured, which names the setting."""
    given = getattr(django_settings, "BHASHATTS", {})
    if not isinstance(given, Mapping):
        raise ImproperlyConfigured("BHASHATTS must be a dictionary")
    fields = {field.name.upper(): field for field in dataclasses.fields(Settings)}
    for name in given:
        if name not in fields:
            _refuse_name("BHASHATTS", name, fields)
    held = Settings(**{fields[name].name: value for name, value in given.items()})
    _require_sense(held)
    return held


def _refuse_name(where: str, name: object, known: Iterable[str]) -> None:
    near = difflib.get_close_matches(str(name), known, 1)
    hint = f"; is it {near[0]!r}?" if near else ""
    raise ImproperlyConfigured(f"{where} has no setting {name!r}{hint}")


def _require(name: str, sense: object, wanted: str) -> None:
    if not sense:
        raise ImproperlyConfigured(f"BHASHATTS[{name.upper()!r}] must be {wanted}")


def _require_sense(held: Settings) -> None:
    """Of each value: what is let through here fails in a child's request."""
    _require("engine", isinstance(held.engine, Mapping), "a dictionary of the engine's settings")
    _require("delivery", held.delivery in DELIVERIES, f"one of {', '.join(DELIVERIES)}")
    _require("jobs", held.jobs in JOB_RUNNERS, f"one of {', '.join(JOB_RUNNERS)}")
    _require("mirror", isinstance(held.mirror, bool), "True or False")
    on_save = held.prewarm_on_save
    _require("prewarm_on_save", on_save is None or isinstance(on_save, bool), "True, False or None")
    _require("accel_prefix", _fits(_PATH, held.accel_prefix), "a path between two slashes")
    _require("page_cache_control", _fits(_HEADER, held.page_cache_control), "a Cache-Control")
    _require_names(held)
    _require_rates(held.throttles)
    _require_numbers(held)
    _require_styles(held.prewarm_styles)


def _fits(pattern: re.Pattern[str], value: object) -> bool:
    return isinstance(value, str) and pattern.fullmatch(value) is not None


def _require_names(held: Settings) -> None:
    for name in ("story_model", *HOOKS):
        value = getattr(held, name)
        optional = getattr(Settings, name) is None
        right = (optional and value is None) or (isinstance(value, str) and value)
        _require(name, right, "a dotted name" + (", or None" if optional else ""))


def _require_rates(given: object) -> None:
    _require("throttles", isinstance(given, Mapping), "a dictionary of rates")
    assert isinstance(given, Mapping)
    for scope, rate in given.items():
        if scope not in _SCOPES:
            _refuse_name("BHASHATTS['THROTTLES']", scope, _SCOPES)
        if rate is not None and not _fits(_RATE, rate):
            wanted = "a number per second, minute, hour or day ('10/minute'), or None"
            raise ImproperlyConfigured(f"BHASHATTS['THROTTLES'][{scope!r}] must be {wanted}")


def _require_numbers(held: Settings) -> None:
    for name, most in _MOST.items():
        value = getattr(held, name)
        number = isinstance(value, (int, float)) and not isinstance(value, bool)
        optional = getattr(Settings, name) is None
        right = (optional and value is None) or (number and 0 < value <= most)
        or_none = ", or None" if optional else ""
        _require(name, right, f"a number above 0, at most {most}{or_none}")


def _require_styles(given: object) -> None:
    """A str is a sequence too, of letters."""
    right = isinstance(given, (tuple, list)) and all(style in STYLES for style in given)
    _require("prewarm_styles", right, f"a list of some of {', '.join(STYLES)}")


def _forget(*, setting: str, **_: object) -> None:
    if setting == "BHASHATTS":
        settings.cache_clear()


setting_changed.connect(_forget, dispatch_uid="bhashatts.conf")
