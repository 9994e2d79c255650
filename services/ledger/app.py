"""The ledger's wiring: a worker that follows a log, catches up with its end, or rebuilds its state.

A running ledger opens the log and joins the group once. It reopens the state writer and creates a new worker
with new folds whenever they may be out of date: when another generation was promoted (StateSuperseded), or
when the log was unavailable for longer than the worker retries. A new worker restores the published state, so
nothing that an outage interrupted is carried over in memory.

A rebuild folds the whole log into the next generation while the running ledger keeps the current one up to
date and served. It then folds the records that arrived in the meantime, and promotes the new generation. The
running ledger notices at its next publish and takes over the new generation; readers switch at their next
poll.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager, asynccontextmanager
from typing import NamedTuple

import structlog
from fastapi import FastAPI

from tidemark.services.defaults import wall_clock
from tidemark.services.http import (
    Kind,
    Problem,
    create_plain_app,
    expose,
    open_listener,
    retry_after,
    run_server,
)
from tidemark.streams.contracts.family import Stream
from tidemark.streams.ledger.worker import FLUSH_BEHIND_S, FLUSH_REBUILDING_S, Worker, calm_collector
from tidemark.streams.log import engine_of
from tidemark.streams.log.engine import Engine
from tidemark.streams.log.errors import LogLocked, LogUnavailable, StateSuperseded
from tidemark.streams.log.port import EventLog, PartitionAssignment, StateWriter, WholeLog, close_after
from tidemark.streams.retries import AsyncSleep, Backoff, RetryPolicy, retry_async

from .metrics import LedgerMetrics
from .settings import LedgerSettings

TAKING_OVER = RetryPolicy(
    event="the state is still held, trying again",
    tries=20,
    backoff=Backoff(first_s=0.25, longest_s=0.25),
    on=LogLocked,
)
"""A rebuild that has just ended holds the lock of the generation that it promoted for a moment longer."""
OUTAGE = RetryPolicy(
    event="log unavailable, starting over",
    tries=30,
    backoff=Backoff(first_s=2.0, longest_s=20.0, jitter=0.2),
    on=LogUnavailable,
)
REBUILD_PASSES = 3
"""Each pass takes a fraction of the previous one; at the switch, readers lack only the records that arrive
during the last pass."""

_NOT_READY = Kind("not-ready", 503, "The worker does not follow the log yet", retry_after(1))

log = structlog.get_logger()

ShowProgress = Callable[[int], AbstractContextManager[Callable[[int], None]]]
"""Shows the progress of folding: takes the total number of records and yields a function that takes the
number of folded records."""


class Folded(NamedTuple):
    """The number of records folded, the seconds that it took, and what the worker holds in memory."""

    records: int
    seconds: float
    sizes: dict[str, int]


async def serve(settings: LedgerSettings) -> None:
    """Follow the log until cancelled; what was folded is published before this returns.

    Raises LogError when an outage outlasts OUTAGE, OtherFoldVersion, or OSError when the metrics cannot be
    served on their address.
    """
    metrics = LedgerMetrics()
    stop = asyncio.Event()
    async with (
        _join_group(settings) as (events, assignment),
        serve_metrics(metrics, settings.ledger_host, settings.ledger_port),
    ):
        following = asyncio.create_task(
            follow_log(engine_of(settings.log), events, assignment, metrics, stop, asyncio.sleep)
        )
        try:
            await asyncio.shield(following)
        except asyncio.CancelledError:
            stop.set()
            await following
            raise


async def catch_up(settings: LedgerSettings, show: ShowProgress) -> Folded:
    """Fold up to the current end of the log. Raises LogError, OtherFoldVersion."""
    async with (
        _join_group(settings) as (events, assignment),
        close_after(await engine_of(settings.log).open_state_writer()) as state,
    ):
        return await _catch_up(await _start_worker(_create_worker(events, state, assignment)), events, show)


async def rebuild(url: str, show: ShowProgress) -> Folded:
    """Rebuild the state from the whole log beside the state being served, then switch to the new one.

    Raises LogError.
    """
    async with (
        close_after(await engine_of(url).open_log(wall_clock)) as events,
        close_after(await engine_of(url).begin_rebuild()) as state,
    ):
        assignment = WholeLog(events.identity.partitions)
        worker = await _start_worker(_create_worker(events, state, assignment, FLUSH_REBUILDING_S))
        folded = await _catch_up(worker, events, show)
        for _ in range(REBUILD_PASSES):
            await worker.catch_up()
        await state.promote()
    return folded


async def follow_log(
    engine: Engine,
    events: EventLog,
    assignment: PartitionAssignment,
    metrics: LedgerMetrics,
    stop: asyncio.Event,
    sleep: AsyncSleep,
) -> None:
    """Follow the log until `stop` is set, through outages and every generation that `rebuild` promotes.

    This is the service's main loop: after an outage it starts over with a new worker, for as long as the
    service runs. Raises OtherFoldVersion, and LogError when it cannot start within OUTAGE or TAKING_OVER.
    """

    async def follow() -> None:
        if stop.is_set():
            return
        async with close_after(await retry_async(TAKING_OVER, engine.open_state_writer, sleep)) as state:
            worker = _create_worker(events, metrics.time_publishing(state), assignment)
            metrics.watch(worker)
            await _start_worker(worker)
            log.info("ledger follows the log", partitions=sorted(worker.positions), **worker.sizes())
            await _run_until_outage(worker, stop)
        if not stop.is_set():
            await sleep(OUTAGE.backoff.first_s)

    while not stop.is_set():
        try:
            await retry_async(OUTAGE, follow, sleep)
        except StateSuperseded:
            log.info("another generation was promoted, taking it over")


async def _run_until_outage(worker: Worker, stop: asyncio.Event) -> None:
    try:
        await worker.run(stop)
    except LogUnavailable as error:
        log.warning(OUTAGE.event, error=str(error))


def create_app(metrics: LedgerMetrics) -> FastAPI:
    """The HTTP application over a worker's metrics."""

    async def check_ready() -> None:
        if not metrics.restored:
            raise Problem(
                _NOT_READY, "partitions are still being restored", "wait; if it lasts, see the ledger's log"
            )

    return create_plain_app("Tidemark ledger", check_ready, expose(metrics.registry))


@asynccontextmanager
async def serve_metrics(metrics: LedgerMetrics, host: str, port: int | None) -> AsyncIterator[None]:
    """Serve the metrics during the block, on the worker's own event loop; without a port, not at all.

    Raises OSError when the service cannot listen on the address.
    """
    if port is None:
        yield
        return
    with open_listener("ledger", host, port) as listener:
        serving = asyncio.create_task(run_server(create_app(metrics), listener))
        try:
            yield
        finally:
            serving.cancel()
            await asyncio.gather(serving, return_exceptions=True)


@asynccontextmanager
async def _join_group(settings: LedgerSettings) -> AsyncIterator[tuple[EventLog, PartitionAssignment]]:
    """The log, and this worker's partition assignment."""
    engine = engine_of(settings.log)
    async with (
        close_after(await engine.open_log(wall_clock)) as events,
        close_after(await engine.join(events.identity.partitions, settings.instance)) as assignment,
    ):
        yield events, assignment


def _create_worker(
    events: EventLog,
    state: StateWriter,
    assignment: PartitionAssignment,
    flush_behind_s: float = FLUSH_BEHIND_S,
) -> Worker:
    return Worker(events, state, assignment, time.monotonic, flush_behind_s=flush_behind_s)


async def _start_worker(worker: Worker) -> Worker:
    await worker.restore()
    calm_collector()
    return worker


async def _catch_up(worker: Worker, events: EventLog, show: ShowProgress) -> Folded:
    started = time.monotonic()
    ends = await events.ends(Stream.FACTS)
    records = sum(ends[partition] - position for partition, position in worker.positions.items())
    with show(records) as on_progress:
        await worker.catch_up(on_progress)
    return Folded(records, time.monotonic() - started, worker.sizes())
