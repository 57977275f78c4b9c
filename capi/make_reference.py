#!/usr/bin/env python3
"""Writes docs/c.md from the C headers and capi/reference.md: make_reference.py [--check].

With --check it writes nothing, and exits with 1 where the page is not what it would write.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

import c_header

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs/c.md"


def section(comment: str) -> str:
    """A section's title, and what is said of all of it."""
    title, _, text = re.sub(r"^-+ | ?-+(?=\n|$)", "", comment, count=2).partition("\n")
    return f"## {title.rstrip(' -')}\n" + (f"\n{text}\n" if text else "")


def declaration(item: c_header.Item) -> str:
    code = re.sub(r"^BHASHATTS_C_API\s+", "", item.code)
    code = re.sub(r"\n {20,}", "\n    ", code)  # what was aligned with a name that is gone
    belongs_to_another = code.startswith(("enum", "#define", "struct"))
    title = "" if belongs_to_another else f"### `{item.name}`\n\n"
    said = f"{item.comment}\n\n" if item.comment else ""
    return f"{title}{said}```c\n{code}\n```\n"


def header(name: str) -> str:
    text = (ROOT / "include/bhashatts" / name).read_text(encoding="utf-8")
    parts = [f"# `bhashatts/{name}`\n", f"```text\n{c_header.overview(text)}\n```\n"]
    for item in c_header.items(text):
        parts.append(section(item.comment) if item.is_section else declaration(item))
    return "\n".join(parts)


def page() -> str:
    written = (ROOT / "capi/reference.md").read_text(encoding="utf-8")
    return "\n".join([written, *(header(name) for name in c_header.HEADERS)])


def main(arguments: list[str]) -> int:
    if "--check" not in arguments:
        PAGE.write_text(page(), encoding="utf-8")
        return 0
    if PAGE.exists() and PAGE.read_text(encoding="utf-8") == page():
        return 0
    print("docs/c.md is not what the headers say; run capi/make_reference.py")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
