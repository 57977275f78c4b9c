"""Loading, queueing and stopping: what only a process of one's own can show."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from conftest import StartServer


def test_answers_that_it_is_loading_until_it_is_ready(start_server: StartServer) -> None:
    server = start_server(FAKE_LOAD="wait").wait_for_health(503)
    reply = server.post({"inputs": "a"})
    assert reply.status == 503
    assert reply.json()["estimated_time"] > 0
    assert reply.headers["retry-after"] == "10"
    server.open_gate()
    server.wait_for_health(200)
    assert server.post({"inputs": "a"}).status == 200


def test_a_voice_that_cannot_be_loaded_ends_it(start_server: StartServer) -> None:
    server = start_server(FAKE_LOAD="fail", PARLER_MODEL="somebody/gated")
    assert server.process.wait(timeout=30) == 1
    assert "no access to somebody/gated" in server.log()


def test_who_finds_the_line_full_is_told_when_to_come_back(start_server: StartServer) -> None:
    server = start_server(PARLER_MAX_WAITING="0").wait_for_health(200)
    with ThreadPoolExecutor() as pool:
        first = pool.submit(server.post, {"inputs": "wait"})
        server.wait_for_gate()
        reply = server.post({"inputs": "a"})
        health = server.request("GET", "/health").status
        server.open_gate()
        assert first.result().status == 200
    assert (reply.status, health) == (429, 200)
    assert 1 <= int(reply.headers["retry-after"]) <= 60
    assert "waiting" in reply.error()


def test_generations_take_turns(start_server: StartServer) -> None:
    server = start_server().wait_for_health(200)
    with ThreadPoolExecutor() as pool:
        first = pool.submit(server.post, {"inputs": "wait"})
        server.wait_for_gate()
        others = [pool.submit(server.post, {"inputs": "a" * n}) for n in range(1, 5)]
        server.open_gate()
        assert [call.result().status for call in [first, *others]] == [200] * 5


def test_told_to_stop_it_finishes_what_it_is_at(start_server: StartServer) -> None:
    server = start_server().wait_for_health(200)
    with ThreadPoolExecutor() as pool:
        first = pool.submit(server.post, {"inputs": "wait"})
        server.wait_for_gate()
        server.process.terminate()
        server.open_gate()
        reply = first.result()
    assert (reply.status, reply.headers["content-type"]) == (200, "audio/wav")
    assert server.process.wait(timeout=30) == 0


def test_idle_it_stops_at_once(start_server: StartServer) -> None:
    server = start_server().wait_for_health(200)
    assert server.stop() == 0


def test_a_token_may_stand_in_a_file(start_server: StartServer, tmp_path: Path) -> None:
    (tmp_path / "token").write_text("of-the-file\n")
    server = start_server(
        PARLER_TOKEN="", PARLER_TOKEN_FILE=str(tmp_path / "token")
    ).wait_for_health(200)
    assert server.post({"inputs": "a"}).status == 401
    assert server.post({"inputs": "a"}, authorization="Bearer of-the-file").status == 200


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PARLER_PORT", "x"),
        ("PARLER_MAX_BATCH", "0"),
        ("PARLER_TOKEN", "é"),
        ("PARLER_TOKEN_FILE", "/does/not/exist"),
        ("PARLER_HOST", "::"),
    ],
)
def test_settings_that_cannot_be_are_named(
    start_server: StartServer, name: str, value: str
) -> None:
    token = {"PARLER_TOKEN": ""} if name in ("PARLER_HOST", "PARLER_TOKEN_FILE") else {}
    server = start_server(**{**token, name: value})
    assert server.process.wait(timeout=30) == 2
    assert name in server.log()
