"""BHASHATTS_SYNTHESIZER=gradio against a real Gradio app."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from command import SENTENCE, Command
from conftest import MakeCommand, StartUpstream
from serving import UpstreamServer
from spoken import ESPEAK_RATE, Samples, samples_in, samples_of


@pytest.fixture(scope="module")
def app(start_upstream: StartUpstream) -> UpstreamServer:
    return start_upstream("gradio_app.py").wait_until_ready()


def pointed_at(app: UpstreamServer, command: MakeCommand, function: str) -> Command:
    return command(
        BHASHATTS_SYNTHESIZER="gradio",
        BHASHATTS_ENDPOINT_URL=app.url,
        BHASHATTS_GRADIO_API_NAME=function,
        BHASHATTS_MAX_ATTEMPTS="1",
    )


def test_speaks_by_the_function_of_the_space_which_answers_in_mp3(
    app: UpstreamServer, command: MakeCommand
) -> None:
    made, wav = pointed_at(app, command, "generate_finetuned").say()
    assert made["origin"] == "synthesized"
    assert made["sample_rate"] == ESPEAK_RATE
    asked = app.asked()[-1]
    assert asked["text"] == SENTENCE
    assert asked["description"].endswith(".")
    heard, spoken = samples_in(wav), samples_of(SENTENCE)
    assert abs(heard.size - spoken.size) < 0.1 * ESPEAK_RATE  # MP3 pads
    assert loudness(heard) == pytest.approx(loudness(spoken), rel=0.1)


def test_what_it_answers_in_wav_comes_back_sample_by_sample(
    app: UpstreamServer, command: MakeCommand
) -> None:
    _, wav = pointed_at(app, command, "/generate_wav").say()
    assert np.array_equal(samples_in(wav), samples_of(SENTENCE))


def test_asks_once_for_what_it_has(app: UpstreamServer, command: MakeCommand) -> None:
    pointed = pointed_at(app, command, "generate_wav")
    first, wav = pointed.say()
    calls = len(app.asked())
    again, same_wav = pointed.say()
    assert (first["cached"], again["cached"]) == (False, True)
    assert same_wav == wav
    assert len(app.asked()) == calls


def failure_of(app: UpstreamServer, command: MakeCommand, function: str) -> dict[str, Any]:
    outcome = pointed_at(app, command, function).run("say", "--json", SENTENCE)
    assert outcome.exit_status == 4
    assert app.url not in outcome.out + outcome.err
    error = json.loads(outcome.out)["error"]
    assert isinstance(error, dict)
    return error


def test_a_quota_that_is_used_up_tells_when_to_come_back(
    app: UpstreamServer, command: MakeCommand
) -> None:
    error = failure_of(app, command, "generate_over_quota")
    assert error["code"] == "rate_limited"
    assert error["retry_after_ms"] == (5 * 60 + 11) * 1000
    assert error["retryable"]


def test_a_fault_of_the_app_is_an_upstream_failure(
    app: UpstreamServer, command: MakeCommand
) -> None:
    assert failure_of(app, command, "generate_broken")["code"] == "upstream_failed"


def test_a_function_that_is_not_there_is_found_by_status(
    app: UpstreamServer, command: MakeCommand
) -> None:
    # Gradio answers the call with a bare 500, so only its list of functions can tell.
    assert failure_of(app, command, "generate_nothing")["code"] == "upstream_failed"
    status = pointed_at(app, command, "generate_nothing").run("status", "--json").json()
    assert status["status"] == "unhealthy"
    assert status["model"]["status"] == "not_served"
    assert "BHASHATTS_GRADIO_API_NAME" in status["model"]["message"]


def test_status_probes_without_speaking(app: UpstreamServer, command: MakeCommand) -> None:
    calls = len(app.asked())
    outcome = pointed_at(app, command, "generate_wav").run("status", "--json")
    assert outcome.json()["status"] == "healthy"
    assert len(app.asked()) == calls


def loudness(samples: Samples) -> float:
    return float(np.sqrt(np.mean(np.square(samples.astype(np.float64)))))
