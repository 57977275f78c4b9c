"""BHASHATTS_SYNTHESIZER=huggingface against Hugging Face's own api-inference-community."""

from __future__ import annotations

import json
import urllib.request

import numpy as np
import pytest

from command import SENTENCE, Command
from conftest import MakeCommand, StartUpstream
from serving import UpstreamServer
from spoken import ESPEAK_RATE, samples_in, samples_of


@pytest.fixture(scope="module")
def community(start_upstream: StartUpstream) -> UpstreamServer:
    return start_upstream("community_server.py").wait_until_ready()


def pointed_at(community: UpstreamServer, command: MakeCommand, **settings: str) -> Command:
    return command(
        BHASHATTS_SYNTHESIZER="huggingface",
        BHASHATTS_ENDPOINT_URL=community.url + "models/somebody/voice",
        BHASHATTS_MAX_ATTEMPTS="1",
        **settings,
    )


def post(community: UpstreamServer, accept: str) -> tuple[str, bytes]:
    """As any client would: what it says that it sent, and what it sent."""
    request = urllib.request.Request(  # noqa: S310 (loopback)
        community.url, json.dumps({"inputs": SENTENCE}).encode(), {"Accept": accept}
    )
    with urllib.request.urlopen(request, timeout=30) as reply:  # noqa: S310
        return reply.headers["content-type"], reply.read()


def test_its_flac_of_unknown_length_comes_back_sample_by_sample(
    community: UpstreamServer, command: MakeCommand
) -> None:
    content_type, flac = post(community, "*/*")
    assert content_type == "audio/flac"
    total_samples = int.from_bytes(flac[21:26], "big") & 0xF_FFFF_FFFF
    assert total_samples == 0  # ffmpeg wrote to a pipe: the reason for this test
    made, wav = pointed_at(community, command).say()
    assert made["sample_rate"] == ESPEAK_RATE
    assert np.array_equal(samples_in(wav), samples_of(SENTENCE))


def test_the_description_arrives_as_a_parameter(
    community: UpstreamServer, command: MakeCommand
) -> None:
    pointed_at(community, command).say()
    asked = community.asked()[-1]
    assert asked["text"] == SENTENCE
    assert asked["description"].endswith(".")


@pytest.mark.parametrize(
    ("accept", "magic"), [("audio/wav", b"RIFF"), ("audio/ogg", b"OggS"), ("audio/flac", b"fLaC")]
)
def test_it_negotiates_the_format_as_we_were_told(
    community: UpstreamServer, accept: str, magic: bytes
) -> None:
    content_type, audio = post(community, accept)
    assert content_type == accept
    assert audio.startswith(magic)


def test_its_compute_time_is_what_is_paid(community: UpstreamServer, command: MakeCommand) -> None:
    made, _ = pointed_at(community, command, BHASHATTS_PRICE_USD="1/second").say()
    assert 0 < made["cost_usd"] < 30


def test_a_fault_of_the_pipeline_is_an_upstream_failure(
    community: UpstreamServer, command: MakeCommand
) -> None:
    outcome = pointed_at(community, command).run("say", "--json", "गड़बड़")
    assert outcome.exit_status == 4
    assert json.loads(outcome.out)["error"]["code"] == "upstream_failed"
    assert community.url not in outcome.out + outcome.err


def test_status_probes_without_speaking(community: UpstreamServer, command: MakeCommand) -> None:
    calls = len(community.asked())
    outcome = pointed_at(community, command).run("status", "--json")
    assert outcome.json()["status"] == "healthy"
    assert len(community.asked()) == calls
