"""What a hit costs through each language, C++, C, Rust, Go: the same page, asked for anew.

usage: bindings.py BUILD_DIR [HITS]

Each is a program of its own that opens an engine of its own, makes the page once by a voice of its
own, and then speaks, takes the audio and lets go. They take turns, so that a slow second of the
machine is everybody's; told is the median of the rounds, and the ratio to C++ in the same round. A
language without a compiler here is left out, and said to be.
"""

from __future__ import annotations

import os
import re
import shutil
import statistics
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

ROUNDS = 5
ROOT = Path(__file__).resolve().parent.parent

Nanoseconds = dict[str, float]


def output(command: list[str], folder: Path, **environment: str) -> str:
    done = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode not in (0, 1):  # 1: capi_bench found C too slow, which is told as well
        sys.exit(f"{command[0]} ended with {done.returncode}")
    return done.stdout


def found(pattern: str, text: str) -> float:
    match = re.search(pattern, text)
    if match is None:
        sys.exit(f"no {pattern} in: {text}")
    return float(match[1])


def c_round(build: Path, hits: int) -> Callable[[], Nanoseconds]:
    def once() -> Nanoseconds:
        told = output([str(build / "benchmarks/capi_bench"), str(hits)], build)
        return {"C++": found(r"bare:.*C\+\+ (\d+) ns", told), "C": found(r"bare:.*, C (\d+)", told)}

    return once


def rust_round(build: Path, hits: int) -> Callable[[], Nanoseconds]:
    places = {
        "LIBBHASHATTS_C_DIR": str(build / "capi"),
        "CARGO_TARGET_DIR": str(build / "rust"),
        "LD_LIBRARY_PATH": str(build / "capi"),
    }
    crate = ROOT / "bindings/rust"
    make = ["cargo", "build", "--release", "--example", "hit", "--offline", "--locked", "--quiet"]
    output(make, crate, **places)
    program = str(build / "rust/release/examples/hit")

    def once() -> Nanoseconds:
        told = output([program, str(hits)], crate, **places)
        return {"Rust": found(r"synthesize, a hit .*median +(\d+) ns", told)}

    return once


def go_round(build: Path, hits: int) -> Callable[[], Nanoseconds]:
    description = build / "go/bhashatts-c.pc"
    description.parent.mkdir(exist_ok=True)
    description.write_text(
        "Name: bhashatts-c\nDescription: a build tree\nVersion: 0\n"
        f"Libs: -L{build}/capi -lbhashatts_c\nCflags: -I{ROOT}/include\n",
        encoding="utf-8",
    )
    places = {
        "PKG_CONFIG_PATH": str(description.parent),
        "LD_LIBRARY_PATH": str(build / "capi"),
        "GOFLAGS": "-buildvcs=false",
        "GOTOOLCHAIN": "local",
        "GOPROXY": "off",
    }
    module = ROOT / "bindings/go"
    program = str(build / "go/bench")
    output(["go", "test", "-c", "-o", program, "."], module, **places)
    run = [program, "-test.run", "^$", "-test.bench", "^BenchmarkHit$"]

    def once() -> Nanoseconds:
        told = output([*run, "-test.benchtime", f"{hits}x"], module, **places)
        return {"Go": found(r"BenchmarkHit\S*\s+\d+\s+([\d.]+) ns/op", told)}

    return once


def main() -> None:
    build = Path(sys.argv[1]).resolve()
    hits = int(sys.argv[2]) if len(sys.argv) > 2 else 200_000
    turns = [c_round(build, hits)]
    for compiler, prepare in (("cargo", rust_round), ("go", go_round)):
        if shutil.which(compiler):
            turns.append(prepare(build, hits))
        else:
            print(f"skipped: there is no {compiler}")
    rounds = [{name: ns for turn in turns for name, ns in turn().items()} for _ in range(ROUNDS)]
    print(f"a hit, {hits} of them in each of {ROUNDS} rounds\n{'':8}{'ns':>8}  ratio_to_cpp")
    for name in rounds[0]:
        ns = statistics.median(one[name] for one in rounds)
        ratio = statistics.median(one[name] / one["C++"] for one in rounds)
        print(f"{name:8}{ns:8.0f}  {ratio:.2f}")


if __name__ == "__main__":
    main()
