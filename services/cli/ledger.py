"""`tidemark ledger` and `tidemark rebuild`: the state made from the log."""

import asyncio
import signal
import time
from typing import Annotated

import typer

from streams.contracts.family import Stream
from streams.ledger.worker import Worker, calm_collector
from streams.log import open_log, begin_rebuild, open_state_writer
from streams.log.port import EventLog
from streams.log.state import StateWriter

from .console import DEFAULT_LOG, AsJson, LogUrl, now_ms, out, print_json, progress, run


def ledger(
    log: LogUrl = DEFAULT_LOG,
    until_caught_up: Annotated[
        bool, typer.Option("--until-caught-up", help="End when the log's present end is reached.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Keep the running totals up with the log, exactly. Ctrl-C ends it cleanly."""
    run(_ledger(log, until_caught_up, as_json))


def rebuild(log: LogUrl = DEFAULT_LOG, as_json: AsJson = False) -> None:
    """Make the totals anew from the whole log, beside those being served, then serve the new ones."""
    run(_rebuild(log, as_json))


async def _ledger(url: str, until_caught_up: bool, as_json: bool) -> None:
    events = open_log(url, now_ms)
    try:
        state = open_state_writer(url)
        try:
            worker = await _started(events, state)
            if until_caught_up:
                await _catch_up(worker, events, as_json)
            else:
                await worker.run(stop_on_signals())
        finally:
            await state.close()
    finally:
        await events.close()


async def _rebuild(url: str, as_json: bool) -> None:
    events = open_log(url, now_ms)
    try:
        state = begin_rebuild(url)
        try:
            worker = await _started(events, state)
            await _catch_up(worker, events, as_json)
            await state.promote()
        finally:
            await state.close()
    finally:
        await events.close()


async def _started(events: EventLog, state: StateWriter) -> Worker:
    worker = Worker(events, state, time.monotonic)
    await worker.restore()
    calm_collector()
    return worker


async def _catch_up(worker: Worker, events: EventLog, as_json: bool) -> None:
    started = time.monotonic()
    todo = sum(await events.ends(Stream.FACTS)) - sum(worker.positions)
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
