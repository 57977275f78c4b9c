"""docs/django.md says what is there: settings, endpoints, commands; its Python runs."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from django.core.management import get_commands, load_command_class
from django.urls import URLPattern

from bhashatts.django import conf
from bhashatts.django.stories import Stories
from bhashatts.django.urls import urlpatterns

PAGE = Path(__file__).parents[4] / "docs" / "django.md"
pytestmark = pytest.mark.skipif(not PAGE.exists(), reason="the pages are not beside the tests")


def rows_of(heading: str) -> list[list[str]]:
    """Of the table below it."""
    section = PAGE.read_text("utf-8").split(f"\n## {heading}\n")[1].split("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("| `")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


def default_of(field: dataclasses.Field[object]) -> object:
    made = field.default_factory
    if made is not dataclasses.MISSING:
        return made()
    return field.default


def test_each_setting_is_told_with_its_default() -> None:
    told = {name.strip("`"): default.strip("`") for name, default, _ in rows_of("Settings")}
    there = {}
    for field in dataclasses.fields(conf.Settings):
        default = default_of(field)
        text = f'"{default}"' if isinstance(default, str) else repr(default)
        there[field.name.upper()] = "{}" if isinstance(default, Mapping) else text
    assert told == there


def test_each_endpoint_is_told() -> None:
    told = {re.sub(r"`\w+ (.*)`", r"\1", row[0]) for row in rows_of("Endpoints")}
    there = set()
    for pattern in urlpatterns:
        assert isinstance(pattern, URLPattern)
        there.add(re.sub(r"<\w+:", "<", str(pattern.pattern)))
    assert told == there


def test_each_command_is_told_with_flags_that_it_has() -> None:
    rows = rows_of("Commands")
    ours = {name for name, app in get_commands().items() if app == "bhashatts.django"}
    assert {row[0].strip("`") for row in rows} == ours
    for name, text in rows:
        parser = load_command_class("bhashatts.django", name.strip("`")).create_parser("", name)
        for flag in re.findall(r"`(--[\w-]+)`", text):
            assert flag in parser.format_help(), name


def test_its_python_runs() -> None:
    blocks = re.findall(r"^```python\n(.*?)^```$", PAGE.read_text("utf-8"), re.S | re.M)
    there: dict[str, object] = {}
    for number, block in enumerate(blocks):
        exec(compile(block, f"block {number}", "exec"), there)  # of our own page
    shelf = there["Shelf"]
    assert isinstance(shelf, type)
    assert issubclass(shelf, Stories)
    story = shelf().story("moon")
    assert story is not None
    assert [page.number for page in shelf().pages(story)] == [1, 2]
