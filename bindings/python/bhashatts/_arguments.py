"""What arguments must be, for all calls but those that every hit goes through.

The compiled part checks types too, but what it then says is a dump of all arguments, and they hold
the words of pages. Here a message names the argument and the kind of what came, never its value.
"""

from __future__ import annotations

import os

from bhashatts._core import Stop
from bhashatts.errors import Error, ErrorCode

TYPE_CHECKING = False

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any, NoReturn

INT32 = 2**31 - 1
INT64 = 2**63 - 1


def _refuse(value: object, name: str, wanted: str) -> NoReturn:
    raise TypeError(f"{name} must be {wanted}, not {type(value).__name__}")


def text_of(value: str | None, name: str) -> str:
    """None is ""."""
    return "" if value is None else required_text(value, name)


def required_text(value: str, name: str) -> str:
    if not isinstance(value, str):
        _refuse(value, name, "a str")
    try:
        value.encode()
    except UnicodeEncodeError:
        words = f"{name} has half a surrogate pair in it"
        raise Error(ErrorCode.TEXT_NOT_UTF8, words) from None
    return value


def number_of(value: int, name: str, least: int = 0, most: int = INT32) -> int:
    """An int, or what is one (numpy's): True is none."""
    if isinstance(value, bool) or not hasattr(type(value), "__index__"):
        _refuse(value, name, "an int")
    number = value.__index__()
    if not least <= number <= most:
        raise Error(ErrorCode.BAD_REQUEST, f"{name} must be from {least} to {most}")
    return number


def limit_of(value: int | None) -> int | None:
    return None if value is None else number_of(value, "limit", most=INT64)


def flag_of(value: bool, name: str) -> bool:
    """True or False, or numpy's: "no" must not mean yes."""
    if not isinstance(value, bool) and type(value).__name__ not in {"bool_", "bool"}:
        _refuse(value, name, "a bool")
    return bool(value)


def stop_of(value: Stop | None) -> Stop:
    if value is not None and not isinstance(value, Stop):
        _refuse(value, "stop", "a bhashatts.Stop")
    return Stop() if value is None else value


def require_callable(value: Any, name: str) -> None:
    if value is not None and not callable(value):
        _refuse(value, name, "callable")


def stories_of(stories: str | os.PathLike[str] | Iterable[Mapping[str, Any]]) -> str:
    """The text of a stories file: of the file, as it is given, or of the mappings."""
    if isinstance(stories, os.PathLike):
        return _text_of_file(stories)
    if isinstance(stories, str):
        if "\n" not in stories and stories[:1] != "{" and os.path.isfile(stories):
            words = "stories is the name of a file: give a pathlib.Path for a file"
            raise Error(ErrorCode.STORIES_INVALID, words)
        return required_text(stories, "stories")
    import json
    from collections.abc import Iterable, Mapping

    no_list = (bytes, bytearray, memoryview, Mapping)
    if isinstance(stories, no_list) or not isinstance(stories, Iterable):
        _refuse(stories, "stories", "a pathlib.Path, the text of a file or a list of mappings")
    lines = []
    for story in stories:
        if not isinstance(story, Mapping):
            _refuse(story, "each of stories", "a mapping")
        lines.append(json.dumps(dict(story)) + "\n")
    return "".join(lines)


def _text_of_file(path: os.PathLike[str]) -> str:
    """As it is, line ends too: the engine reads it as its command reads the file."""
    try:
        with open(path, "rb") as file:
            whole = file.read()
    except OSError as reason:
        name = os.fsencode(path).decode(errors="replace")
        words = f"cannot read {name}: {reason.strerror}"
        raise Error(ErrorCode.NOT_FOUND, words) from reason
    try:
        return whole.decode()
    except UnicodeDecodeError as reason:
        line = whole.count(b"\n", 0, reason.start) + 1
    # Not with the reason as its cause: that holds the whole file.
    raise Error(ErrorCode.STORIES_INVALID, f"line {line} of the stories file is not UTF-8")
