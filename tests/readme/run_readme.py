#!/usr/bin/env python3
"""Runs the commands that a text shows, so that they stay true.

usage: run_readme.py TEXT STORIES COMMAND

Every line of every block fenced as ``sh`` is run in one empty directory, in order, with the built
command first on PATH and the example stories beside it. Each must exit 0.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path


def commands(readme: str) -> list[str]:
    blocks: list[str] = re.findall(r"^```sh\n(.*?)^```", readme, re.DOTALL | re.MULTILINE)
    return [line for block in blocks for line in block.splitlines() if line.strip()]


def run(line: str, directory: Path, command: Path) -> int:
    environment = {
        "PATH": f"{command.parent}:{os.environ['PATH']}",
        "HOME": str(directory),
        "LANG": "C.UTF-8",
        "BHASHATTS_DATA_DIR": str(directory / "data"),
    }
    done = subprocess.run(
        ["sh", "-c", line],
        cwd=directory,
        env=environment,
        capture_output=True,
        timeout=120,
        check=False,
    )
    if done.returncode != 0:
        print(f"exit {done.returncode}: {line}\n{done.stdout!r}\n{done.stderr.decode()}")
    return done.returncode


def main() -> int:
    readme, stories, command = (Path(argument).resolve() for argument in sys.argv[1:4])
    lines = commands(readme.read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as name:
        shutil.copy(stories, Path(name) / "stories.jsonl")
        failed = [line for line in lines if run(line, Path(name), command) != 0]
    print(f"{len(lines) - len(failed)} passed, {len(failed)} failed")
    return 1 if failed or not lines else 0


if __name__ == "__main__":
    sys.exit(main())
