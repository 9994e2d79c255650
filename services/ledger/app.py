"""The ledger's wiring: a worker that follows a log, catches up with its end, or rebuilds its state.

While it serves, the log and the group membership are opened once; the state's writer and the worker with all
its folds are opened again whenever they may be out of date: another generation was promoted
(StateSuperseded), or the log was unavailable for longer than the worker's own tries. A new worker restores
from what is published, so nothing that an outage interrupted is carried over in memory.

A rebuild folds the whole log into the next generation while the present one is served and kept up by the
running ledger, passes over the records that came meanwhile, and promotes it. The running ledger sees that at
its next publish and takes the new generation over; readers switch at their next poll.
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
from tidemark.streams.log.port import (
    EventLog,
    LogLocked,
    LogUnavailable,
    PartitionAssignment,
    StateSuperseded,
    StateWriter,
    WholeLog,
    close_after,
)
from tidemark.streams.retries import AsyncSleep, Backoff, RetryPolicy, retry_async

from .metrics import LedgerMetrics
from .settings import LedgerSettings

TAKING_OVER = RetryPolicy(
    event="the state is still held, trying again",
    tries=20,
    backoff=Backoff(first_s=0.25, longest_s=0.25),
    on=LogLocked,
)
"""A rebuild that has just ended holds the generation that it promoted a moment longer."""
OUTAGE = RetryPolicy(
    event="log unavailable, starting over",
    tries=30,
    backoff=Backoff(first_s=2.0, longest_s=20.0, jitter=0.2),
    on=LogUnavailable,
)
REBUILD_PASSES = 3
"""Each takes a fraction of the one before, and readers miss only what comes during the last."""

_NOT_READY = Kind("not-ready", 503, "The worker does not follow the log yet", retry_after(1))

log = structlog.get_logger()

ShowProgress = Callable[[int], AbstractContextManager[Callable[[int], None]]]
"""Shows how far folding has come: given how many records there are, it takes how many are folded."""


class Folded(NamedTuple):
    """Records folded, the seconds that took, and what the worker holds since."""

    records: int
    seconds: float
    sizes: dict[str, int]


async def serve(settings: LedgerSettings) -> None:
    """Follow the log until cancelled; what was folded is published before this ends.

    Raises LogError when an outage outlasts OUTAGE, OtherFoldVersion, or OSError when the address
    of the metrics cannot be listened on.
    """
    metrics = LedgerMetrics()
    stop = asyncio.Event()
    async with (
        _join_group(settings) as (events, share),
        serve_metrics(metrics, settings.ledger_host, settings.ledger_port),
    ):
        following = asyncio.create_task(
            follow_log(engine_of(settings.log), events, share, metrics, stop, asyncio.sleep)
        )
        try:
            await asyncio.shield(following)
        except asyncio.CancelledError:
            stop.set()
            await following
            raise


async def catch_up(settings: LedgerSettings, show: ShowProgress) -> Folded:
    """Come to the end that the log has now. Raises LogError, OtherFoldVersion."""
    async with (
        _join_group(settings) as (events, share),
        close_after(await engine_of(settings.log).open_state_writer()) as state,
    ):
        return await _catch_up(await _start_worker(_create_worker(events, state, share)), events, show)


async def rebuild(url: str, show: ShowProgress) -> Folded:
    """Make the state anew from the whole log, beside the one being served, then serve the new one.

    Raises LogError.
    """
    async with (
        close_after(await engine_of(url).open_log(wall_clock)) as events,
        close_after(await engine_of(url).begin_rebuild()) as state,
    ):
        share = WholeLog(events.identity.partitions)
        worker = await _start_worker(_create_worker(events, state, share, FLUSH_REBUILDING_S))
        folded = await _catch_up(worker, events, show)
        for _ in range(REBUILD_PASSES):
            await worker.catch_up()
        await state.promote()
    return folded


async def follow_log(
    engine: Engine,
    events: EventLog,
    share: PartitionAssignment,
    metrics: LedgerMetrics,
    stop: asyncio.Event,
    sleep: AsyncSleep,
) -> None:
    """Follow the log until told to stop, through outages and every generation that `rebuild` promotes.

    A service's main loop: what ended while it followed is begun again after a pause, for as long as the
    service runs. Raises LogError when it cannot begin within OUTAGE or TAKING_OVER, OtherFoldVersion.
    """

    async def follow() -> None:
        if stop.is_set():
            return
        async with close_after(await retry_async(TAKING_OVER, engine.open_state_writer, sleep)) as state:
            worker = _create_worker(events, metrics.time_publishing(state), share)
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
            log.info("another generation is being served now, taking it over")


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
                _NOT_READY, "partitions are being restored", "wait; if it lasts, see the ledger's log"
            )

    return create_plain_app("Tidemark ledger", check_ready, expose(metrics.registry))


@asynccontextmanager
async def serve_metrics(metrics: LedgerMetrics, host: str, port: int | None) -> AsyncIterator[None]:
    """Serve the metrics meanwhile, on the worker's own event loop; nowhere without a port.

    Raises OSError when the address cannot be listened on.
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
    """The log, and this worker's share of it."""
    engine = engine_of(settings.log)
    async with (
        close_after(await engine.open_log(wall_clock)) as events,
        close_after(await engine.join(events.identity.partitions, settings.instance)) as share,
    ):
        yield events, share


def _create_worker(
    events: EventLog, state: StateWriter, share: PartitionAssignment, flush_behind_s: float = FLUSH_BEHIND_S
) -> Worker:
    return Worker(events, state, share, time.monotonic, flush_behind_s=flush_behind_s)


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
