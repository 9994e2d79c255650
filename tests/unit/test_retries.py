"""Retries end, only failures that may pass are repeated, and no retry loop is written by hand."""

import ast
import asyncio
import gc
import weakref
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import CapturedCall, CapturingLogger

from tests.support.examples import ROOT
from tidemark.streams.retries import Backoff, RetryPolicy, retry, retry_async


class Away(Exception):
    pass


class Gone(Away):
    pass


POLICY = RetryPolicy(event="away", tries=4, backoff=Backoff(1.0, 3.0), on=Away, unless=(Gone,))


class Work:
    """Raises these errors, one per call, then succeeds; `waited` has the seconds between the calls."""

    def __init__(self, *errors: BaseException) -> None:
        self.errors = list(errors)
        self.calls = 0
        self.waited: list[float] = []

    def do(self) -> str:
        self.calls += 1
        if self.errors:
            raise self.errors.pop(0)
        return "done"

    async def do_async(self) -> str:
        return self.do()

    async def sleep(self, seconds: float) -> None:
        self.waited.append(seconds)


def run(work: Work, policy: RetryPolicy = POLICY, luck: Callable[[], float] = lambda: 0.5) -> str:
    return retry(policy, work.do, work.waited.append, luck)


def run_async(work: Work, policy: RetryPolicy = POLICY, luck: Callable[[], float] = lambda: 0.5) -> str:
    return asyncio.run(retry_async(policy, work.do_async, work.sleep, luck))


EITHER = pytest.mark.parametrize("run", [run, run_async])
Run = Callable[..., str]


@EITHER
def test_a_failure_that_lasts_is_raised_right_after_the_last_try(run: Run) -> None:
    work = Work(*(Away(str(n)) for n in range(9)))
    with pytest.raises(Away, match=r"^3$"):
        run(work)
    assert (work.calls, work.waited) == (4, [1.0, 2.0, 3.0])


@EITHER
def test_a_failure_that_passes_gives_the_result(run: Run) -> None:
    work = Work(Away(), Away())
    assert run(work) == "done"
    assert (work.calls, work.waited) == (3, [1.0, 2.0])


@EITHER
@pytest.mark.parametrize("error", [Gone(), ValueError(), KeyboardInterrupt()], ids=repr)
def test_what_is_not_worth_repeating_is_raised_at_once(run: Run, error: BaseException) -> None:
    work = Work(error)
    with pytest.raises(type(error)):
        run(work)
    assert (work.calls, work.waited) == (1, [])


@EITHER
def test_each_pause_is_preceded_by_a_warning_that_names_the_attempt_and_the_error(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = CapturingLogger()
    monkeypatch.setattr("tidemark.streams.retries.log", log)
    run(Work(Away("no route"), Away("refused")))
    assert log.calls == [
        CapturedCall("warning", (POLICY.event,), {"attempt": attempt, "error": error})
        for attempt, error in [(1, "no route"), (2, "refused")]
    ]


@EITHER
def test_pauses_take_their_jitter_from_the_luck_that_is_given(run: Run) -> None:
    work = Work(Away(), Away(), Away())
    run(work, replace(POLICY, backoff=Backoff(1.0, 9.0, jitter=0.5)), iter([0.0, 1.0, 0.5]).__next__)
    assert work.waited == [0.5, 2.0, 3.0]


async def test_cancelling_ends_the_pause_and_the_work_is_not_repeated() -> None:
    work, pausing = Work(Away()), asyncio.Event()

    async def sleep(_seconds: float) -> None:
        pausing.set()
        await asyncio.Event().wait()

    task = asyncio.create_task(retry_async(POLICY, work.do_async, sleep))
    await pausing.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert work.calls == 1


async def test_what_returns_an_awaitable_without_being_a_coroutine_function_is_awaited_and_repeated() -> None:
    work = Work(Away())

    def start() -> Awaitable[str]:
        return work.do_async()

    assert await retry_async(POLICY, start, work.sleep) == "done"
    assert work.calls == 2


async def test_nothing_is_left_for_the_garbage_collector() -> None:
    def luck() -> float:
        return 0.0

    work, alive = Work(), weakref.ref(luck)
    gc.disable()
    try:
        await retry_async(POLICY, work.do_async, work.sleep, luck)
        del luck
        assert alive() is None
    finally:
        gc.enable()


SECONDS = st.floats(0.001, 1_000)
SHARE = st.floats(0, 1)


@given(first=SECONDS, factor=st.floats(1, 100), jitter=SHARE, failures=st.integers(1, 10_000), luck=SHARE)
def test_a_pause_is_never_longer_than_the_longest_nor_shorter_than_jitter_allows(
    first: float, factor: float, jitter: float, failures: int, luck: float
) -> None:
    backoff = Backoff(first, first * factor, jitter=jitter)
    full = backoff.pause_s(failures, 1.0)
    assert full <= backoff.longest_s
    assert full * (1 - jitter) * 0.999 <= backoff.pause_s(failures, luck) <= full
    assert full <= backoff.pause_s(failures + 1, 1.0)


SUPERVISED = {"services/background.py: follow"}
"""Main loops that repeat their work after a fixed pause until they are cancelled."""


def test_no_loop_that_pauses_after_a_failure_is_written_by_hand() -> None:
    files = [
        file for part in ("streams", "services", "deploy") for file in sorted((ROOT / part).rglob("*.py"))
    ]
    assert len(files) > 200
    loops = {
        f"{file.relative_to(ROOT)}: {name}" for file in files for name in find_retry_loops(file.read_text())
    }
    assert loops == SUPERVISED, "use retry or retry_async of tidemark.streams.retries"


@pytest.mark.parametrize("pause", ["sleep(1)", "time.sleep(1)", "await self._pause(1)", "wait(1)"])
@pytest.mark.parametrize("loop", ["for _ in range(3)", "while True"])
def test_a_loop_written_by_hand_is_seen(loop: str, pause: str) -> None:
    """The negative control."""
    source = f"async def f():\n {loop}:\n  try:\n   return call()\n  except OSError:\n   pass\n  {pause}\n"
    assert list(find_retry_loops(source)) == ["f"]


@pytest.mark.parametrize(
    "source",
    [
        "def f():\n while not ready():\n  sleep(1)\n",
        "def f():\n for row in rows:\n  try:\n   read(row)\n  except ValueError:\n   reject(row)\n",
    ],
    ids=["waits for a state", "goes on with the next"],
)
def test_other_loops_are_left_alone(source: str) -> None:
    assert list(find_retry_loops(source)) == []


PAUSES = {"sleep", "pause", "wait"}


def find_retry_loops(source: str) -> Iterator[str]:
    """The functions with a loop that catches an error and pauses."""
    for function in ast.walk(ast.parse(source)):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            loops = (
                node for node in ast.walk(function) if isinstance(node, ast.For | ast.While | ast.AsyncFor)
            )
            if any(_catches(loop) and _pauses(loop) for loop in loops):
                yield function.name


def _catches(loop: ast.AST) -> bool:
    return any(isinstance(node, ast.ExceptHandler) for node in ast.walk(loop))


def _pauses(loop: ast.AST) -> bool:
    calls = (node.func for node in ast.walk(loop) if isinstance(node, ast.Call))
    names = (call.attr if isinstance(call, ast.Attribute) else getattr(call, "id", "") for call in calls)
    return any(name.strip("_") in PAUSES for name in names)
