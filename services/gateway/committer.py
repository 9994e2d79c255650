"""Group commit: the events of many requests are appended, and made durable, in one call."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

import structlog

from tidemark.streams.contracts.family import Stream
from tidemark.streams.log.errors import LogError
from tidemark.streams.log.port import Entry, EventLog

from .load import Load
from .metrics import Metrics

log = structlog.get_logger()


@dataclass(slots=True)
class _Waiting:
    """One request's entries for a stream, and the future of their offsets."""

    entries: Sequence[Entry]
    size: int
    offsets: asyncio.Future[list[int]]


class Committer:
    """Appends the waiting entries, one call per stream, while the next requests queue up."""

    def __init__(self, event_log: EventLog, load: Load, metrics: Metrics) -> None:
        self._log = event_log
        self._load = load
        self._metrics = metrics
        self._waiting: dict[Stream, list[_Waiting]] = {stream: [] for stream in Stream}
        self._wake = asyncio.Event()
        self._closing = False
        self._task: asyncio.Task[None] | None = None

    @property
    def alive(self) -> bool:
        """Whether entries handed in will be appended."""
        return self._task is not None and not self._task.done()

    def start(self) -> None:
        """Start appending."""
        self._task = asyncio.create_task(self._run(), name="committer")

    async def close(self, timeout_s: float) -> None:
        """Append the waiting entries within `timeout_s` seconds, and stop."""
        self._closing = True
        self._wake.set()
        if self._task is not None:
            try:
                await asyncio.wait_for(self._task, timeout_s)
            except TimeoutError:
                log.error(
                    "stopped with events still waiting; none of them was acknowledged",
                    events=self._load.events,
                )

    async def commit(self, stream: Stream, entries: Sequence[Entry]) -> list[int]:
        """Append the entries together with others' and return their offsets once durable.

        Raises Problem (429) when too much is waiting, and the log's error if the append failed.
        A caller cancelled before its append began has appended nothing.
        """
        size = sum(len(entry.value) for entry in entries)
        self._load.hold(len(entries), size)
        waiting = _Waiting(entries, size, asyncio.get_running_loop().create_future())
        self._waiting[stream].append(waiting)
        self._wake.set()
        return await waiting.offsets

    async def _run(self) -> None:
        while not self._closing or any(self._waiting.values()):
            await self._wake.wait()
            self._wake.clear()
            for stream in Stream:
                group, self._waiting[stream] = self._waiting[stream], []
                await self._append(stream, group)

    async def _append(self, stream: Stream, group: list[_Waiting]) -> None:
        live = [waiting for waiting in group if not waiting.offsets.cancelled()]
        try:
            if live:
                await self._append_live(stream, live)
        finally:
            for waiting in group:
                self._load.release(len(waiting.entries), waiting.size)

    async def _append_live(self, stream: Stream, group: list[_Waiting]) -> None:
        entries = [entry for waiting in group for entry in waiting.entries]
        try:
            with self._metrics.commit.time():
                offsets = await self._log.append(stream, entries)
        except LogError as error:
            log.error("append failed", stream=stream.value, events=len(entries), error=str(error))
            _fail(group, error)
        except Exception as error:  # a bug in an engine must not stop the committer
            log.exception("append crashed", stream=stream.value, events=len(entries))
            _fail(group, error)
        else:
            _resolve(group, offsets)


def _resolve(group: list[_Waiting], offsets: list[int]) -> None:
    start = 0
    for waiting in group:
        end = start + len(waiting.entries)
        if not waiting.offsets.done():
            waiting.offsets.set_result(offsets[start:end])
        start = end


def _fail(group: list[_Waiting], error: Exception) -> None:
    for waiting in group:
        if not waiting.offsets.done():
            waiting.offsets.set_exception(error)
