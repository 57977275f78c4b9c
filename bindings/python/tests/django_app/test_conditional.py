"""If-None-Match and Range, by themselves."""

from __future__ import annotations

import pytest

from bhashatts.django.api.conditional import Unsatisfiable, matches, part_of

ETAG = '"c0ffee.wav"'


@pytest.mark.parametrize(
    ("header", "fits"),
    [
        (None, False),
        ("*", True),
        (ETAG, True),
        (f"W/{ETAG}", True),
        (f'"other", {ETAG}', True),
        ('"other"', False),
        ("", False),
        ("c0ffee.wav", False),
    ],
)
def test_an_etag_is_found_in_a_list(header: str | None, fits: bool) -> None:
    assert matches(header, ETAG) is fits


@pytest.mark.parametrize(
    ("header", "part"),
    [
        ("bytes=0-0", range(1)),
        ("bytes=0-", range(100)),
        ("bytes=10-19", range(10, 20)),
        ("bytes=90-1000", range(90, 100)),
        ("bytes=-10", range(90, 100)),
        ("bytes=-1000", range(100)),
        ("bytes = 5 - 6", range(5, 7)),
        # What is none, and several, are answered whole.
        ("bytes=6-5", None),
        ("bytes=0-1,5-6", None),
        ("bytes=-", None),
        ("bytes=a-b", None),
        ("items=0-5", None),
        ("", None),
        (None, None),
        ("bytes=" + "9" * 400 + "-", None),
    ],
)
def test_a_range_names_bytes(header: str | None, part: range | None) -> None:
    assert part_of(header, None, ETAG, 100) == part


@pytest.mark.parametrize("header", ["bytes=100-", "bytes=100-200", "bytes=-0"])
def test_a_range_behind_the_end_cannot_be_had(header: str) -> None:
    with pytest.raises(Unsatisfiable):
        part_of(header, None, ETAG, 100)


def test_a_range_of_another_version_is_answered_whole() -> None:
    assert part_of("bytes=0-1", ETAG, ETAG, 100) == range(2)
    assert part_of("bytes=0-1", '"old.wav"', ETAG, 100) is None
    assert part_of("bytes=0-1", f"W/{ETAG}", ETAG, 100) is None
