"""What goes wrong, with the codes that C, Go and Rust share."""

from __future__ import annotations

import enum


class ErrorCode(enum.IntEnum):
    """Frozen numbers: 1xx ours, 2xx the caller's, 4xx, 5xx the voice's and money's, 6xx keeping.

    A number is never given to another meaning; new ones may come.
    """

    INTERNAL = 100
    OUT_OF_MEMORY = 101
    NOT_SUPPORTED = 102
    CLOSED = 103
    CANCELLED = 104
    PLUGIN_FAILED = 105
    BAD_REQUEST = 200
    TEXT_EMPTY = 201
    TEXT_TOO_LONG = 202
    TEXT_NOT_UTF8 = 203
    TEXT_CONTROL = 204
    LANGUAGE_UNKNOWN = 205
    VOICE_STYLE_UNKNOWN = 206
    FORMAT_UNKNOWN = 207
    CONFIG_INVALID = 208
    STORIES_INVALID = 209
    NOT_FOUND = 300
    NOT_CONFIGURED = 400
    UNAUTHORIZED = 401
    RATE_LIMITED = 402
    MODEL_LOADING = 403
    MODEL_NOT_SERVED = 404
    ENDPOINT_PAUSED = 405
    UPSTREAM_REJECTED = 406
    UPSTREAM_FAILED = 407
    UNREACHABLE = 408
    UPSTREAM_TIMEOUT = 409
    BAD_AUDIO = 410
    DEADLINE_EXCEEDED = 411
    CREDITS_EXHAUSTED = 500
    BUDGET_EXHAUSTED = 501
    STORAGE_FAILED = 600
    STORAGE_FULL = 601
    STORAGE_READ_ONLY = 602
    STORAGE_NEWER = 603
    STORAGE_WRONG_OWNER = 604
    STORAGE_NETWORK = 605
    STORAGE_DAMAGED = 606

    @classmethod
    def _missing_(cls, value: object) -> ErrorCode:
        """A code of a newer library is what its family is."""
        return cls.INTERNAL


class Error(Exception):
    """A failure that says what to do.

    A plug-in raises it too, to say which code its failure is; retryable then lets the engine try
    again, after retry_after seconds where that is known. __cause__ is what a plug-in raised. args
    are those of the constructor, so that copies, pickles and Celery's JSON bring an error like it.
    """

    code: ErrorCode
    message: str  # one line
    retryable: bool  # whether the same call may succeed later
    retry_after: float | None  # seconds from now; None: not known
    detail: str  # one line for logs, without secrets; often empty
    cost_micro_usd: int  # what a failed synthesis cost all the same

    def __init__(
        self,
        code: ErrorCode | int,
        message: str,
        retryable: bool = False,
        retry_after: float | None = None,
        detail: str = "",
        cost_micro_usd: int = 0,
    ) -> None:
        super().__init__(int(code), message, retryable, retry_after, detail, cost_micro_usd)
        self.code = ErrorCode(code)
        self.message = message
        self.retryable = retryable
        self.retry_after = retry_after
        self.detail = detail
        self.cost_micro_usd = cost_micro_usd

    @property
    def cost_usd(self) -> float:
        """cost_micro_usd in US dollars."""
        return self.cost_micro_usd / 1e6

    def __str__(self) -> str:
        return f"{self.code.name.lower()}: {self.message}"

    def __repr__(self) -> str:
        more = {"retryable": self.retryable, "retry_after": self.retry_after, "detail": self.detail}
        said = "".join(f", {name}={value!r}" for name, value in more.items() if value)
        return f"{type(self).__name__}(ErrorCode.{self.code.name}, {self.message!r}{said})"
