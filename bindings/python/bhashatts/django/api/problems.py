"""The engine's errors as answers: whose fault, what to say in public, when to come back."""

from __future__ import annotations

import dataclasses
import math

from bhashatts import Error, ErrorCode

SOON = 2  # seconds until asking again makes sense, where the engine does not know


@dataclasses.dataclass(frozen=True)
class Problem:
    """What is answered. `code` is for programs, `detail` for people; neither holds a secret."""

    status: int
    detail: str
    code: str
    retry_after: int | None = None  # whole seconds: all that HTTP knows


_AWAY = "The voice cannot be reached just now; what was heard before still plays"
_PAID_UP = "No new audio can be made just now; what was heard before still plays"
_IN_WORK = "The audio is being made; ask again in a moment"
_OURS = "Something went wrong here"
_CALLERS = 2  # hundreds of the codes that are the caller's fault
# Of the same family, but the host's own: of settings and files that the caller knows nothing of.
_HOSTS = {ErrorCode.CONFIG_INVALID, ErrorCode.STORIES_INVALID}
_MONEY = 5
_KEEPING = 6


def problem_of(error: Error, *, of_page: bool) -> Problem:
    """of_page: the text is a page's, so that bad input is the story's fault, not the caller's."""
    code = error.code
    name = code.name.lower()
    family = code // 100
    if code is ErrorCode.NOT_FOUND:
        return Problem(404, "Not found", name)
    if code in _HOSTS or (family == 1 and code is not ErrorCode.CLOSED):
        return Problem(503, _OURS, name, _later(error))
    if family == _CALLERS:
        return Problem(422 if of_page else 400, _input(error), name)
    if code is ErrorCode.DEADLINE_EXCEEDED:
        return Problem(503, _IN_WORK, name, _whole(error.retry_after))
    if family in {_MONEY, _KEEPING}:
        return Problem(503, _PAID_UP, name, _later(error))
    return Problem(503, _AWAY, name, _later(error))


def _input(error: Error) -> str:
    """In the guide's words where it has some."""
    if error.code is ErrorCode.TEXT_EMPTY:
        return "Text cannot be empty"
    if error.code is ErrorCode.TEXT_TOO_LONG:
        return "Text too long (max 5000 characters)"
    return error.message


def _later(error: Error) -> int | None:
    return _whole(error.retry_after) if error.retryable else None


def _whole(seconds: float | None) -> int:
    return max(1, math.ceil(SOON if seconds is None else seconds))
