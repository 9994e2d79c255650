"""`tidemark ledger` and `tidemark rebuild`: the state made from the log."""

import asyncio
import signal
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Annotated, TypeVar

import structlog
import typer

from tidemark.services.clock import wall_clock
from tidemark.services.ledger.metrics import Address, LedgerMetrics, served
from tidemark.streams.contracts.family import Stream
from tidemark.streams.ledger.worker import FLUSH_BEHIND_S, FLUSH_REBUILDING_S, Worker, calm_collector
from tidemark.streams.log import begin_rebuild, join, open_log, open_state_writer
from tidemark.streams.log.errors import LogLocked, LogUnavailable, StateSuperseded
from tidemark.streams.log.port import EventLog
from tidemark.streams.log.share import Share, WholeLog
from tidemark.streams.log.state import StateWriter

from .console import DEFAULT_LOG, AsJson, LogUrl, out, print_json, progress, run

TAKE_OVER_TRIES = 20
TAKE_OVER_PAUSE_S = 0.25
OUTAGE_TRIES = 30
OUTAGE_PAUSE_S = 20.0
REBUILD_PASSES = 3
"""Each takes a fraction of the one before, and readers miss only what comes during the last."""

log = structlog.get_logger()
Writer = TypeVar("Writer", bound=StateWriter)


def ledger(
    url: LogUrl = DEFAULT_LOG,
    until_caught_up: Annotated[
        bool, typer.Option("--until-caught-up", help="End when the log's present end is reached.")
    ] = False,
    instance: Annotated[
        str | None,
        typer.Option(
            envvar="TIDEMARK_INSTANCE",
            help="On Kafka, a lasting name of this worker: restarted under it, it keeps its partitions.",
        ),
    ] = None,
    metrics_port: Annotated[
        int | None,
        typer.Option(
            envvar="TIDEMARK_LEDGER_PORT",
            min=0,
            max=65_535,
            help="Serve the worker's own metrics here while it follows the log. [default: nowhere]",
        ),
    ] = None,
    metrics_host: Annotated[
        str, typer.Option(envvar="TIDEMARK_LEDGER_HOST", help="Address to serve them on.")
    ] = "127.0.0.1",
    as_json: AsJson = False,
) -> None:
    """Keep the running totals up with the log, exactly. Ctrl-C ends it cleanly.

    On Kafka run as many as there are partitions at most: they share the work.
    """
    address = None if metrics_port is None else Address(metrics_host, metrics_port)
    run(_catching_up(url, instance, as_json) if until_caught_up else _following(url, instance, address))


def rebuild(url: LogUrl = DEFAULT_LOG, as_json: AsJson = False) -> None:
    """Make the totals anew from the whole log, beside those being served, then serve the new ones."""
    run(_rebuild(url, as_json))


async def _catching_up(url: str, instance: str | None, as_json: bool) -> None:
    async with _joined(url, instance) as (events, share), _opened(await open_state_writer(url)) as state:
        await _catch_up(await _started(_worker(events, state, share)), events, as_json)


async def _following(url: str, instance: str | None, address: Address | None) -> None:
    metrics = LedgerMetrics()
    async with _joined(url, instance) as (events, share), served(metrics, address):
        await keep_up(url, events, share, metrics, stop_on_signals())


@asynccontextmanager
async def _joined(url: str, instance: str | None) -> AsyncIterator[tuple[EventLog, Share]]:
    """The log, and this worker's share of it."""
    events = await open_log(url, wall_clock)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(events.close)
        share = await join(url, events.identity.partitions, instance)
        stack.push_async_callback(share.close)
        yield events, share


async def keep_up(
    url: str, events: EventLog, share: Share, metrics: LedgerMetrics, stop: asyncio.Event
) -> None:
    """Follow the log until told to stop, through outages and every generation that `rebuild` promotes.

    Raises LogError when an outage lasts for OUTAGE_TRIES.
    """
    failures = 0
    while not stop.is_set():
        try:
            async with _opened(await _take_over(url)) as state:
                worker = _worker(events, metrics.timed(state), share)
                metrics.watch(worker)
                await _started(worker)
                log.info("ledger follows the log", partitions=sorted(worker.positions), **worker.sizes())
                failures = 0
                await worker.run(stop)
        except StateSuperseded:
            log.info("another generation is being served now, taking it over")
        except LogUnavailable as error:
            failures += 1
            if failures == OUTAGE_TRIES:
                raise
            log.warning("log unavailable, starting over", attempt=failures, error=str(error))
            await asyncio.sleep(min(OUTAGE_PAUSE_S, 2**failures))


async def _take_over(url: str) -> StateWriter:
    """The writer of the generation being served; a rebuild that has just ended may still hold it."""
    for _ in range(TAKE_OVER_TRIES):
        try:
            return await open_state_writer(url)
        except LogLocked as error:
            locked = error
            await asyncio.sleep(TAKE_OVER_PAUSE_S)
    raise locked


@asynccontextmanager
async def _opened(state: Writer) -> AsyncIterator[Writer]:
    try:
        yield state
    finally:
        await state.close()


async def _rebuild(url: str, as_json: bool) -> None:
    events = await open_log(url, wall_clock)
    try:
        async with _opened(await begin_rebuild(url)) as state:
            share = WholeLog(events.identity.partitions)
            worker = await _started(_worker(events, state, share, FLUSH_REBUILDING_S))
            await _catch_up(worker, events, as_json)
            for _ in range(REBUILD_PASSES):
                await worker.catch_up()
            await state.promote()
    finally:
        await events.close()


def _worker(
    events: EventLog, state: StateWriter, share: Share, flush_behind_s: float = FLUSH_BEHIND_S
) -> Worker:
    return Worker(events, state, share, time.monotonic, flush_behind_s=flush_behind_s)


async def _started(worker: Worker) -> Worker:
    await worker.restore()
    calm_collector()
    return worker


async def _catch_up(worker: Worker, events: EventLog, as_json: bool) -> None:
    started = time.monotonic()
    ends = await events.ends(Stream.FACTS)
    todo = sum(ends[partition] - position for partition, position in worker.positions.items())
    with progress("folding") as bar:
        task = bar.add_task("", total=todo)
        await worker.catch_up(lambda done: bar.update(task, completed=done))
    seconds = time.monotonic() - started
    summary = {"records": todo, "seconds": round(seconds, 2), **worker.sizes()}
    if as_json:
        print_json(summary)
    else:
        out.print(
            f"{todo:,} records folded in {seconds:.1f} s; "
            f"{summary['cells']:,} cells, {summary['entities']:,} entities, {summary['ids']:,} ids remembered"
        )


def stop_on_signals() -> asyncio.Event:
    """An event that SIGINT and SIGTERM set."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    return stop
