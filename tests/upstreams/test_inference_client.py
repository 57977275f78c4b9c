"""Our client and huggingface_hub's, at the same server, about the same sentence.

What must agree agrees; what differs is listed here, with the reason, and nothing else may.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from huggingface_hub import InferenceClient

from command import SENTENCE
from conftest import MakeCommand
from exchange import Exchange, recording
from spoken import samples_in, wav_of

TOKEN = "hf_a_token_of_the_tests"
PATH = "/an/endpoint?of=ours"

# Sent by both, with values of each one's own.
OWN_VALUES = {
    "host",
    "user-agent",
    "x-amzn-trace-id",
    # The same JSON; the bytes differ by blanks and by escapes for what is not ASCII.
    "content-length",
}
# Its HTTP library asks for a connection to be kept, which HTTP/1.1 does unasked, and for
# compression, which audio gains nothing from.
ONLY_THEIRS = {"connection", "accept-encoding"}
# Has a dedicated endpoint that sleeps hold the call while it wakes, and not answer 503 at once.
ONLY_OURS = {"x-scale-up-timeout"}


@dataclass(frozen=True)
class Both:
    ours: Exchange
    theirs: Exchange
    sent: bytes
    our_wav: bytes
    their_bytes: bytes


@pytest.fixture(scope="module")
def wav() -> bytes:
    return wav_of(SENTENCE)


@pytest.fixture
def both(wav: bytes, command: MakeCommand) -> Iterator[Both]:
    with recording(wav, "audio/wav") as recorder:
        url = recorder.url + PATH
        _, our_wav = command(
            BHASHATTS_SYNTHESIZER="huggingface",
            BHASHATTS_ENDPOINT_URL=url,
            BHASHATTS_ENDPOINT_TOKEN=TOKEN,
        ).say()
        (ours,) = recorder.exchanges
        description = ours.json()["parameters"]["description"]
        client = InferenceClient(model=url, token=TOKEN)
        their_bytes = client.text_to_speech(SENTENCE, extra_body={"description": description})
        yield Both(ours, recorder.exchanges[1], wav, our_wav, their_bytes)


def test_method_path_and_body_agree(both: Both) -> None:
    assert (both.ours.method, both.ours.path) == (both.theirs.method, both.theirs.path)
    assert both.ours.path == PATH
    assert both.ours.json() == both.theirs.json()
    assert set(both.ours.json()) == {"inputs", "parameters"}


def test_headers_agree_but_for_those_listed(both: Both) -> None:
    ours, theirs = both.ours.headers, both.theirs.headers
    assert set(theirs) - set(ours) == ONLY_THEIRS
    assert set(ours) - set(theirs) == ONLY_OURS
    shared = set(ours) & set(theirs)
    assert {name for name in shared if ours[name] != theirs[name]} <= OWN_VALUES
    for name in ("authorization", "content-type", "accept"):
        assert ours[name] == theirs[name]
    assert ours["authorization"] == f"Bearer {TOKEN}"


def test_each_call_has_a_trace_id_of_its_own(both: Both) -> None:
    ids = [exchange.headers["x-amzn-trace-id"] for exchange in (both.ours, both.theirs)]
    assert all(len(each) == 36 for each in ids)  # a UUID
    assert ids[0] != ids[1]


def test_both_receive_the_same_audio(both: Both) -> None:
    assert both.their_bytes == both.sent
    assert samples_in(both.our_wav).tobytes() == samples_in(both.their_bytes).tobytes()
