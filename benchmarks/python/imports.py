"""How long the import takes: interpreters that do nothing beside those that import, by turns.

usage: imports.py

"asyncio, ..." is what most hosts have imported anyhow, and what the module imports when it is first
needed.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

import rounds

PROGRAMS = {
    "nothing": "pass",
    "bhashatts": "import bhashatts",
    "asyncio, dataclasses, json, logging": "import asyncio, dataclasses, json, logging",
}


def ms(program: str) -> float:
    """Of an interpreter from its beginning to its end."""
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", program], check=True)
    return (time.perf_counter() - start) * 1e3


def main() -> None:
    subprocess.run([sys.executable, "-c", "import bhashatts"], check=True)  # compiles what is not
    each = [{name: ms(program) for name, program in PROGRAMS.items()} for _ in range(21)]
    print(f"import, {rounds.machine()}")
    for name in list(PROGRAMS)[1:]:
        more = statistics.median(one[name] - one["nothing"] for one in each)
        missed = rounds.goal(name != "bhashatts" or more < 30)
        print(f"{name:40}{more:6.1f} ms{missed}")


if __name__ == "__main__":
    main()
