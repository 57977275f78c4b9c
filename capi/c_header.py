"""Reads the C headers, as far as the generated reference and the checks of the header need it.

A header is a list of items: sections (a comment that begins with ``----``), and declarations, each
with the comment that stands directly above it. It is read by its form, which clang-format keeps.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

HEADERS = ("c.h", "c_library.h", "c_plugins.h")

COMMENT = re.compile(r"/\*(.*?)\*/", re.DOTALL)
EXPORT = re.compile(
    r"^BHASHATTS_C_API\s+(?P<returns>.*?)\b(?P<name>bhashatts_\w+)\s*\((?P<rest>.*)\)$", re.DOTALL
)


@dataclass(frozen=True)
class Item:
    """A section (code empty), or a declaration."""

    comment: str
    code: str = ""

    @property
    def is_section(self) -> bool:
        return not self.code

    @property
    def name(self) -> str:
        """Of a declaration: what it declares."""
        if self.export:
            return self.export["name"]
        inline_or_callback = re.search(r"\b(bhashatts_\w+)\(|\(\*(bhashatts_\w+)\)", self.code)
        if inline_or_callback and not self.is_struct:
            return inline_or_callback[1] or inline_or_callback[2]
        names: list[str] = re.findall(r"\b(?:bhashatts|BHASHATTS)_\w+", self.code)
        return names[0] if names else ""

    @property
    def is_struct(self) -> bool:
        return self.code.startswith("typedef struct") and "{" in self.code

    @property
    def export(self) -> re.Match[str] | None:
        return EXPORT.match(self.code.rstrip(";"))

    @property
    def returns(self) -> str:
        return " ".join(self.export["returns"].split()) if self.export else ""

    @property
    def parameters(self) -> list[str]:
        if not self.export:
            return []
        flat = re.sub(r"\([^()]*\)", "", self.export["rest"])  # of function pointers
        return [" ".join(part.split()) for part in flat.split(",")]


def plain(comment: str) -> str:
    """A comment's text, without its stars; paragraphs and lists keep their lines."""
    lines = [re.sub(r"^\s*\* ?", "", line).rstrip() for line in comment.strip().splitlines()]
    return "\n".join(lines).strip()


def overview(text: str) -> str:
    """The comment that a header begins with."""
    comments = (plain(found[1]) for found in COMMENT.finditer(text))
    return next(comment for comment in comments if not comment.startswith("clang-format"))


def body(text: str) -> str:
    """What stands between the two extern "C" blocks."""
    begin = text.index('extern "C" {\n#endif') + len('extern "C" {\n#endif')
    return text[begin : text.index("#ifdef __cplusplus\n}", begin)]


def end_of_declaration(text: str, at: int) -> int:
    """Behind the ';' or the '}' of an inline function, at depth 0; comments are passed over."""
    depth = 0
    while at < len(text):
        if text.startswith("/*", at):
            at = text.index("*/", at) + 2
            continue
        depth += {"{": 1, "}": -1}.get(text[at], 0)
        at += 1
        inline_ends = text[at - 1] == "}" and text[at : at + 1] == "\n"
        if depth == 0 and (text[at - 1] == ";" or inline_ends):
            return at
    return at


def end_of_macro(text: str, at: int) -> int:
    while text[text.index("\n", at) - 1] == "\\":
        at = text.index("\n", at) + 1
    return text.index("\n", at)


def items(text: str) -> Iterator[Item]:
    text, at, comment = body(text), 0, ""
    while at < len(text):
        if text[at].isspace():
            comment = "" if text.startswith("\n\n", at) else comment
            at += 1
        elif text.startswith("/*", at):
            end = text.index("*/", at) + 2
            comment = plain(text[at + 2 : end - 2])
            at = end
            if comment.startswith("----"):
                yield Item(comment)
                comment = ""
        else:
            end = end_of_macro(text, at) if text[at] == "#" else end_of_declaration(text, at)
            yield Item(comment, text[at:end])
            at, comment = end, ""


def all_items(root: Path) -> Iterator[Item]:
    for header in HEADERS:
        yield from items((root / "include/bhashatts" / header).read_text(encoding="utf-8"))


def exports(root: Path) -> list[Item]:
    return [item for item in all_items(root) if item.export]
