"""What goes wrong, and what is said of it."""

from __future__ import annotations

import copy
import math
import pickle
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from conftest import caught
from tones import OTHER, PAGE, Tone

import bhashatts
from bhashatts import Error, ErrorCode

Open = Callable[..., bhashatts.TtsEngine]


class Store(bhashatts.BlobStore):
    """A store that keeps nothing and does what it is told in the place of a member."""

    def __init__(self, **instead: Callable[..., Any]) -> None:
        vars(self).update(instead)

    def get(self, name: str) -> bytes | None:
        return None

    def put_if_absent(self, name: str, data: bhashatts.Audio, labels: bhashatts.BlobLabels) -> bool:
        return True

    def info(self, name: str) -> int | None:
        return None

    def remove(self, name: str) -> None:
        pass

    def list(self, prefix: str) -> Iterable[tuple[str, int]]:
        return ()

    def url(self, name: str) -> str:
        return "store://" + name


def nothing(request: bhashatts.SynthesisRequest) -> bytes:
    raise KeyError(request.text)


def raiser(error: BaseException) -> Callable[..., Any]:
    def fail(*_: object) -> Any:
        raise error

    return fail


# How a host comes to see each code. What only a hurt disk, a network file system or another machine
# can bring about comes from a plug-in here: a store or a voice of the host's may say any code.
INPUT: list[tuple[ErrorCode, dict[str, Any]]] = [
    (ErrorCode.TEXT_EMPTY, {"text": " \n"}),
    (ErrorCode.TEXT_TOO_LONG, {"text": "क" * 5001}),
    (ErrorCode.TEXT_TOO_LONG, {"text": "a" * 20001}),
    (ErrorCode.TEXT_NOT_UTF8, {"text": "नमस्ते \udcff"}),
    (ErrorCode.TEXT_CONTROL, {"text": "a\x07b"}),
    (ErrorCode.LANGUAGE_UNKNOWN, {"text": "a", "language": "hindi"}),
    (ErrorCode.LANGUAGE_UNKNOWN, {"text": "a", "language": ""}),
    (ErrorCode.VOICE_STYLE_UNKNOWN, {"text": "a", "voice_style": "x" * 10000}),
    (ErrorCode.FORMAT_UNKNOWN, {"text": "a", "format": ""}),
    (ErrorCode.BAD_REQUEST, {"text": "a", "timeout": -math.inf}),
    (ErrorCode.BAD_REQUEST, {"text": "a", "timeout": math.nan}),
    (ErrorCode.BAD_REQUEST, {"text": "a", "page_number": -(10**30), "story_id": "s"}),
    (ErrorCode.BAD_REQUEST, {"text": "a", "page_number": 10**30, "story_id": "s"}),
    (ErrorCode.DEADLINE_EXCEEDED, {"text": "नया पन्ना", "timeout": 0}),
]


@pytest.mark.parametrize(("code", "request_"), INPUT)
def test_input_has_its_code(
    engine: bhashatts.TtsEngine, code: ErrorCode, request_: dict[str, Any]
) -> None:
    error = caught(lambda: engine.synthesize(**request_))
    assert error.code is code
    assert error.retryable is (code is ErrorCode.DEADLINE_EXCEEDED)
    assert caught(lambda: next(engine.stream(**request_))).code is code
    assert request_["text"] not in error.message or len(request_["text"]) < 3
    assert len(error.message) < 500


PLUGIN_CODES = [code for code in ErrorCode if code is not ErrorCode.CANCELLED]


@pytest.mark.parametrize("code", PLUGIN_CODES)
def test_any_code_of_a_voice_reaches_the_caller(
    engine: bhashatts.TtsEngine, voice: Tone, code: ErrorCode
) -> None:
    own = Error(code, "as the voice says", detail="the answer was 418", retry_after=2.5)
    voice.instead = raiser(own)
    error = caught(lambda: engine.synthesize(OTHER))
    assert (error.code, error.message) == (code, "as the voice says")
    assert error.__cause__ is own
    assert isinstance(error.retry_after, (float, type(None)))
    assert error.detail == "the answer was 418"


def work(engine: bhashatts.TtsEngine) -> None:
    """All that asks a store."""
    engine.synthesize(OTHER, story_id="moon", page_number=1)
    engine.story_page_url("moon", 1)
    engine.verify()
    engine.clear(all=True)


@pytest.mark.parametrize("member", ["get", "info", "list", "url"])
@pytest.mark.parametrize("code", [ErrorCode.STORAGE_FULL, None])
def test_what_a_store_raises_is_the_cause(
    opened: Open, member: str, code: ErrorCode | None
) -> None:
    reason = OSError("the shelf broke") if code is None else Error(code, "no room on the shelf")
    engine = opened(blob_store=Store(**{member: raiser(reason)}))
    error = caught(lambda: work(engine))
    assert error.code is (ErrorCode.PLUGIN_FAILED if code is None else code)
    assert error.__cause__ is reason


@pytest.mark.parametrize(
    "put",
    [raiser(OSError("the shelf broke")), lambda *_: "yes"],
    ids=["raises", "means nothing"],
)
def test_what_a_store_does_not_take_is_served_all_the_same(
    opened: Open, put: Callable[..., Any], caplog: pytest.LogCaptureFixture
) -> None:
    engine = opened(blob_store=Store(put_if_absent=put))
    assert engine.synthesize(OTHER).origin == "synthesized"
    engine.flush()
    (line,) = [one for one in caplog.records if one.levelname == "ERROR"]
    assert "made but not kept: the store's put_if_absent" in line.getMessage()
    assert engine.lookup(OTHER) is not None


def test_causes_are_a_chain(engine: bhashatts.TtsEngine, voice: Tone) -> None:
    first = KeyError("accent")

    def fail(_request: bhashatts.SynthesisRequest) -> bytes:
        try:
            raise first
        except KeyError as reason:
            raise Error(ErrorCode.UPSTREAM_FAILED, "the voice is away") from reason

    voice.instead = fail
    error = caught(lambda: engine.synthesize(OTHER))
    assert isinstance(error.__cause__, Error)
    assert error.__cause__.__cause__ is first


@pytest.mark.parametrize(
    "reason",
    [
        RuntimeError(),
        ValueError("two\nlines"),
        ValueError("half a pair \ud800"),
        type("Mute", (Exception,), {"__str__": raiser(OSError("no words"))})(),
        SystemExit(3),
        KeyboardInterrupt(),
        BaseException("base"),
    ],
    ids=lambda one: type(one).__name__,
)
def test_whatever_a_voice_raises_is_told_in_one_line(
    engine: bhashatts.TtsEngine, voice: Tone, reason: BaseException
) -> None:
    voice.instead = raiser(reason)
    error = caught(lambda: engine.synthesize(OTHER))
    assert error.code is ErrorCode.PLUGIN_FAILED
    assert type(reason).__name__ in error.message
    assert error.__cause__ is reason


def test_no_memory_is_no_memory(engine: bhashatts.TtsEngine, voice: Tone) -> None:
    voice.instead = raiser(MemoryError())
    assert caught(lambda: engine.synthesize(OTHER)).code is ErrorCode.OUT_OF_MEMORY


def test_words_of_the_page_are_in_no_message(engine: bhashatts.TtsEngine, voice: Tone) -> None:
    voice.instead = nothing
    error = caught(lambda: engine.synthesize(PAGE))
    assert not any(word in str(error) + repr(error) for word in PAGE.split() if len(word) > 2)
    assert isinstance(error.__cause__, KeyError)


@pytest.mark.parametrize(
    ("member", "wrong"),
    [
        ("retry_after", math.nan),
        ("retry_after", math.inf),
        ("retry_after", -1),
        ("retry_after", 1e300),
        ("retry_after", 10**400),
        ("retry_after", "soon"),
        ("cost_micro_usd", 1 << 70),
        ("cost_micro_usd", -5),
        ("cost_micro_usd", "much"),
        ("message", None),
        ("message", "half a pair \ud800"),
        ("message", "two\nlines"),
        ("detail", None),
        ("code", None),
        ("code", "rate_limited"),
        ("code", 402),
        ("retryable", None),
    ],
)
def test_an_error_that_was_meddled_with_is_an_error(
    engine: bhashatts.TtsEngine, voice: Tone, member: str, wrong: object
) -> None:
    own = Error(ErrorCode.RATE_LIMITED, "slowly")
    setattr(own, member, wrong)
    voice.instead = raiser(own)
    error = caught(lambda: engine.synthesize(OTHER))
    assert error.code in {ErrorCode.RATE_LIMITED, ErrorCode.PLUGIN_FAILED}
    assert error.retry_after is None or 0 < error.retry_after <= 1e9
    assert error.__cause__ is own


def wrong_limits(**wrong: Any) -> Callable[[Tone], None]:
    def spoil(voice: Tone) -> None:
        limits = bhashatts.SynthesizerLimits(**wrong)
        voice.limits = lambda: limits  # type: ignore[method-assign]

    return spoil


def returning(member: str, what: object) -> Callable[[Tone], None]:
    return lambda voice: setattr(voice, member, lambda *_: what)


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (returning("identity", None), "identity: what it returns must be a str, not NoneType"),
        (returning("identity", b"bytes"), "identity"),
        (returning("identity", ""), "identity"),
        (returning("identity", "x" * 300), "identity"),
        (returning("identity", "\ud800"), "identity"),
        (returning("upstream", 7), "upstream: what it returns must be a str, not int"),
        (returning("limits", None), "limits"),
        (wrong_limits(concurrency="many"), "concurrency must be an int that fits, not str"),
        (wrong_limits(concurrency=1 << 40), "concurrency must be an int that fits"),
        (wrong_limits(concurrency=1.5), "concurrency must be an int"),
        (wrong_limits(max_cost_micro_usd=1 << 70), "max_cost_micro_usd must be an int that fits"),
    ],
)
def test_a_voice_that_cannot_be_right_is_refused_when_the_engine_opens(
    opened: Open, spoil: Callable[[Tone], None], words: str
) -> None:
    voice = Tone()
    spoil(voice)
    error = caught(lambda: opened(synthesizer=voice))
    assert error.code in {ErrorCode.PLUGIN_FAILED, ErrorCode.CONFIG_INVALID, ErrorCode.BAD_REQUEST}
    assert words in error.message


@pytest.mark.parametrize(
    "limits", [{"concurrency": 0}, {"max_aksharas": -1}, {"max_cost_micro_usd": -1}]
)
def test_limits_of_nothing_hurt_nobody(opened: Open, voice: Tone, limits: dict[str, int]) -> None:
    wrong_limits(**limits)(voice)
    assert opened().synthesize(OTHER, timeout=30).duration_ms > 0


@pytest.mark.parametrize(
    "wrong",
    [
        None,
        7,
        "text",
        [1, 2],
        bhashatts.SynthesisResult(None),  # type: ignore[arg-type]
        bhashatts.SynthesisResult(b"", cost_micro_usd=1 << 70),
        bhashatts.SynthesisResult(b"RIFF", request_id=b"x"),  # type: ignore[arg-type]
        bhashatts.SynthesisResult(b"RIFF", compute_ms="1"),  # type: ignore[arg-type]
    ],
)
def test_what_a_voice_cannot_mean_is_its_failure(
    engine: bhashatts.TtsEngine, voice: Tone, wrong: object
) -> None:
    voice.instead = lambda _request: wrong
    assert caught(lambda: engine.synthesize(OTHER)).code is ErrorCode.PLUGIN_FAILED
    voice.instead = None
    assert engine.synthesize(OTHER).origin == "synthesized"


def test_audio_that_lies_in_pieces_is_joined(engine: bhashatts.TtsEngine, voice: Tone) -> None:
    def spread(request: bhashatts.SynthesisRequest) -> memoryview:
        twice = bytearray(2 * len(voice.speak(request.text)))
        twice[::2] = voice.speak(request.text)
        return memoryview(twice)[::2]

    voice.instead = spread
    assert engine.synthesize(OTHER).audio.read(4) == b"RIFF"


@pytest.mark.parametrize(
    ("member", "wrong"),
    [
        ("get", 7),
        ("info", -1),
        ("info", "1"),
        ("info", 1 << 70),
        ("list", [("a",)]),
        ("list", [1]),
        ("list", None),
        ("list", [(1, 2)]),
        ("url", None),
    ],
)
def test_what_a_store_cannot_mean_is_its_failure(opened: Open, member: str, wrong: object) -> None:
    engine = opened(blob_store=Store(**{member: lambda *_: wrong}))
    error = caught(lambda: work(engine))
    assert error.code is ErrorCode.PLUGIN_FAILED
    assert member in error.message


def test_an_engine_that_was_not_opened_says_so(tmp_path: Path) -> None:
    """Tracebacks that show variables ask it, of itself, what it is."""
    shown: list[str] = []

    class Own(bhashatts.TtsEngine):
        def __init__(self, **settings: Any) -> None:
            for ask in (self.stats, self.status, self.close, self.flush):
                with pytest.raises(TypeError, match="not opened"):
                    ask()
            for speak in (self.synthesize, self.lookup, self.stream, self.reject):
                with pytest.raises(TypeError, match="not"):
                    speak(OTHER)
            with pytest.raises(TypeError, match="not opened"):
                _ = self.settings
            try:
                super().__init__(**settings)
            finally:
                shown.append(repr(self))

    caught(lambda: Own(data_dri="x"))
    Own(environment=False, data_dir=tmp_path, synthesizer=Tone()).close()
    assert shown[0] == "<bhashatts.TtsEngine, not opened>"
    assert str(tmp_path) in shown[1]


def test_secrets_are_in_nothing_that_is_shown(opened: Open) -> None:
    engine = opened(huggingface_api_token="hf_verysecret", redis_url="")
    shown = f"{engine!r} {engine.settings} {engine.status()}"
    assert "verysecret" not in shown
    assert engine.settings["huggingface_api_token"] == "***"
    with pytest.raises(Error) as raised:
        opened(huggingface_api_token=7)
    assert "7" not in str(raised.value)


def test_a_path_is_a_directory(tmp_path: Path) -> None:
    place = tmp_path / "कहानी"
    with bhashatts.TtsEngine(
        environment=False, data_dir=place, synthesizer=Tone(), min_free_bytes=1 << 20
    ) as engine:
        assert engine.settings["data_dir"] == str(place)
        assert str(place) in repr(engine)
    assert place.is_dir()


def test_an_error_is_copied_and_pickled_whole() -> None:
    class Own(Error):
        pass

    error = Error(402, "slowly", retryable=True, retry_after=1.5, detail="429", cost_micro_usd=3)
    for one in (pickle.loads(pickle.dumps(error)), copy.copy(error), copy.deepcopy(error)):
        assert type(one) is Error
        assert one.code is ErrorCode.RATE_LIMITED
        assert vars(one) == vars(error)
        assert str(one) == str(error)
    assert type(copy.copy(Own(100, "ours"))) is Own
    assert repr(error) == (
        "Error(ErrorCode.RATE_LIMITED, 'slowly', retryable=True, retry_after=1.5, detail='429')"
    )
    assert repr(Error(999, "from a newer library")) == (
        "Error(ErrorCode.INTERNAL, 'from a newer library')"
    )


def test_threads_get_their_own_errors(engine: bhashatts.TtsEngine) -> None:
    seen: list[ErrorCode] = []

    def ask(number: int) -> None:
        wrong: dict[str, Any] = (
            {"text": " "} if number % 2 else {"text": "a", "language": "KLINGON"}
        )
        seen.append(caught(lambda: engine.synthesize(**wrong)).code)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(seen) == [ErrorCode.TEXT_EMPTY] * 4 + [ErrorCode.LANGUAGE_UNKNOWN] * 4


def test_a_newer_data_directory_and_another_kind_of_place_have_codes(
    opened: Open, tmp_path: Path
) -> None:
    opened(data_dir=tmp_path / "newer").close()
    (tmp_path / "newer" / "VERSION").write_text("99\n")
    error = caught(lambda: opened(data_dir=tmp_path / "newer"))
    assert error.code is ErrorCode.STORAGE_NEWER
    assert "upgrade bhashatts" in error.message
    (tmp_path / "file").write_text("not a directory")
    assert caught(lambda: opened(data_dir=tmp_path / "file")).code is ErrorCode.STORAGE_FAILED


def test_work_that_needs_what_is_not_there_says_what(tmp_path: Path) -> None:
    def opens(**settings: Any) -> None:
        engine = bhashatts.TtsEngine(environment=False, data_dir=tmp_path / "own", **settings)
        with engine:
            engine.synthesize(OTHER)

    error = caught(lambda: opens(synthesizer="espeak", espeak_program="/nowhere/espeak-ng"))
    assert error.code is ErrorCode.NOT_CONFIGURED
    assert caught(lambda: opens(synthesizer="huggingface")).code is ErrorCode.NOT_CONFIGURED


@pytest.mark.parametrize(
    ("what", "code"), [("text", ErrorCode.TEXT_TOO_LONG), ("user_id", ErrorCode.BAD_REQUEST)]
)
def test_what_is_far_too_long_is_refused_before_it_is_encoded(
    engine: bhashatts.TtsEngine, what: str, code: ErrorCode
) -> None:
    given: dict[str, Any] = {"text": "नमस्ते", what: "ऋ" * 100_001}
    with pytest.raises(bhashatts.Error, match="100001 characters") as raised:
        engine.synthesize(**given)
    assert raised.value.code is code
