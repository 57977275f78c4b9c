"""What the pages for users show, runs."""

from __future__ import annotations

import importlib.util
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

import bhashatts

TREE = Path(__file__).resolve().parents[3]
PAGES = ["docs/python.md", "bindings/python/README.md", "README.md"]
OPTIONAL = ("django", "prometheus_client")


def blocks_of(page: str) -> list[str]:
    text = (TREE / page).read_text("utf-8")
    return re.findall(r"^```python\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


def wants(block: str) -> set[str]:
    return set(re.findall(r"^(?:import|from) (\w+)", block, re.MULTILINE))


@pytest.mark.parametrize("page", PAGES)
def test_the_blocks_of_a_page_run_in_order(
    page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not (TREE / page).exists():
        pytest.skip("the pages are not beside the tests")
    if shutil.which("espeak-ng") is None:
        pytest.skip("espeak-ng is not installed")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BHASHATTS_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("BHASHATTS_SYNTHESIZER", "espeak")
    monkeypatch.setenv("BHASHATTS_MIN_FREE_BYTES", str(1 << 20))
    there: dict[str, Any] = {"__name__": "page"}
    try:
        for number, block in enumerate(blocks_of(page)):
            if all(importlib.util.find_spec(one) for one in wants(block) & set(OPTIONAL)):
                exec(compile(block, f"{page}, block {number}", "exec"), there)
    finally:
        if isinstance(there.get("engine"), bhashatts.TtsEngine):
            there["engine"].close()
    assert (tmp_path / ("page.wav" if "docs" in page else "hello.wav")).stat().st_size > 1000


def test_the_page_names_all_metrics() -> None:
    pytest.importorskip("prometheus_client")
    if not (TREE / PAGES[0]).exists():
        pytest.skip("the pages are not beside the tests")
    text = (TREE / PAGES[0]).read_text("utf-8")
    import bhashatts.prometheus

    source = Path(bhashatts.prometheus.__file__).read_text("utf-8")
    names = set(re.findall(r'_(?:gauge|counter)\(\s*"(\w+)"', source))
    assert len(names) > 15
    for name in names:
        assert f"bhashatts_{name}" in text, name


def test_the_page_tells_the_truth_of_codes() -> None:
    if not (TREE / PAGES[0]).exists():
        pytest.skip("the pages are not beside the tests")
    text = (TREE / PAGES[0]).read_text("utf-8")
    for hundreds, names in re.findall(r"^\| (\d)\d?\w+ (`[^|]+) \|", text, re.MULTILINE):
        for name in re.findall(r"`([A-Z_]+)`", names):
            assert str(int(bhashatts.ErrorCode[name]))[0] == hundreds, name
