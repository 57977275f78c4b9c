"""What may be asked for, and what each refusal says."""

from __future__ import annotations

import json

import pytest

from parler_voice.request import (
    DEFAULT_DESCRIPTION,
    MOST_SEED,
    Limits,
    RequestRefused,
    parse_body,
    parse_request,
)

LIMITS = Limits(most_characters=20, most_utterances=2)


def test_a_text_with_its_description_and_seed() -> None:
    data = {"inputs": "नमस्ते", "parameters": {"description": "Divya speaks.", "seed": 7}}
    request = parse_request(data, LIMITS)
    assert request.texts == ("नमस्ते",)
    assert request.descriptions == ("Divya speaks.",)
    assert request.seed == 7
    assert not request.is_batch


def test_one_description_serves_a_whole_batch() -> None:
    data = {"inputs": ["a", "b"], "parameters": {"description": "Divya speaks."}}
    request = parse_request(data, LIMITS)
    assert request.descriptions == ("Divya speaks.", "Divya speaks.")
    assert request.is_batch


def test_a_batch_may_bring_a_description_for_each() -> None:
    request = parse_request(
        {"inputs": ["a", "b"], "parameters": {"description": ["x", "y"]}}, LIMITS
    )
    assert request.descriptions == ("x", "y")


@pytest.mark.parametrize("data", [{"inputs": "a"}, {"inputs": "a", "parameters": None}])
def test_what_is_left_out_has_a_default(data: object) -> None:
    request = parse_request(data, LIMITS)
    assert request.descriptions == (DEFAULT_DESCRIPTION,)
    assert 0 <= request.seed <= MOST_SEED


def test_two_requests_without_a_seed_are_two_takes() -> None:
    assert (
        parse_request({"inputs": "a"}, LIMITS).seed != parse_request({"inputs": "a"}, LIMITS).seed
    )


@pytest.mark.parametrize(
    ("status", "data", "word"),
    [
        (400, [], "object"),
        (400, {}, "inputs"),
        (400, {"inputs": 3}, "list of texts"),
        (400, {"inputs": ["a", 3]}, "inputs[1]"),
        (400, {"inputs": "a", "parameters": []}, "parameters"),
        (400, {"inputs": "a", "parameters": {"description": 3}}, "description"),
        (400, {"inputs": "a", "parameters": {"seed": "3"}}, "whole number"),
        (400, {"inputs": "a", "parameters": {"seed": True}}, "whole number"),
        (422, {"inputs": []}, "1 to 2"),
        (422, {"inputs": ["a", "b", "c"]}, "1 to 2"),
        (422, {"inputs": " \n"}, "empty"),
        (422, {"inputs": "a" * 21}, "20 characters"),
        (422, {"inputs": "\ud800"}, "surrogate"),
        (422, {"text": "a", "inputs": "b"}, "`inputs`, `parameters`"),
        (422, {"inputs": "a", "parameters": {"descripton": "x"}}, "`description`, `seed`"),
        (422, {"inputs": ["a", "b"], "parameters": {"description": ["x"]}}, "one for each"),
        (422, {"inputs": "a", "parameters": {"description": ""}}, "description"),
        (422, {"inputs": "a", "parameters": {"seed": -1}}, "seed"),
        (422, {"inputs": "a", "parameters": {"seed": MOST_SEED + 1}}, "seed"),
    ],
)
def test_refusals_name_what_is_wrong(status: int, data: object, word: str) -> None:
    with pytest.raises(RequestRefused) as refused:
        parse_request(data, LIMITS)
    assert refused.value.status == status
    assert word in str(refused.value)


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[" * 100_000, b"nonsense"])
def test_what_is_no_json_is_refused(body: bytes) -> None:
    with pytest.raises(RequestRefused) as refused:
        parse_body(body, LIMITS)
    assert refused.value.status == 400


def test_refusals_repeat_nothing_of_the_request() -> None:
    with pytest.raises(RequestRefused) as refused:
        parse_body(json.dumps({"inputs": "secret " * 9}).encode(), LIMITS)
    assert "secret" not in str(refused.value)
