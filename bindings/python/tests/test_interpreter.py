"""The interpreter's end: what is paid for is kept, and nothing hangs or crashes."""

from __future__ import annotations

import signal

import pytest
from programs import KEPT, Programs, programs, until_paid

__all__ = ["programs"]

STRICT = {
    "plain": (),
    "dev": ("-X", "dev"),
    "debug": ("-X", "dev", "-X", "tracemalloc"),
}


@pytest.fixture(params=STRICT)
def strict(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> tuple[str, ...]:
    """Interpreters that look for trouble: dev also checks memory and unclosed files."""
    if request.param == "debug":
        monkeypatch.setenv("PYTHONMALLOC", "debug")
    return STRICT[request.param]


@pytest.mark.parametrize("daemon", [False, True], ids=["threads", "daemons"])
def test_misses_under_way_are_kept(
    programs: Programs, strict: tuple[str, ...], daemon: bool
) -> None:
    programs.run(
        f"""
        import threading
        engine = open_engine(Paid(seconds=0.3))
        def ask():
            try:
                engine.synthesize(PAGES[0])
            except bhashatts.Error as error:
                assert error.code is bhashatts.ErrorCode.CLOSED
        for _ in range(4):
            threading.Thread(target=ask, daemon={daemon}).start()
        wait_until_paid()
        """,
        *strict,
    )
    programs.run(KEPT)


def test_async_work_under_way_is_kept(programs: Programs, strict: tuple[str, ...]) -> None:
    programs.run(
        """
        import asyncio
        engine = open_engine(Paid(seconds=0.2))
        async def main():
            tasks = [asyncio.ensure_future(engine.synthesize_async(page)) for page in PAGES]
            stream = engine.stream(PAGES[0])
            tasks.append(asyncio.ensure_future(stream.__anext__()))
            while not payments():
                await asyncio.sleep(0.01)
        asyncio.run(main())
        """,
        *strict,
    )
    programs.run(KEPT)


def test_letters_to_a_loop_that_is_gone_are_dropped(programs: Programs) -> None:
    programs.run("""
        import asyncio, gc
        engine = open_engine(Paid(gated=True))
        async def main():
            for page in PAGES:
                asyncio.ensure_future(engine.synthesize_async(page))
            while len(payments()) < 4:
                await asyncio.sleep(0.01)
        for _ in range(3):
            asyncio.run(main())
            gc.collect()
        open_gate()
        engine.close()
        gc.collect()
    """)
    programs.run(KEPT)


HOLDERS = {
    "a global": "engine = open_engine(voice)",
    "a cycle": "cycle = [engine := open_engine(voice)]\ncycle.append(cycle)\ndel cycle",
    "its voice": "voice.engine = engine = open_engine(voice)",
    "a module": "import json\njson.engine = engine = open_engine(voice)",
    "a class": "class Mine: pass\nMine.engine = engine = open_engine(voice)",
    "nobody": "engine = open_engine(voice)",
}


@pytest.mark.parametrize("holder", HOLDERS)
def test_whoever_holds_the_engine_it_ends_well(
    programs: Programs, holder: str, strict: tuple[str, ...]
) -> None:
    leave = "del engine" if holder != "a global" else "pass"
    source = (
        f"voice = Paid(seconds=0.1)\n{HOLDERS[holder]}\n"
        "try:\n    engine.synthesize(PAGES[0], timeout=0.02)\n"
        "except bhashatts.Error as error:\n    del error\n"
        f"speech = engine.synthesize(PAGES[1])\naudio = memoryview(speech.audio)\n{leave}\n"
    )
    programs.run(source, *strict)
    programs.run(KEPT)


def test_a_voice_may_leave_by_any_door(programs: Programs) -> None:
    programs.run("""
        import logging
        logging.getLogger("bhashatts").addHandler(logging.NullHandler())
        class Leaving(Paid):
            def synthesize(self, request):
                super().synthesize(request)
                raise {0: SystemExit, 1: KeyboardInterrupt, 2: GeneratorExit}[len(payments()) - 1]
        engine = open_engine(Leaving())
        for page, reason in zip(PAGES, (SystemExit, KeyboardInterrupt, GeneratorExit)):
            try:
                engine.synthesize(page)
            except bhashatts.Error as error:
                assert error.code is bhashatts.ErrorCode.PLUGIN_FAILED
                assert isinstance(error.__cause__, reason)
            else:
                raise AssertionError("spoken")
    """)


def test_sys_exit_keeps_what_workers_are_at(programs: Programs) -> None:
    ended = programs.end(
        programs.start("""
            import sys, threading
            engine = open_engine(Paid(seconds=0.3))
            for page in PAGES[:4]:
                threading.Thread(target=engine.synthesize, args=(page,)).start()
            wait_until_paid(4)
            sys.exit(7)
        """)
    )
    assert (ended.status, ended.err) == (7, "")
    programs.run(KEPT)


def test_os_exit_loses_no_more_than_what_is_under_way(programs: Programs) -> None:
    ended = programs.end(
        programs.start("""
            import threading
            engine = open_engine(Paid(seconds=0.3))
            engine.synthesize(PAGES[0])
            threading.Thread(target=engine.synthesize, args=(PAGES[1],)).start()
            wait_until_paid(2)
            os._exit(3)
        """)
    )
    assert (ended.status, ended.err) == (3, "")
    programs.run(KEPT + "    assert engine.synthesize(PAGES[1]).duration_ms > 0\n")


def test_handlers_of_the_hosts_at_exit_may_use_it(programs: Programs) -> None:
    ended = programs.run("""
        import atexit
        engine = open_engine()
        print(engine.synthesize(PAGES[0]).origin)
        atexit.register(lambda: print(engine.synthesize(PAGES[0]).origin))
    """)
    assert ended.out.split() == ["synthesized", "memory"]


def test_handlers_that_come_after_the_engines_end_are_told(programs: Programs) -> None:
    process = programs.start(
        """
        import atexit
        def late():
            for what in (lambda: engine.synthesize(PAGES[1]), open_engine):
                try:
                    what()
                except bhashatts.Error as error:
                    print(error.code.name)
            print(len(speech.audio) > 100)
        atexit.register(late)
        from hosts.host import *
        engine = open_engine()
        speech = engine.synthesize(PAGES[0])
        """,
        prelude="",
    )
    ended = programs.end(process)
    assert (ended.status, ended.err) == (0, "")
    assert ended.out.split() == ["CLOSED", "CLOSED", "True"]


def test_log_lines_at_the_end_are_heard(programs: Programs) -> None:
    ended = programs.run("""
        import logging, sys
        logging.basicConfig(stream=sys.stdout, level=logging.DEBUG, format="%(name)s")
        class Failing(Paid):
            def synthesize(self, request):
                super().synthesize(request)
                raise OSError("the line is dead")
        engine = open_engine(Failing(seconds=0.3))
        try:
            engine.synthesize(PAGES[0], timeout=0.01)
        except bhashatts.Error:
            wait_until_paid()
    """)
    assert "bhashatts.attempts" in ended.out


def test_a_voice_that_never_returns_is_left_behind(
    programs: Programs, strict: tuple[str, ...]
) -> None:
    programs.run(
        """
        import logging, threading, time
        class Stuck(Paid):
            def synthesize(self, request):
                super().synthesize(request)
                while True:
                    time.sleep(0.0001)
        engine = open_engine(Stuck(), drain_timeout_ms=50)
        for page in PAGES[:3]:
            threading.Thread(target=engine.synthesize, args=(page,), daemon=True).start()
        wait_until_paid(3)
        """,
        *strict,
    )


def test_sigterm_ends_at_once(programs: Programs) -> None:
    process = programs.start("""
        engine = open_engine(Paid(gated=True))
        engine.synthesize(PAGES[0])
    """)
    until_paid(programs)
    process.terminate()
    ended = programs.end(process)
    assert (ended.status, ended.err) == (-signal.SIGTERM, "")
    programs.run("assert open_engine().synthesize(PAGES[0]).duration_ms > 0")


def test_a_sigterm_that_exits_drains(programs: Programs) -> None:
    process = programs.start("""
        import signal, sys
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(5))
        engine = open_engine(Paid(seconds=0.3))
        engine.synthesize(PAGES[0])
    """)
    until_paid(programs)
    process.terminate()
    ended = programs.end(process)
    assert (ended.status, ended.err) == (5, "")
    programs.run(KEPT)


DROPS = {
    "the collector": "import gc; app.me = app; drop = lambda: gc.collect()",
    "a reference": "apps = [app]; drop = apps.clear",
}


@pytest.mark.parametrize("how", DROPS)
def test_an_engine_may_be_collected_on_its_own_thread(
    programs: Programs, strict: tuple[str, ...], how: str
) -> None:
    ended = programs.run(
        f"""
        import threading
        class App: pass
        gone, dropped = threading.Event(), threading.Event()
        class Slow(Paid):
            def synthesize(self, request):
                gone.wait()
                drop()
                dropped.set()
                return super().synthesize(request)
        app = App()
        app.engine = open_engine(Slow())
        try:
            app.engine.synthesize(PAGES[0], timeout=0.01)
        except bhashatts.Error as error:
            del error
        {DROPS[how]}
        del app
        gone.set()
        dropped.wait()
        print(len(bhashatts._process._engines))
        """,
        *strict,
    )
    assert ended.out == "0\n"
    programs.run(KEPT)
