"""If-None-Match and Range, as RFC 9110 has them; of ranges a single one."""

from __future__ import annotations

import re

_RANGE = re.compile(r"bytes\s*=\s*(\d{0,18})\s*-\s*(\d{0,18})\s*")


class Unsatisfiable(Exception):
    """A range that lies behind the end."""


def matches(header: str | None, etag: str) -> bool:
    """Whether an If-None-Match names this entity. etag is strong, with its quotes."""
    if header is None:
        return False
    if header.strip() == "*":
        return True
    return any(one.strip().removeprefix("W/") == etag for one in header.split(","))


def part_of(header: str | None, if_range: str | None, etag: str, size: int) -> range | None:
    """The bytes that a Range asks for; None: all. Several ranges, and what is none, are ignored.

    Raises Unsatisfiable.
    """
    if header is None or (if_range is not None and if_range.strip() != etag):
        return None
    asked = _RANGE.fullmatch(header.strip())
    if asked is None:
        return None
    first, last = asked.groups()
    if not first and not last:
        return None
    if not first:  # the last so many
        if int(last) == 0 or size == 0:
            raise Unsatisfiable
        return range(max(0, size - int(last)), size)
    begin = int(first)
    if last and int(last) < begin:
        return None
    if begin >= size:
        raise Unsatisfiable
    return range(begin, min(size, int(last) + 1) if last else size)
