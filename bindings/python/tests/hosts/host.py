"""What all hosts share: a voice whose every call is paid for, and an engine on it.

The environment says where: HOST_DIR holds the data directory, the ledger (a line for each paid
call, of all processes) and the gate: a voice told to wait speaks once that file is there.
"""

from __future__ import annotations

import collections
import os
import time
from pathlib import Path
from typing import Any

from tones import tone

import bhashatts

PAGES = (  # one sentence each
    "चाँद ने तारों को कहानी सुनाई।",
    "மழை வந்ததும் மயில் ஆடியது.",
    "પતંગ આકાશમાં ઊંચે ઊડ્યો.",
    "ਨਿੱਕੀ ਚਿੜੀ ਨੇ ਆਲ੍ਹਣਾ ਬਣਾਇਆ।",
    "ఏనుగు చెరువులో స్నానం చేసింది.",
    "പൂച്ച മരത്തിൽ കയറി.",
)
LANGUAGES = ("HINDI", "TAMIL", "GUJARATI", "PUNJABI", "TELUGU", "MALAYALAM")


def directory() -> Path:
    return Path(os.environ["HOST_DIR"])


class Paid(bhashatts.Synthesizer):
    """A tone. Each call leaves "<process> <text>" in the ledger before it speaks."""

    def __init__(self, seconds: float = 0.0, gated: bool = False) -> None:
        self.seconds = seconds
        self.gated = gated

    def identity(self) -> str:
        return "test/paid@1"

    def limits(self) -> bhashatts.SynthesizerLimits:
        return bhashatts.SynthesizerLimits(concurrency=4, max_cost_micro_usd=100)

    def synthesize(self, request: bhashatts.SynthesisRequest) -> bhashatts.SynthesisResult:
        line = f"{os.getpid()} {request.text}\n".encode()
        ledger = os.open(directory() / "ledger", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        os.write(ledger, line)
        os.close(ledger)
        time.sleep(self.seconds)
        while self.gated and not request.stopping() and not (directory() / "gate").exists():
            time.sleep(0.01)
        return bhashatts.SynthesisResult(tone(request.text), cost_micro_usd=7)


def open_engine(voice: bhashatts.Synthesizer | None = None, **settings: Any) -> bhashatts.TtsEngine:
    given: dict[str, Any] = {"max_attempts": 1, "min_free_bytes": 1 << 20, **settings}
    return bhashatts.TtsEngine(
        environment=False,
        data_dir=directory() / "data",
        synthesizer=voice or Paid(),
        **given,
    )


def payments() -> list[tuple[int, str]]:
    """(process, text) of every paid call so far."""
    ledger = directory() / "ledger"
    lines = ledger.read_text("utf-8").splitlines() if ledger.exists() else []
    return [(int(line.partition(" ")[0]), line.partition(" ")[2]) for line in lines]


def paid() -> collections.Counter[str]:
    """How often each text was paid for."""
    return collections.Counter(text for _, text in payments())


def wait_until_paid(calls: int = 1) -> None:
    while len(payments()) < calls:
        time.sleep(0.005)


def open_gate() -> None:
    (directory() / "gate").touch()


def await_child(child: int) -> None:
    """Raises AssertionError unless the forked child ended well."""
    _, status = os.waitpid(child, 0)
    assert status == 0, f"the child ended with status {status:#x}"


def in_child(work: Any) -> int:
    """Forks; the child does the work and ends at once, without an interpreter's end."""
    child = os.fork()
    if child != 0:
        return child
    status = 1
    try:
        work()
        status = 0
    except BaseException:
        import traceback

        traceback.print_exc()
    finally:
        os._exit(status)
