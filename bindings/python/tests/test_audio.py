"""Audio is a buffer and a file."""

from __future__ import annotations

import gc
import io

import pytest
from tones import OTHER

import bhashatts


@pytest.fixture
def speech(engine: bhashatts.TtsEngine) -> bhashatts.Speech:
    return engine.synthesize(OTHER)


def test_a_view_is_read_only_and_no_copy(speech: bhashatts.Speech) -> None:
    view = memoryview(speech.audio)
    assert view.readonly
    assert view.format == "B"
    assert view.nbytes == len(speech.audio) == speech.size_bytes
    assert bytes(view[:4]) == b"RIFF"
    with pytest.raises(TypeError):
        view[0] = 0
    numpy = pytest.importorskip("numpy")
    one = numpy.frombuffer(speech.audio, dtype=numpy.uint8)
    two = numpy.frombuffer(speech.audio, dtype=numpy.uint8)
    assert one.ctypes.data == two.ctypes.data
    assert not one.flags.writeable


def test_a_view_outlives_speech_and_engine(engine: bhashatts.TtsEngine) -> None:
    view = memoryview(engine.synthesize(OTHER).audio)
    whole = bytes(view)
    engine.clear(all=True)
    engine.close()
    gc.collect()
    assert bytes(view) == whole


def test_it_reads_as_a_file(speech: bhashatts.Speech) -> None:
    whole = bytes(speech.audio)
    file = speech.audio
    assert file.readable()
    assert file.seekable()
    assert not file.writable()
    assert file.read(4) == b"RIFF"
    assert file.tell() == 4
    assert file.read() == whole[4:]
    assert file.read(10) == b""
    assert file.seek(-4, io.SEEK_END) == len(whole) - 4
    assert file.read(100) == whole[-4:]
    assert file.seek(8) == 8
    assert file.seek(2, io.SEEK_CUR) == 10
    into = bytearray(6)
    assert file.readinto(into) == 6
    assert into == whole[10:16]
    assert file.seek(1 << 62) >= len(whole)
    assert file.read() == b""


def test_places_are_each_readers_own(speech: bhashatts.Speech) -> None:
    one, two = speech.audio, speech.audio
    one.read(100)
    assert two.tell() == 0
    with one:
        pass
    assert one.closed
    with pytest.raises(ValueError, match="closed"):
        one.read()
    assert two.read(4) == b"RIFF"


def test_its_pieces_are_the_whole(speech: bhashatts.Speech) -> None:
    pieces = list(speech.audio)
    assert all(isinstance(piece, bytes) for piece in pieces)
    assert b"".join(pieces) == bytes(speech.audio)


def test_it_fills_a_buffered_reader(speech: bhashatts.Speech) -> None:
    reader = io.BufferedReader(speech.audio)  # type: ignore[type-var]
    assert reader.read(12)[8:] == b"WAVE"


def test_bad_places_are_refused(speech: bhashatts.Speech) -> None:
    for arguments in ((-1, 0), (0, 3)):
        with pytest.raises(ValueError, match=r"seek|whence"):
            speech.audio.seek(*arguments)
