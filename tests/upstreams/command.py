"""Our side: the bhashatts command, as a user runs it."""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# A sentence of some length: the gate refuses what is too short to be speech.
SENTENCE = "एक समय की बात है, एक छोटे से गाँव में एक किसान रहता था।"


@dataclass(frozen=True)
class Outcome:
    exit_status: int
    out: str
    err: str

    def json(self) -> dict[str, Any]:
        assert self.exit_status == 0, f"exit {self.exit_status}: {self.out}{self.err}"
        made = json.loads(self.out)
        assert isinstance(made, dict)
        return made


class Command:
    """`settings` are the environment, and all of it but for where programs are found."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.folder = folder
        self._environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "LC_ALL": "C.UTF-8",
            "BHASHATTS_DATA_DIR": str(folder / "data"),
            **settings,
        }

    def run(self, *arguments: str) -> Outcome:
        done = subprocess.run(
            [os.environ["BHASHATTS_COMMAND"], *arguments],
            env=self._environment,
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        return Outcome(done.returncode, done.stdout, done.stderr)

    def say(self, text: str = SENTENCE) -> tuple[dict[str, Any], bytes]:
        """What say --json tells, and the WAV that it wrote."""
        out = self.folder / "speech.wav"
        outcome = self.run("say", "--json", "--language", "HINDI", "-o", str(out), text)
        return outcome.json(), out.read_bytes()
