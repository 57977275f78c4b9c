"""docs/requirements.md: all items are there, and what is said to prove them exists.

Names of tests are sentences, and sentences get better: this is what keeps the table true.
"""

from __future__ import annotations

import dataclasses
import functools
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[4]
PAGE = ROOT / "docs" / "requirements.md"
ITEMS = [f"A{number}" for number in range(1, 186)]
LAST_DECISION = 74

_ROW = re.compile(r"\| (A\d+) \| (.+?) \| (.+?) \|")
_NAMED = re.compile(r"`([^`]*)`")
_DECIDED = re.compile(r"\bB(\d+)\b(: \w+)?")
_CPP = re.compile(r"^TEST(?:_F|_P)?\(\s*(\w+),\s*(\w+)", re.MULTILINE)
_OTHERS = {  # by the ends of files' names
    ".py": re.compile(r"^\s*(?:async )?def (test_\w+)", re.MULTILINE),
    "_test.go": re.compile(r"^func (Test\w+)", re.MULTILINE),
    ".rs": re.compile(r"^\s*fn (\w+)", re.MULTILINE),
}

pytestmark = pytest.mark.skipif(not PAGE.exists(), reason="this is not the whole tree")


@dataclasses.dataclass(frozen=True)
class Row:
    """A line of a table."""

    item: str
    asked_for: str
    proof: str

    @property
    def tests(self) -> list[str]:
        """Named in it: between backticks, with a dot or two colons in them."""
        return [name for name in _NAMED.findall(self.proof) if "::" in name or "." in name]


@functools.cache
def rows() -> list[Row]:
    """All lines of all tables."""
    lines = PAGE.read_text("utf-8").splitlines()
    found = (_ROW.fullmatch(line) for line in lines)
    return [Row(*match.groups()) for match in found if match is not None]


@functools.cache
def cpp_names() -> set[str]:
    """Suite.Name of all."""
    sources = (ROOT / "tests").rglob("*.cpp")
    return {".".join(pair) for path in sources for pair in _CPP.findall(path.read_text("utf-8"))}


@functools.cache
def other_names() -> dict[str, list[set[str]]]:
    """By a file's name, for each file of that name its tests."""
    found: dict[str, list[set[str]]] = {}
    for ending, pattern in _OTHERS.items():
        for path in (
            *(ROOT / "bindings").rglob(f"*{ending}"),
            *(ROOT / "deploy").rglob(f"*{ending}"),
        ):
            names = set(pattern.findall(path.read_text("utf-8", "replace")))
            if names:
                found.setdefault(path.name, []).append(names)
    return found


def why_not(test: str) -> str | None:
    """What is wrong with the name of a test."""
    if "::" not in test:
        return None if test in cpp_names() else "no C++ test is called so"
    file, _, name = test.partition("::")
    if file not in other_names():
        return f"no file with tests is called {file}"
    if not any(name in names for names in other_names()[file]):
        return f"{file} has no test of that name"
    return None


def test_every_item_is_there_once_and_in_order() -> None:
    items = [row.item for row in rows()]
    missing = [item for item in ITEMS if item not in items]
    twice = sorted({item for item in items if items.count(item) > 1})
    assert not missing, f"no row for {', '.join(missing)}"
    assert not twice, f"more than one row for {', '.join(twice)}"
    assert items == ITEMS


def test_every_line_of_a_table_is_a_row() -> None:
    lines = PAGE.read_text("utf-8").splitlines()
    odd = [line[:60] for line in lines if line.startswith("| A") and not _ROW.fullmatch(line)]
    assert odd == []


def test_every_item_has_a_test_or_a_decision() -> None:
    bare = [row.item for row in rows() if not row.tests and not _DECIDED.search(row.proof)]
    assert not bare, f"nothing proves {', '.join(bare)}"


def test_every_test_that_is_named_exists() -> None:
    wrong = [
        f"{row.item} names {test}: {reason}"
        for row in rows()
        for test in row.tests
        for reason in [why_not(test)]
        if reason is not None
    ]
    assert not wrong, "\n".join(["docs/requirements.md names what there is not:", *wrong])


def test_every_decision_has_a_number_and_says_what_is_done_instead() -> None:
    for row in rows():
        for number, instead in _DECIDED.findall(row.proof):
            assert 1 <= int(number) <= LAST_DECISION, f"{row.item}: there is no B{number}"
            assert instead, f"{row.item}: say behind B{number} what is done instead"


def test_names_that_are_wrong_are_noticed() -> None:
    assert why_not("HuggingFace.NobodyWroteThis") is not None
    assert why_not("test_nothing.py::test_nothing") is not None
    assert why_not("test_requirements_table.py::test_nothing") is not None
    assert why_not("test_requirements_table.py::test_names_that_are_wrong_are_noticed") is None
    assert why_not("engine_test.go::TestNobodyWroteThis") is not None
