"""Checks that the C headers are whole: check_header.py CHECK [ROOT].

Each check is a function that yields one line for each breach. Exit status: 0, 1 breaches.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "capi"))

import c_header

HANDLE_OUT = re.compile(r"^bhashatts_(\w+) ?\*\*")
POINTER_OUT = re.compile(r"^(bhashatts_text ?\*|const uint8_t ?\*\*)")


def documented(root: Path) -> Iterator[str]:
    """Each export says since when it is there, and each status-returning one its codes."""
    for export in c_header.exports(root):
        said = " ".join(export.comment.split())
        if not re.search(r"\bSince 0\.\d", said):
            yield f"{export.name}: no 'Since'"
        if export.returns == "bhashatts_status" and "Codes:" not in said:
            yield f"{export.name}: no 'Codes'"


def owners(root: Path) -> Iterator[str]:
    """What an export gives out says how it is freed, or until when it is valid."""
    for export in c_header.exports(root):
        said = " ".join(export.comment.split())
        for parameter in export.parameters:
            handle = HANDLE_OUT.match(parameter)
            if handle and not re.search(rf"Free\b.*\bwith bhashatts_{handle[1]}_destroy", said):
                yield f"{export.name}: does not say 'Free ... with bhashatts_{handle[1]}_destroy'"
            if POINTER_OUT.match(parameter) and "valid" not in said:
                yield f"{export.name}: does not say until when {parameter} is valid"
        if "*" in export.returns and "valid" not in said:
            yield f"{export.name}: does not say until when its result is valid"


def structs(root: Path) -> Iterator[str]:
    """Each struct begins with its size; each that a caller fills has an INIT macro."""
    items = list(c_header.all_items(root))
    macros = {item.name for item in items if item.code.startswith("#define")}
    callbacks = "".join(item.code for item in items if "(*" in item.code)
    for item in items:
        found = re.match(r"typedef struct (bhashatts_\w+) \{\n\s*(.*)", item.code)
        if not found or found[1] == "bhashatts_text":
            continue
        if not found[2].startswith("size_t struct_size;"):
            yield f"{found[1]}: does not begin with struct_size"
        if f"{found[1].upper()}_INIT" not in macros and f"{found[1]}*" not in callbacks:
            yield f"{found[1]}: no INIT macro"


def symbols(root: Path) -> Iterator[str]:
    """capi/symbols.txt is sorted, and is what the headers declare."""
    listed = (root / "capi/symbols.txt").read_text(encoding="utf-8").split()
    if listed != sorted(set(listed)):
        yield "capi/symbols.txt: not sorted"
    for name in sorted({export.name for export in c_header.exports(root)} ^ set(listed)):
        yield f"{name}: in one of capi/symbols.txt and the headers only"


def guards(root: Path) -> Iterator[str]:
    """Each export's body is one guard; but those that cannot fail, and are read with bare eyes."""
    cannot_fail = re.compile(r"\{\s*return [^;]*last_error\(\)\.[^;]*;\s*\}")
    by_eye = {
        "bhashatts_status_name",
        "bhashatts_version",
        "bhashatts_origin_name",
        "bhashatts_fail",
        "bhashatts_stop_requested",
    }
    unseen = {export.name for export in c_header.exports(root)}
    for source in sorted((root / "capi").glob("*.cpp")):
        for definition in source.read_text(encoding="utf-8").split("\nBHASHATTS_EXPORT ")[1:]:
            name = re.findall(r"\b(bhashatts_\w+)\(", definition)[0]
            body = definition[definition.index("{") :]
            unseen.discard(name)
            if not (
                re.match(r"\{\s*return guarded\(", body)
                or cannot_fail.match(body)
                or name in by_eye
            ):
                yield f"{source.name}: {name} has no guard"
    for name in sorted(unseen):
        yield f"{name}: no definition found in capi/"


def rules(root: Path) -> Iterator[str]:
    """Each of the rules R1 to R13 is named by a test."""
    overview = c_header.overview((root / "include/bhashatts/c.h").read_text(encoding="utf-8"))
    numbered = re.findall(r"^ *R(\d+) ", overview, re.MULTILINE)
    if numbered != [str(number) for number in range(1, 14)]:
        yield f"include/bhashatts/c.h: rules {numbered}"
    tests = "".join(
        file.read_text(encoding="utf-8")
        for file in sorted((root / "tests/capi").glob("*_test.cpp"))
    )
    for number in numbered:
        if not re.search(rf"\bTEST(_F)?\(RuleR{number}[A-Z]", tests):
            yield f"R{number}: no test is named RuleR{number}..."


CHECKS: dict[str, Callable[[Path], Iterator[str]]] = {
    "documented": documented,
    "owners": owners,
    "structs": structs,
    "symbols": symbols,
    "guards": guards,
    "rules": rules,
}


def main(arguments: list[str]) -> int:
    if not arguments or arguments[0] not in CHECKS:
        print(f"usage: check_header.py {'|'.join(CHECKS)} [ROOT]", file=sys.stderr)
        return 2
    root = Path(arguments[1] if len(arguments) > 1 else Path(__file__).parents[2]).resolve()
    breaches = list(CHECKS[arguments[0]](root))
    print("\n".join(breaches) or "nothing to complain of")
    return 1 if breaches else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
