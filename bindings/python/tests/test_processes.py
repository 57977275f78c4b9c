"""Forks and spawns: an engine that was opened before a fork goes on in every child."""

from __future__ import annotations

import copy
import json
import pickle
import sys

import pytest
from programs import Programs, programs, without_sanitizer
from tones import OTHER

import bhashatts
from bhashatts import ErrorCode

__all__ = ["programs"]

pytestmark = without_sanitizer

METHODS = ["fork", "spawn", "forkserver"]


@pytest.mark.parametrize("used", [True, False], ids=["used", "unused"])
def test_an_engine_goes_on_in_every_child(programs: Programs, used: bool) -> None:
    programs.run(f"""
        engine = open_engine()
        first = engine.synthesize(PAGES[0], LANGUAGES[0]) if {used} else None
        def work(place):
            for text, language in list(zip(PAGES, LANGUAGES))[: place + 2]:
                engine.synthesize(text, language)
            assert engine.synthesize(PAGES[0]).origin == "memory"
            assert engine.stats().total_entries >= place + 2
        for child in [in_child(lambda: work(place)) for place in range(4)]:
            await_child(child)
        assert engine.synthesize(PAGES[4], LANGUAGES[4]).cached
        assert not engine.synthesize(PAGES[5], LANGUAGES[5]).cached
        assert paid() == {{text: 1 for text in PAGES}}
    """)


@pytest.mark.parametrize("method", METHODS)
def test_pools_pay_once_for_each_text(programs: Programs, method: str) -> None:
    ended = programs.run(f"""
        import multiprocessing
        import hosts.work as work
        work.speak(PAGES[0])
        with multiprocessing.get_context("{method}").Pool(4) as pool:
            heard = pool.map(work.speak, PAGES * 8, chunksize=1)
            assert len({{audio for _, audio in heard}}) == len(PAGES)
            pool.map(work.all_of_it, PAGES, chunksize=1)
            pool.close()
            pool.join()
        work.speak("घर लौट चलें।")
        assert set(paid().values()) == {{1}}
        print(len({{process for process, _ in heard}}))
    """)
    assert int(ended.out) >= 2


def test_processes_that_ask_at_once_pay_once(programs: Programs) -> None:
    programs.run("""
        engine = open_engine(Paid(gated=True))
        def work():
            assert engine.synthesize(PAGES[0]).duration_ms > 0
        children = [in_child(work) for _ in range(4)]
        wait_until_paid()
        open_gate()
        for child in children:
            await_child(child)
        assert engine.synthesize(PAGES[0]).cached
        assert paid() == {PAGES[0]: 1}
    """)


def test_a_fork_in_the_midst_of_misses_harms_nobody(programs: Programs) -> None:
    programs.run("""
        import threading
        engine = open_engine(Paid(seconds=0.02), event_sinks=[])
        texts = [f"{page} {number}" for number in range(20) for page in PAGES[:2]]
        def read_all():
            for text in texts:
                engine.synthesize(text)
        threads = [threading.Thread(target=read_all) for _ in range(4)]
        for thread in threads:
            thread.start()
        children = []
        for number in range(12):
            def work():
                engine.synthesize(texts[number])
                engine.synthesize(f"{PAGES[2]} {number}")
            wait_until_paid(number * 2)
            children.append(in_child(work))
        for thread in threads:
            thread.join()
        for child in children:
            await_child(child)
        assert set(paid().values()) == {1}
        assert len(paid()) == len(texts) + 12
    """)


def test_a_loop_is_made_in_the_child(programs: Programs) -> None:
    programs.run("""
        import asyncio
        engine = open_engine()
        async def main(text):
            speech = await engine.synthesize_async(text)
            heard = [one async for one in engine.stream(text + " " + PAGES[2])]
            return speech.origin, len(heard)
        assert asyncio.run(main(PAGES[0])) == ("synthesized", 2)
        def work():
            assert asyncio.run(main(PAGES[1])) == ("synthesized", 2)
        await_child(in_child(work))
        assert asyncio.run(main(PAGES[3]))[0] == "synthesized"
    """)


def test_a_loop_that_ran_before_the_fork_has_a_mailbox_of_its_own(programs: Programs) -> None:
    programs.run("""
        import asyncio
        engine = open_engine(Paid(gated=True))
        loop = asyncio.new_event_loop()
        async def begun():
            task = asyncio.ensure_future(engine.synthesize_async(PAGES[0]))
            while not payments():
                await asyncio.sleep(0.005)
            return task
        task = loop.run_until_complete(begun())
        def work():  # a letter to the parent is under way, and this loop has its old mailbox
            open_gate()
            speech = loop.run_until_complete(engine.synthesize_async(PAGES[1]))
            assert speech.origin == "synthesized"
            again = loop.run_until_complete(engine.synthesize_async(PAGES[0]))
            assert again.duration_ms > 0 and not task.done()
        child = in_child(work)
        assert loop.run_until_complete(task).origin == "synthesized"
        await_child(child)
        assert loop.run_until_complete(engine.synthesize_async(PAGES[1])).duration_ms > 0
        loop.close()
        assert paid() == {PAGES[0]: 1, PAGES[1]: 1}
    """)


def test_a_stream_stays_with_its_process(programs: Programs) -> None:
    programs.run("""
        engine = open_engine()
        stream = engine.stream(f"{PAGES[0]} {PAGES[2]}")
        speech = engine.synthesize(PAGES[1])
        def work():
            try:
                next(stream)
            except bhashatts.Error as error:
                assert error.code is bhashatts.ErrorCode.BAD_REQUEST
            else:
                raise AssertionError("heard")
            stream.close()
            global speech
            assert speech.timings.duration_ms == speech.duration_ms
            del speech
        await_child(in_child(work))
        assert [one.number for one in stream] == [0, 1]
    """)


def test_parts_of_the_hosts_go_on_in_a_child(programs: Programs) -> None:
    programs.run("""
        import logging
        class Diary(bhashatts.EventSink):
            name = "diary"
            def deliver(self, events):
                with open(directory() / "diary", "a") as file:
                    file.writelines(f"{event['id']} {event['kind']}\\n" for event in events)
        class Shed(bhashatts.CacheTier):
            values = {}
            def get(self, key):
                return self.values.get(key)
            def put(self, key, value, language, ttl):
                self.values[key] = bytes(value)
            def erase(self, key):
                self.values.pop(key, None)
            def clear(self, language, count_only):
                return 0
        logging.basicConfig(filename=directory() / "log", level=logging.DEBUG)
        engine = open_engine(tiers=[Shed()], event_sinks=[Diary()])
        engine.synthesize(PAGES[0])
        def work():
            engine.synthesize(PAGES[1])
            assert len(Shed.values) >= 2
            engine.close()
        await_child(in_child(work))
        engine.synthesize(PAGES[2])
        engine.close()
        lines = (directory() / "diary").read_text().splitlines()
        assert sum(line.endswith("speech_stored") for line in set(lines)) == 3
        assert paid() == {text: 1 for text in PAGES[:3]}
    """)


@pytest.mark.parametrize("method", METHODS)
def test_a_child_of_multiprocessing_drains_at_its_end(programs: Programs, method: str) -> None:
    programs.run(f"""
        import multiprocessing
        import hosts.work as work
        context = multiprocessing.get_context("{method}")
        child = context.Process(target=work.leave, args=(PAGES[0],))
        child.start()
        child.join()
        assert child.exitcode == 0
        assert work.engine.synthesize(PAGES[0]).cached
        assert paid() == {{PAGES[0]: 1}}
    """)


def test_an_engine_is_not_pickled(engine: bhashatts.TtsEngine) -> None:
    for what in (engine, engine.synthesize):
        with pytest.raises(TypeError, match="a TtsEngine cannot be pickled: open one in each"):
            pickle.dumps(what)
    with pytest.raises(TypeError, match="TtsEngine"):
        copy.copy(engine)
    with pytest.raises(TypeError, match="speech"):
        pickle.dumps(engine.synthesize(OTHER))


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_an_error_is_copied_faithfully(protocol: int) -> None:
    error = bhashatts.Error(
        ErrorCode.CREDITS_EXHAUSTED,
        "buy credits",
        retryable=True,
        retry_after=2.5,
        detail="402",
        cost_micro_usd=7,
    )
    for twin in (pickle.loads(pickle.dumps(error, protocol)), copy.copy(error)):
        assert type(twin) is bhashatts.Error
        assert vars(twin) == vars(error)
        assert str(twin) == "credits_exhausted: buy credits"
    assert bhashatts.Error(*json.loads(json.dumps(error.args))).retry_after == 2.5


def test_an_error_crosses_processes(programs: Programs) -> None:
    programs.run("""
        import concurrent.futures, multiprocessing
        import hosts.work as work
        context = multiprocessing.get_context("spawn")
        with concurrent.futures.ProcessPoolExecutor(1, mp_context=context) as pool:
            error = pool.submit(work.fail, "").exception()
        assert type(error) is bhashatts.Error
        assert (error.code, error.retryable) == (bhashatts.ErrorCode.RATE_LIMITED, True)
        assert (error.message, error.retry_after) == ("slowly", 2.5)
    """)


SUB_INTERPRETER = """
source = '''
try:
    import bhashatts
except ImportError as error:
    print("refused:", error, flush=True)
'''
try:
    from concurrent import interpreters
    interpreters.create().exec(source)
except ImportError:
    try:
        import _interpreters as interpreters
    except ImportError:
        import _xxsubinterpreters as interpreters
    one = interpreters.create(*CREATE)
    interpreters.run_string(one, source)
    interpreters.destroy(one)
"""


@pytest.mark.parametrize("kind", ["isolated", "legacy"])
def test_a_sub_interpreter_is_refused_at_import(programs: Programs, kind: str) -> None:
    if kind == "legacy" and sys.version_info < (3, 13):
        pytest.skip("Python cannot be asked for one by name")
    create = "CREATE = []" if sys.version_info < (3, 13) else f'CREATE = ["{kind}"]'
    ended = programs.run(f"{create}\n{SUB_INTERPRETER}")
    assert ended.out.startswith("refused: ")
    assert "interpreter" in ended.out
