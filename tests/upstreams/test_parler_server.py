"""BHASHATTS_SYNTHESIZER=huggingface against deploy/parler's server, as its README has it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from command import SENTENCE, Command
from conftest import MakeCommand, StartUpstream
from serving import UpstreamServer
from spoken import ESPEAK_RATE, samples_in, samples_of

TOKEN = "a-token-of-the-tests"


@pytest.fixture(scope="module")
def parler(start_upstream: StartUpstream) -> UpstreamServer:
    return start_upstream("parler_server.py", PARLER_TOKEN=TOKEN).wait_until_ready("health")


def pointed_at(parler: UpstreamServer, command: MakeCommand, token: str = TOKEN) -> Command:
    return command(
        BHASHATTS_SYNTHESIZER="huggingface",
        BHASHATTS_ENDPOINT_URL=parler.url,
        BHASHATTS_ENDPOINT_TOKEN=token,
        BHASHATTS_SEED_FIELD="parameters.seed",
        BHASHATTS_MAX_ATTEMPTS="1",
    )


def test_speaks_with_the_description_and_a_seed(
    parler: UpstreamServer, command: MakeCommand
) -> None:
    made, wav = pointed_at(parler, command).say()
    asked = parler.asked()[-1]
    assert asked["text"] == SENTENCE
    assert asked["description"].endswith(".")
    assert made["sample_rate"] == ESPEAK_RATE
    assert np.array_equal(samples_in(wav), samples_of(SENTENCE, 20 + asked["seed"] % 60))


def test_a_rejected_take_is_followed_by_one_of_another_seed(
    parler: UpstreamServer, command: MakeCommand
) -> None:
    pointed = pointed_at(parler, command)
    _, first = pointed.say()
    pointed.run("reject", "--json", "--language", "HINDI", SENTENCE).json()
    made, second = pointed.say()
    assert made["take"] == 1
    assert parler.asked()[-1]["seed"] != parler.asked()[-2]["seed"]
    assert first != second


def test_the_wrong_token_is_said_to_be_wrong_and_not_repeated(
    parler: UpstreamServer, command: MakeCommand
) -> None:
    outcome = pointed_at(parler, command, "another-token").run("say", "--json", SENTENCE)
    assert outcome.exit_status == 4
    assert json.loads(outcome.out)["error"]["code"] == "unauthorized"
    assert "BHASHATTS_ENDPOINT_TOKEN" in outcome.err
    assert "another-token" not in outcome.out + outcome.err
    assert parler.url not in outcome.out + outcome.err


def test_status_is_healthy_without_speaking(parler: UpstreamServer, command: MakeCommand) -> None:
    calls = len(parler.asked())
    outcome = pointed_at(parler, command).run("status", "--json")
    assert outcome.json()["status"] == "healthy"
    assert len(parler.asked()) == calls


def test_status_tells_that_it_is_loading(
    start_upstream: StartUpstream, command: MakeCommand, tmp_path: Path
) -> None:
    gate = tmp_path / "loaded"
    server = start_upstream("parler_server.py", PARLER_TOKEN=TOKEN, LOAD_GATE=str(gate))
    server.wait_until_listening()
    status = pointed_at(server, command).run("status", "--json").json()
    gate.touch()
    assert status["status"] != "healthy"
    assert status["model"]["status"] == "loading"
    server.wait_until_ready("health")


def test_its_log_holds_neither_text_nor_token(parler: UpstreamServer, command: MakeCommand) -> None:
    pointed_at(parler, command).say()
    assert "spoke 1 texts" in parler.log()
    assert SENTENCE not in parler.log()
    assert TOKEN not in parler.log()
