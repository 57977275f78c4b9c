"""The server through a real socket."""

from __future__ import annotations

import base64
import http.client
import io
import wave

import pytest
from fake_voice import RATE, REVISION, SAMPLES_A_CHARACTER
from running import TOKEN, RunningServer


def frames_of(wav: bytes) -> int:
    with wave.open(io.BytesIO(wav)) as file:
        assert file.getparams()[:3] == (1, 2, RATE)
        return int(file.getnframes())


def test_one_text_comes_back_as_wav(shared_server: RunningServer) -> None:
    reply = shared_server.post({"inputs": "नमस्ते", "parameters": {"seed": 1}})
    assert (reply.status, reply.headers["content-type"]) == (200, "audio/wav")
    assert frames_of(reply.body) == len("नमस्ते") * SAMPLES_A_CHARACTER
    assert float(reply.headers["x-compute-time"]) >= 0
    assert reply.headers["x-sha"] == REVISION
    assert len(reply.headers["x-request-id"]) == 36


def test_a_batch_comes_back_as_json(shared_server: RunningServer) -> None:
    reply = shared_server.post({"inputs": ["a", "abc"]}, accept="audio/wav")
    assert (reply.status, reply.headers["content-type"]) == (200, "application/json")
    made = reply.json()
    assert [frames_of(base64.b64decode(audio)) for audio in made["audio"]] == [441, 1323]
    assert made["sampling_rate"] == RATE


def test_who_takes_only_json_gets_the_shape_of_the_endpoint(shared_server: RunningServer) -> None:
    made = shared_server.post({"inputs": "ab"}, accept="application/json").json()
    assert frames_of(base64.b64decode(made["audio"])) == 882


def test_both_paths_of_an_endpoint_speak(shared_server: RunningServer) -> None:
    headers = {
        "authorization": f"bearer {TOKEN}",
        "content-type": "application/json; charset=utf-8",
    }
    reply = shared_server.request("POST", "/predict", b'{"inputs": "a"}', headers)
    assert reply.status == 200


@pytest.mark.parametrize("name", ["x-request-id", "X-Amzn-Trace-Id"])
def test_a_callers_id_comes_back(shared_server: RunningServer, name: str) -> None:
    reply = shared_server.post({"inputs": "a"}, **{name: "Root=1-67-ab"})
    assert reply.headers["x-request-id"] == "Root=1-67-ab"
    assert "Root=1-67-ab" in shared_server.log()


def test_an_id_that_could_forge_a_line_does_not(shared_server: RunningServer) -> None:
    reply = shared_server.post({"inputs": "a"}, **{"x-request-id": "a b\x0bc"})
    assert reply.headers["x-request-id"] != "a b\x0bc"
    assert shared_server.post({"inputs": "a"}, **{"x-request-id": "a" * 129}).status == 200


@pytest.mark.parametrize(
    ("status", "body", "word"),
    [
        (400, b"{", "JSON"),
        (400, b"{}", "`inputs`"),
        (422, b'{"inputs": ""}', "empty"),
        (422, b'{"inputs": "a", "parameters": {"speaker": "x"}}', "known"),
        (413, b'{"inputs": "%s"}' % (b"a" * 5000), "4096 bytes"),
    ],
)
def test_what_cannot_be_done_is_said(
    shared_server: RunningServer, status: int, body: bytes, word: str
) -> None:
    reply = shared_server.post(body)
    assert reply.status == status
    assert word in reply.error()
    assert reply.headers["x-request-id"]


def test_another_content_type_is_refused(shared_server: RunningServer) -> None:
    assert shared_server.post(b"inputs=a", content_type="text/plain").status == 415


@pytest.mark.parametrize("given", ["", "Bearer", f"Basic {TOKEN}", f"Bearer {TOKEN}x", "Bearer é"])
def test_without_the_token_nothing_is_spoken(shared_server: RunningServer, given: str) -> None:
    reply = shared_server.request("POST", "/", b"not even read", {"authorization": given})
    assert reply.status == 401
    assert reply.headers["www-authenticate"] == "Bearer"
    assert TOKEN not in reply.error()


def test_health_needs_no_token(shared_server: RunningServer) -> None:
    for path in ("/", "/health"):
        reply = shared_server.request("GET", path)
        assert reply.status == 200
        assert reply.json() == {"status": "ready", "model": "fake/voice", "sha": REVISION}


def test_other_paths_and_methods_are_answered_in_json(shared_server: RunningServer) -> None:
    assert shared_server.request("GET", "/other").error() == "Not Found"
    reply = shared_server.request("DELETE", "/")
    assert reply.status == 405
    assert reply.error()


def test_a_failed_generation_tells_nothing_of_the_text(shared_server: RunningServer) -> None:
    reply = shared_server.post({"inputs": "fail"})
    assert (reply.status, reply.error()) == (500, "Generation failed; try again.")
    assert shared_server.post({"inputs": "silence"}).status == 500
    assert "ValueError" in shared_server.log()


def test_a_body_of_unknown_length_is_cut_at_the_limit(shared_server: RunningServer) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", shared_server.port, timeout=30)
    headers = {"authorization": f"Bearer {TOKEN}", "content-type": "application/json"}
    connection.request(
        "POST", "/", iter([b'{"inputs": "', b"a" * 8000]), headers, encode_chunked=True
    )
    assert connection.getresponse().status == 413
    connection.close()


def test_the_log_holds_no_text_and_no_token(shared_server: RunningServer) -> None:
    private = "अकेला वाक्य"
    shared_server.post({"inputs": private, "parameters": {"description": "Her own voice."}})
    log = shared_server.log()
    assert "spoke 1 texts, 11 characters" in log
    for word in (private, "Her own voice", TOKEN, "secret"):
        assert word not in log
