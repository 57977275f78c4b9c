"""Speech of Indian-language text, synthesised once and kept for ever.

>>> engine = bhashatts.TtsEngine()
>>> speech = engine.synthesize("नमस्ते बच्चों", language="HINDI")
>>> bytes(speech.audio)[:4], speech.origin
(b'RIFF', 'synthesized')

An engine is safe from all threads, and goes on in a forked child. See TtsEngine.
"""

from __future__ import annotations

try:
    from bhashatts._core import Audio, Speech, Stop
except ImportError as _error:
    if "interpreter" in str(_error):  # not the main one
        raise
    # a source tree, or a wheel for another Python
    raise ImportError(
        "bhashatts._core cannot be loaded: install the package "
        f"('pip install .' in the source tree) for this very Python; {_error}"
    ) from _error

from bhashatts import _process
from bhashatts._core import version as __version__
from bhashatts.engine import TtsEngine
from bhashatts.errors import Error, ErrorCode

TYPE_CHECKING = False  # typing's own would cost 5 ms at import

if TYPE_CHECKING:
    from bhashatts.plugins import (
        BlobLabels,
        BlobStore,
        CacheTier,
        EventSink,
        SynthesisRequest,
        SynthesisResult,
        Synthesizer,
        SynthesizerLimits,
        SynthesizerStatus,
    )
    from bhashatts.reports import (
        ClearReport,
        ForgetReport,
        ImportProgress,
        ImportReport,
        PrewarmProgress,
        PrewarmReport,
        RejectReport,
        Stats,
        Status,
        TextRange,
        TierStats,
        Timing,
        Timings,
        Utterance,
        VerifyReport,
    )
    from bhashatts.stream import SpeechStream
    from bhashatts.text import settings, spoken_text, voices

# Imported when something of theirs is first asked for: with dataclasses, json and all that those
# need they take 30 ms, and the engine 15.
_LATER = ("text", "stream", "reports", "plugins")

if not TYPE_CHECKING:  # which would take any name for one of ours

    def __getattr__(name: str) -> object:
        from importlib import import_module

        for module in _LATER if name in _LATER or name in __all__ else ():
            there = import_module(f"bhashatts.{module}")
            if name == module:
                return there
            if name in vars(there):
                return globals().setdefault(name, vars(there)[name])
        raise AttributeError(f"module 'bhashatts' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


_process.prepare()

__all__ = [
    "Audio",
    "BlobLabels",
    "BlobStore",
    "CacheTier",
    "ClearReport",
    "Error",
    "ErrorCode",
    "EventSink",
    "ForgetReport",
    "ImportProgress",
    "ImportReport",
    "PrewarmProgress",
    "PrewarmReport",
    "RejectReport",
    "Speech",
    "SpeechStream",
    "Stats",
    "Status",
    "Stop",
    "SynthesisRequest",
    "SynthesisResult",
    "Synthesizer",
    "SynthesizerLimits",
    "SynthesizerStatus",
    "TextRange",
    "TierStats",
    "Timing",
    "Timings",
    "TtsEngine",
    "Utterance",
    "VerifyReport",
    "__version__",
    "settings",
    "spoken_text",
    "voices",
]
