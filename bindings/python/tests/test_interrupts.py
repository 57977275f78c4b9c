"""Ctrl-C is heard wherever something is waited for, and what is paid for is kept."""

from __future__ import annotations

import signal
import subprocess
import time

import pytest
from programs import KEPT, Programs, programs, until, until_paid

__all__ = ["programs"]

# What waits at a gate that only opens once Ctrl-C was heard.
WAITS = {
    "synthesize": "engine.synthesize(PAGES[0])",
    "stream": "next(engine.stream(PAGES[0]))",
    "close": "engine.close(60)",
    "with": "engine.__exit__(None, None, None)",
    "asyncio": "asyncio.run(engine.synthesize_async(PAGES[0]))",
    "asyncio stream": "asyncio.run(engine.stream(PAGES[0]).__anext__())",
}


def interrupted(programs: Programs, source: str) -> subprocess.Popen[str]:
    process = programs.start(source)
    until_paid(programs)
    time.sleep(0.2)  # it is heard at any time; this makes it likely that it waits
    process.send_signal(signal.SIGINT)
    return process


@pytest.mark.parametrize("wait", WAITS)
def test_ctrl_c_is_heard_within_the_wait(programs: Programs, wait: str) -> None:
    ended = programs.end(
        interrupted(
            programs,
            f"""
            import asyncio, threading
            engine = open_engine(Paid(gated=True))
            def ask():
                try:
                    engine.synthesize(PAGES[0])
                except bhashatts.Error:
                    pass
            try:
                if "engine.close" in {WAITS[wait]!r} or "__exit__" in {WAITS[wait]!r}:
                    threading.Thread(target=ask, daemon=True).start()
                    while not payments():
                        pass
                {WAITS[wait]}
            except KeyboardInterrupt:
                print("heard")
                open_gate()
            """,
        )
    )
    assert (ended.status, ended.out, ended.err) == (0, "heard\n", "")
    programs.run(KEPT)


# What runs Python in the main thread itself, where Ctrl-C (of the part's own making) is raised.
HERE = {
    "open": "open_engine(Named())",
    "lookup": "open_engine(tiers=[Tier()]).lookup(PAGES[0])",
    "a log handler": "listen(); open_engine(tiers=[Failing()]).lookup(PAGES[0])",
    "url": "stored().url",
}
PARTS = """
    import logging, signal
    def interrupt():
        os.kill(os.getpid(), signal.SIGINT)
        for _ in range(1000):
            pass
    class Named(Paid):
        def identity(self):
            interrupt()
    class Tier(bhashatts.CacheTier):
        def get(self, key):
            interrupt()
        def put(self, *value): pass
        def erase(self, key): pass
        def clear(self, *which): return 0
    class Failing(Tier):
        def get(self, key):
            raise OSError("down")
    class Handler(logging.Handler):
        def emit(self, record):
            interrupt()
    def listen():
        logging.getLogger("bhashatts").addHandler(Handler())
    class Store(bhashatts.BlobStore):
        def __init__(self): self.objects = {}
        def get(self, name): return self.objects.get(name)
        def put_if_absent(self, name, data, labels):
            return self.objects.setdefault(name, mine := bytes(data)) is mine
        def info(self, name): return len(self.objects[name]) if name in self.objects else None
        def remove(self, name): self.objects.pop(name, None)
        def list(self, prefix): return []
        def url(self, name): interrupt()
    def stored():
        engine = open_engine(blob_store=Store())
        speech = engine.synthesize(PAGES[0], story_id="s", page_number=1)
        engine.flush()
        return speech
    logging.getLogger("bhashatts").addHandler(logging.NullHandler())
"""


@pytest.mark.parametrize("call", HERE)
def test_ctrl_c_in_a_part_is_raised_by_the_call(programs: Programs, call: str) -> None:
    ended = programs.run(
        f"""{PARTS}
    try:
        {HERE[call]}
    except KeyboardInterrupt:
        print("heard")
        """
    )
    assert ended.out == "heard\n"


def test_ctrl_c_ends_a_prewarm_once_what_is_in_hand_is_done(programs: Programs) -> None:
    ended = programs.end(
        interrupted(
            programs,
            """
            engine = open_engine(Paid(seconds=0.5))
            pages = [f"{page} {number}" for number in range(50) for page in PAGES[:1]]
            story = {"story_id": "s", "title": "t", "language": "HINDI", "pages": pages}
            try:
                engine.prewarm([story], concurrency=2)
            except KeyboardInterrupt:
                made = sum(engine.lookup(page) is not None for page in pages)
                print("heard", 0 < made == len(payments()) < 50)
            """,
        )
    )
    assert (ended.status, ended.out, ended.err) == (0, "heard True\n", "")


def test_ctrl_c_that_nobody_catches_ends_the_program(programs: Programs) -> None:
    ended = programs.end(
        interrupted(
            programs,
            """
            engine = open_engine(Paid(seconds=0.5))
            engine.synthesize(PAGES[0])
            """,
        )
    )
    assert ended.status == -signal.SIGINT
    assert ended.err.endswith("KeyboardInterrupt\n")
    assert "Fatal" not in ended.err
    programs.run(KEPT)


def test_ctrl_c_while_the_interpreter_ends_is_heard_too(programs: Programs) -> None:
    process = programs.start("""
        import atexit, threading
        class Stuck(Paid):
            def synthesize(self, request):
                super().synthesize(request)
                threading.Event().wait(300)
        engine = open_engine(Stuck(), drain_timeout_ms=300_000)
        try:
            engine.synthesize(PAGES[0], timeout=0)
        except bhashatts.Error:
            pass
        wait_until_paid()
        atexit.register(lambda: (directory() / "ending").touch())
    """)
    until((programs.place / "ending").exists, "it ends")
    time.sleep(0.2)  # it is heard at any time; this makes it likely that it waits
    process.send_signal(signal.SIGINT)
    ended = programs.end(process)
    assert "KeyboardInterrupt" in ended.err
    assert "Fatal" not in ended.err
