"""Who may do what: the defaults, and where a host's own functions are asked."""

from __future__ import annotations

from typing import Any

from bhashatts.django import conf
from bhashatts.django.stories import Story


def is_admin(user: Any) -> bool:
    """By the user's role, as in the guide; where users have none, by is_staff; else no."""
    role = getattr(user, "role", None)
    return bool(getattr(user, "is_staff", False)) if role is None else role == "ADMIN"


def is_admin_here(user: Any) -> bool:
    """What IS_ADMIN says."""
    ask = conf.settings().hook("is_admin")
    return ask is not None and bool(ask(user))


def may_hear(user: Any, story: Story) -> bool:
    """What MAY_HEAR says of a user and a story; without it, everyone who is signed in may."""
    ask = conf.settings().hook("may_hear")
    return ask is None or bool(ask(user, story))


def why_not(text: str, language: str, user: Any) -> str | None:
    """What MODERATE has against a free text, to be shown; None: nothing."""
    ask = conf.settings().hook("moderate")
    if ask is None:
        return None
    reason = ask(text, language, user)
    return None if reason is None else str(reason)
