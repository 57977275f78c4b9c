"""What the server is told by its environment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from parler_voice.model import ModelSettings
from parler_voice.request import Limits


class SettingsError(ValueError):
    """A setting that cannot be; the message names it, and never a token."""


@dataclass(frozen=True)
class ServerSettings:
    """A server without a token would give a GPU to whoever finds it: see checked()."""

    model: ModelSettings = field(default_factory=ModelSettings)
    limits: Limits = field(default_factory=Limits)
    host: str = "127.0.0.1"
    port: int = 8080  # 0: any that is free
    token: str = field(default="", repr=False)
    most_waiting: int = 8
    most_body_bytes: int = 64 * 1024
    stop_seconds: int = 120  # for the generation in hand, once told to stop

    @staticmethod
    def of(environment: Mapping[str, str]) -> ServerSettings:
        """Raises SettingsError."""
        limits = Limits(
            _number(environment, "PARLER_MAX_CHARACTERS", 600, 1, 5_000),
            _number(environment, "PARLER_MAX_BATCH", 8, 1, 64),
        )
        return ServerSettings(
            model=ModelSettings.of(environment),
            limits=limits,
            host=environment.get("PARLER_HOST") or "127.0.0.1",
            port=_number(environment, "PARLER_PORT", 8080, 0, 65_535),
            token=_token(environment),
            most_waiting=_number(environment, "PARLER_MAX_WAITING", 8, 0, 1_000),
            most_body_bytes=_number(environment, "PARLER_MAX_BODY_BYTES", 65_536, 1_024, 2**24),
            stop_seconds=_number(environment, "PARLER_STOP_SECONDS", 120, 1, 3_600),
        ).checked()

    def checked(self) -> ServerSettings:
        if not self.token and self.host not in ("127.0.0.1", "::1", "localhost"):
            raise SettingsError(
                "PARLER_TOKEN must be set where PARLER_HOST is not this machine alone."
            )
        if not self.token.isascii():
            raise SettingsError("PARLER_TOKEN must be ASCII: it is sent in a header.")
        return self


def _token(environment: Mapping[str, str]) -> str:
    """Or from a file: a container's environment is shown to whoever inspects it."""
    token, path = environment.get("PARLER_TOKEN", ""), environment.get("PARLER_TOKEN_FILE", "")
    if token or not path:
        return token.strip()
    try:
        return Path(path).read_text("ascii").strip()
    except (OSError, ValueError):
        raise SettingsError("PARLER_TOKEN_FILE names no file of ASCII that can be read.") from None


def _number(environment: Mapping[str, str], name: str, default: int, least: int, most: int) -> int:
    text = environment.get(name, "").strip()
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and len(text) < 12 and least <= int(text) <= most):
        raise SettingsError(f"{name} must be a whole number from {least} to {most}.")
    return int(text)
