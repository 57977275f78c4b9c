"""Audio in the hands of those who will hold it: readers, archives, clients, web frameworks."""

from __future__ import annotations

import copy
import hashlib
import http.client
import http.server
import importlib
import io
import pickle
import random
import shutil
import struct
import threading
import wave
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tones import OTHER

import bhashatts


@pytest.fixture(scope="module")
def speech(tmp_path_factory: pytest.TempPathFactory) -> Iterator[bhashatts.Speech]:
    from tones import Tone

    place = tmp_path_factory.mktemp("audio")
    with bhashatts.TtsEngine(
        environment=False, data_dir=place, synthesizer=Tone(), min_free_bytes=1 << 20
    ) as engine:
        yield engine.synthesize(OTHER)


@pytest.fixture
def whole(speech: bhashatts.Speech) -> bytes:
    return bytes(speech.audio)


def outcome(file: Any, step: tuple[str, tuple[Any, ...]]) -> object:
    """What a step gives, or the kind of its error."""
    try:
        given = getattr(file, step[0])(*step[1])
    except (ValueError, TypeError) as error:
        return type(error)
    return bytes(given) if isinstance(given, memoryview) else given


def random_step(dice: random.Random, size: int) -> tuple[str, tuple[Any, ...]]:
    near = dice.choice([0, 1, 44, size - 1, size, size + 1, dice.randrange(size)])
    return dice.choice(
        [
            ("read", (dice.choice([None, -1, 0, near]),)),
            ("read", ()),
            ("seek", (near,)),
            ("seek", (dice.choice([-1, 1]) * near, dice.choice([1, 2]))),
            ("seek", (-near, dice.choice([0, 3]))),
            ("tell", ()),
            ("getbuffer", ()),
            ("readable", ()),
            ("seekable", ()),
        ]
    )


@pytest.mark.parametrize("seed", range(8))
def test_it_does_what_bytes_io_does(speech: bhashatts.Speech, whole: bytes, seed: int) -> None:
    dice = random.Random(seed)
    ours, theirs = speech.audio, io.BytesIO(whole)
    for _ in range(400):
        step = random_step(dice, len(whole))
        assert outcome(ours, step) == outcome(theirs, step), step
        assert ours.tell() == theirs.tell(), step
        room = dice.choice([0, 1, 1000])
        one, two = bytearray(room), bytearray(room)
        assert ours.readinto(one) == theirs.readinto(two)
        assert one == two
    ours.close()
    theirs.close()
    for step in (("read", ()), ("seek", (0,)), ("tell", ()), ("readinto", (bytearray(1),))):
        assert outcome(ours, step) is outcome(theirs, step) is ValueError


def test_only_a_writable_buffer_in_one_piece_is_read_into(speech: bhashatts.Speech) -> None:
    room = bytearray(64)
    for wrong in (memoryview(room)[::-1], memoryview(room)[::2], bytes(8), "text", None):
        with pytest.raises((BufferError, TypeError)):
            speech.audio.readinto(wrong)  # type: ignore[arg-type]
    assert room == bytearray(64)
    wide = memoryview(bytearray(8)).cast("I")
    assert speech.audio.readinto(wide) == 8
    assert bytes(wide)[:4] == b"RIFF"


def test_a_slice_is_no_copy(speech: bhashatts.Speech, whole: bytes) -> None:
    part = speech.audio[100:200]
    assert isinstance(part, memoryview)
    assert part.readonly
    assert bytes(part) == whole[100:200]
    assert speech.audio[0] == ord("R")
    assert bytes(speech.audio[-4:]) == whole[-4:]
    with pytest.raises(IndexError):
        speech.audio[len(whole)]
    with pytest.raises(TypeError):
        speech.audio["a"]  # type: ignore[call-overload]


def test_audio_is_equal_to_its_bytes(speech: bhashatts.Speech, whole: bytes) -> None:
    one, two = speech.audio, speech.audio
    two.read(10)
    assert one == two == whole
    assert hash(one) == hash(whole)
    assert one != whole[:-1]
    assert one != "RIFF"
    assert one != memoryview(whole)[::2]
    assert len({one, two, whole}) == 1


def test_neither_audio_nor_speech_is_copied_or_pickled(speech: bhashatts.Speech) -> None:
    for thing in (speech, speech.audio):
        for carry in (pickle.dumps, copy.copy, copy.deepcopy):
            with pytest.raises(TypeError, match=r"take bytes\("):
                carry(thing)


def test_what_is_shown_has_no_text(speech: bhashatts.Speech) -> None:
    assert repr(speech) == (
        f"<bhashatts.Speech {speech.cache_key}: HINDI, wav, {speech.duration_ms} ms, synthesized>"
    )
    assert repr(speech.audio) == f"<bhashatts.Audio of {speech.size_bytes} bytes>"


def test_the_standard_library_takes_it(
    speech: bhashatts.Speech, whole: bytes, tmp_path: Path
) -> None:
    copied = io.BytesIO()
    shutil.copyfileobj(speech.audio, copied)
    assert copied.getvalue() == whole
    assert hashlib.sha256(speech.audio).digest() == hashlib.sha256(whole).digest()
    assert struct.unpack_from("<4sI", speech.audio) == (b"RIFF", len(whole) - 8)
    (tmp_path / "page.wav").write_bytes(speech.audio)
    assert (tmp_path / "page.wav").read_bytes() == whole
    with zipfile.ZipFile(tmp_path / "book.zip", "w") as book:
        book.writestr("page.wav", speech.audio)
        assert book.read("page.wav") == whole
    with wave.open(speech.audio) as audio:  # type: ignore[call-overload]
        assert audio.getframerate() == speech.sample_rate
    with io.BufferedReader(speech.audio) as reader:  # type: ignore[type-var]
        assert reader.peek(4)[:4] == b"RIFF"
        assert reader.read() == whole
    assert b"".join([speech.audio]) == whole


class Echo(http.server.BaseHTTPRequestHandler):
    """Keeps what it is sent."""

    got: list[bytes]

    def do_PUT(self) -> None:
        if self.headers["Content-Length"]:
            self.got.append(self.rfile.read(int(self.headers["Content-Length"])))
        else:
            self.got.append(b"".join(iter(self.chunk, b"")))
        self.send_response(204)
        self.end_headers()

    def chunk(self) -> bytes:
        size = int(self.rfile.readline(), 16)
        piece = self.rfile.read(size)
        self.rfile.readline()
        return piece

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[http.server.ThreadingHTTPServer]:
    Echo.got = []
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Echo) as listening:
        thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield listening
        listening.shutdown()
        thread.join()


def test_it_is_the_body_of_a_request(
    speech: bhashatts.Speech, whole: bytes, server: http.server.ThreadingHTTPServer
) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=30)
    connection.request("PUT", "/", body=speech.audio)
    assert connection.getresponse().status == 204
    connection.close()
    assert Echo.got == [whole]


def test_requests_sends_it(
    speech: bhashatts.Speech, whole: bytes, server: http.server.ThreadingHTTPServer
) -> None:
    requests = pytest.importorskip("requests")
    with requests.Session() as session:
        session.trust_env = False
        answer = session.put(f"http://127.0.0.1:{server.server_port}/", data=speech.audio)
        assert answer.status_code == 204
    assert Echo.got == [whole]


def test_soundfile_reads_it(speech: bhashatts.Speech) -> None:
    soundfile = pytest.importorskip("soundfile")
    with soundfile.SoundFile(speech.audio) as sound:
        assert sound.samplerate == speech.sample_rate
        assert abs(sound.frames * 1000 / sound.samplerate - speech.duration_ms) <= 1


def test_django_answers_with_it(speech: bhashatts.Speech, whole: bytes) -> None:
    pytest.importorskip("django")
    conf, web = (importlib.import_module(f"django.{name}") for name in ("conf", "http"))

    if not conf.settings.configured:
        conf.settings.configure()
    answer = web.HttpResponse(speech.audio[10:20], content_type=speech.media_type)
    assert answer.content == whole[10:20]
    assert web.HttpResponse(speech.audio, content_type="audio/wav").content == whole
    file = web.FileResponse(speech.audio, content_type=speech.media_type, filename="page.wav")
    assert file["Content-Length"] == str(len(whole))
    assert b"".join(file) == whole
    pieces = list(web.StreamingHttpResponse(speech.audio, content_type=speech.media_type))
    assert b"".join(pieces) == whole
    assert max(map(len, pieces)) <= 1 << 16
    file.close()
