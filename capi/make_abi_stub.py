#!/usr/bin/env python3
"""Prints C that defines every export of the C headers, empty: make_abi_stub.py.

Compiled with debug information it is the ABI that the headers promise, and nothing of what stands
behind it: a shipped library has no debug information, and with it would be 80 MB.
"""

from __future__ import annotations

from pathlib import Path

import c_header

ROOT = Path(__file__).resolve().parents[1]


def definition(export: c_header.Item) -> str:
    result = "" if export.returns == "void" else "return 0;"
    return f"{export.code.rstrip(';')} {{ {result} }}"


def main() -> None:
    print("#include <bhashatts/c.h>")
    print("#include <bhashatts/c_plugins.h>")
    for export in c_header.exports(ROOT):
        print(definition(export))


if __name__ == "__main__":
    main()
