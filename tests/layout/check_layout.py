"""Checks what the tree promises about itself: check_layout.py CHECK [ROOT].

Each check is a function that yields one line for each breach. ROOMS is the one place that says
which room may look into which; a new room is a new line there. Exit status: 0, 1 breaches, 77
skipped.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

# A room -> the rooms whose headers it may include, besides its own and bhashatts/. The same table,
# with the reasons, stands in src/README.md.
ROOMS: dict[str, set[str]] = {
    "base": set(),
    "text": {"base"},
    "voices": {"base"},
    "audio": {"base"},
    "config": {"base", "voices"},
    "net": {"base"},
    "redis": {"base", "net"},
    "synth": {"base", "voices", "audio", "net"},
    "cache": {"base", "redis"},
    "blob": {"base", "net"},
    "catalog": {"base"},
    "report": {"base"},
    "engine": {
        "base",
        "text",
        "voices",
        "audio",
        "config",
        "net",
        "redis",
        "synth",
        "cache",
        "blob",
        "catalog",
    },
    "cli": set(),
}

# The engine knows interfaces; two files wire them to what implements them. Others know what does
# more than its seam asks: the stack of tiers (generations, flush), the sweep (files that no record
# names), the spool (what is owed), and what hosts share (turns, a budget).
WIRING: dict[str, set[str]] = {
    "cache": {
        "engine/open.cpp",
        "engine/open_store.cpp",
        "engine/tier_stack.h",
        "engine/tier_stack.cpp",
    },
    "blob": {
        "engine/core.cpp",
        "engine/import.cpp",
        "engine/open_store.cpp",
        "engine/rooms.cpp",
        "engine/standing.cpp",
        "engine/sweep.cpp",
    },
    "redis": {"engine/attempt_ledger.h", "engine/hosts.h", "engine/open_store.cpp"},
    "synth": {"engine/open_voices.cpp"},
}

DIRECTORIES = "include", "src", "capi", "bindings", "tests", "benchmarks", "examples", "cmake"
MOST_LINES = 450
MOST_INCLUDES = 20  # of a header
MOST_OWN_INCLUDES = 10  # of those, ours
NO_THREAD_RULE = {"export.h"}  # a macro

INCLUDE = re.compile(r'^\s*#\s*include\s+(["<])([^">]+)[">]', re.MULTILINE)
MAP_LINE = re.compile(r"^\s*- `([^`]+)`", re.MULTILINE)


class Skipped(Exception):
    """The tree does not have yet what the check is about."""


def files(root: Path, *patterns: str) -> Iterator[Path]:
    for directory in DIRECTORIES:
        for pattern in patterns:
            yield from sorted((root / directory).rglob(pattern))


def includes(file: Path) -> list[tuple[str, str]]:
    return INCLUDE.findall(file.read_text())


def sources_listed(root: Path) -> Iterator[str]:
    """Every source stands by name in a CMake file of its part of the tree; nothing is globbed."""
    lists = [root / "CMakeLists.txt", *files(root, "CMakeLists.txt", "*.cmake")]
    for file in lists:
        if re.search(r"\bfile\s*\(\s*GLOB", file.read_text()):
            yield f"{file.relative_to(root)}: globs"
    for source in files(root, "*.cpp"):
        if not any(names(file, source) for file in lists):
            yield f"{source.relative_to(root)}: in no CMakeLists.txt"


def names(cmake_list: Path, source: Path) -> bool:
    """Whether the list names the source, by its path from the list's directory."""
    words = re.split(r'[\s()"]+', cmake_list.read_text())
    short = re.sub(r"_(fuzz|test)\.cpp$", "", source.name)  # bhashatts_fuzz(text): text_fuzz.cpp
    if cmake_list.parent == source.parent and short in words:
        return True
    candidates = (word for word in words if word.endswith(source.name))
    return any((cmake_list.parent / word).resolve() == source for word in candidates)


def public_headers(root: Path) -> Iterator[str]:
    """cmake/PublicHeaders.cmake is include/bhashatts; each header says its thread rule."""
    cmake_list = (root / "cmake/PublicHeaders.cmake").read_text()
    listed = set(re.findall(r"^\s+(\w+\.h)", cmake_list, re.M))
    there = {file.name for file in (root / "include/bhashatts").iterdir()}
    for name in sorted(listed ^ there):
        yield f"{name}: {'listed, not there' if name in listed else 'there, not listed'}"
    for name in sorted(there - NO_THREAD_RULE):
        text = (root / "include/bhashatts" / name).read_text()
        if "hread rule" not in text:
            yield f"include/bhashatts/{name}: no thread rule"
        for _, target in includes(root / "include/bhashatts" / name):
            if "/" in target and not target.startswith(("bhashatts/", "sys/")):
                yield f"include/bhashatts/{name}: includes {target}"


def rooms(root: Path) -> Iterator[str]:
    """A lower room never includes an upper one, and only the wiring knows implementations."""
    for room in sorted(path.name for path in (root / "src").iterdir() if path.is_dir()):
        if room not in ROOMS:
            yield f"src/{room}: not in the table of rooms"
            continue
        for file in sorted((root / "src" / room).rglob("*.[hc]*")):
            yield from breaches_of(room, file, root)


def breaches_of(room: str, file: Path, root: Path) -> Iterator[str]:
    name = file.relative_to(root / "src").as_posix()
    for quote, target in includes(file):
        if quote == "<":
            continue
        other = target.split("/")[0]
        if other not in ROOMS[room] | {room, "bhashatts"}:
            yield f"src/{name}: {room} may not include {target}"
        if room == "engine" and name not in WIRING.get(other, {name}):
            yield f"src/{name}: only {', '.join(sorted(WIRING[other]))} may include {target}"


def headers_of_ours(root: Path) -> Iterator[Path]:
    return (file for file in files(root, "*.h") if "consumers" not in file.parts)


def first_directive(text: str) -> str:
    return next((line for line in text.splitlines() if line.startswith("#")), "")


def sizes(root: Path) -> Iterator[str]:
    """No file is longer than a reader's patience."""
    patterns = ("*.h", "*.cpp", "*.py", "*.sh", "*.cmake", "CMakeLists.txt")
    for file in files(root, *patterns):
        lines = len(file.read_text().splitlines())
        if lines > MOST_LINES:
            yield f"{file.relative_to(root)}: {lines} lines, {MOST_LINES} at most"


def includes_of_headers(root: Path) -> Iterator[str]:
    """Headers stay narrow, and bring no namespace along."""
    for file in headers_of_ours(root):
        name, found = file.relative_to(root), includes(file)
        own = sum(quote == '"' for quote, _ in found)
        if len(found) > MOST_INCLUDES or own > MOST_OWN_INCLUDES:
            yield f"{name}: includes {len(found)} headers, {own} of ours"
        text = file.read_text()
        guard = "#ifndef" if 'extern "C" {' in text else "#pragma once"  # C has no pragma once
        if not first_directive(text).startswith(guard):
            yield f"{name}: does not begin with {guard}"
        if re.search(r"^\s*using namespace", text, re.M):
            yield f"{name}: using namespace"


def map_of_readme(root: Path) -> Iterator[str]:
    """The directories in README's section "Map" are those that there are."""
    readme = root / "README.md"
    section = re.search(
        r"^## Map$(.*?)(?=^## |\Z)", readme.read_text() if readme.exists() else "", re.M | re.S
    )
    if not section:
        raise Skipped("README.md has no section '## Map'")
    mapped = MAP_LINE.findall(section[1])
    for path in mapped:
        if not (root / path).exists():
            yield f"README.md: {path} is in the map, not in the tree"
    for entry in sorted(root.iterdir()):
        ours = entry.is_dir() and not entry.name.startswith((".", "build"))
        if ours and not any(path.startswith(entry.name + "/") for path in mapped):
            yield f"README.md: {entry.name}/ is in the tree, not in the map"


CHECKS: dict[str, Callable[[Path], Iterator[str]]] = {
    "sources_listed": sources_listed,
    "public_headers": public_headers,
    "rooms": rooms,
    "includes": includes_of_headers,
    "sizes": sizes,
    "map": map_of_readme,
}


def main(arguments: list[str]) -> int:
    if not arguments or arguments[0] not in CHECKS:
        print(f"usage: check_layout.py {'|'.join(CHECKS)} [ROOT]", file=sys.stderr)
        return 2
    root = Path(arguments[1] if len(arguments) > 1 else Path(__file__).parents[2]).resolve()
    try:
        breaches = list(CHECKS[arguments[0]](root))
    except Skipped as why:
        print(why)
        return 77
    print("\n".join(breaches) or "nothing to complain of")
    return 1 if breaches else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
