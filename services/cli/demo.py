"""`tidemark demo`: a whole district in one process, verified at the end."""

import asyncio
import logging
import time
from collections.abc import Callable
from contextlib import AsyncExitStack, nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, TypeVar

import structlog
import typer
from rich.live import Live

from tidemark.services.board.app import run as run_board
from tidemark.services.board.settings import BoardSettings
from tidemark.services.board.snapshot import take_snapshot
from tidemark.services.defaults import wall_clock
from tidemark.services.exporter.app import run as run_exporter
from tidemark.services.exporter.settings import ExporterSettings
from tidemark.services.http import listen
from tidemark.services.plan import read_plan
from tidemark.services.simulator.scenario import ScenarioInvalid
from tidemark.services.simulator.trouble import Trouble, load_trouble
from tidemark.streams.contracts.civil import Civil
from tidemark.streams.contracts.family import DAY
from tidemark.streams.contracts.identity import LogIdentity
from tidemark.streams.ledger.worker import Worker, calm_collector
from tidemark.streams.log import create_log, engine_of
from tidemark.streams.log.port import EventLog, StateReader, WholeLog
from tidemark.streams.view.follower import Follower
from tidemark.streams.view.totals import totals_reach
from tidemark.streams.view.view import View

from .console import check_failed, out, progress, run, wrong_use
from .demo_feed import DemoFeed, OtherModel, OtherTrouble
from .demo_screen import Pulse, Rate, screen, span
from .service import stop_on_signals
from .verification import Verdict, verify_truth
from .verify import report

TICK_S = 0.1
SHOW_S = 0.5
PLAIN_SHOW_S = 5.0

T = TypeVar("T")


def demo(
    log: Annotated[
        str | None,
        typer.Option(
            help="The demo's own log; made at the first start. "
            "Without it sqlite:///var/demo.db, with a scenario sqlite:///var/demo-SCENARIO.db.",
            envvar="TIDEMARK_DEMO_LOG",
        ),
    ] = None,
    scenario: Annotated[
        str | None,
        typer.Option(
            help="What goes wrong for some minutes while live, to see an alert come and go: "
            "refund-coverage-lags, port-queue-long, feed-stale, dead-letters, "
            "or a file such as these in seeds/scenarios/troubles."
        ),
    ] = None,
    seconds: Annotated[
        float | None, typer.Option("--for", min=0, help="End after so many seconds of live running.")
    ] = None,
    seed: Annotated[
        int, typer.Option(help="Another seed is another district; counts at the first start.")
    ] = 7,
) -> None:
    """Fill a simulated year to date, then run live: terminal, wall screen and metrics. Ctrl-C ends it."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    url = log or f"sqlite:///var/{'demo' if scenario is None else f'demo-{Path(scenario).stem}'}.db"
    try:
        trouble = None if scenario is None else load_trouble(scenario)
        verdict = run(_demo(url, seconds, seed, trouble))
    except (OtherModel, OtherTrouble, ScenarioInvalid) as error:
        wrong_use(str(error))
    report(verdict, as_json=False)
    if verdict.differences:
        check_failed()


@dataclass(frozen=True)
class Parts:
    """What the demo holds while it runs."""

    url: str
    events: EventLog
    state: StateReader
    worker: Worker
    feed: DemoFeed
    stop: asyncio.Event


async def _demo(url: str, seconds: float | None, seed: int, trouble: Trouble | None) -> Verdict:
    events = await create_log(url, LogIdentity(content="simulated"), wall_clock)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(events.close)
        state = await engine_of(url).open_state_writer()
        stack.push_async_callback(state.close)
        reader = await engine_of(url).open_state_reader()
        stack.push_async_callback(reader.close)
        worker = Worker(events, state, WholeLog(events.identity.partitions), time.monotonic)
        await worker.restore()
        feed = await DemoFeed.open(events, seed, wall_clock(), trouble)
        calm_collector()
        parts = Parts(url, events, reader, worker, feed, stop_on_signals())
        await _fill(parts)
        if not parts.stop.is_set():
            await _live(parts, seconds)
        await worker.catch_up()
        civil = Civil(events.identity.zone)
        return verify_truth(feed.truth(), await reader.poll(0, 0), civil)


async def _fill(parts: Parts) -> None:
    """Everything up to now, folded as it comes."""
    until, first_ms, started = wall_clock(), parts.feed.first_ms, time.monotonic()
    with progress("filling the year to date, in days") as bar:
        task = bar.add_task("", total=(until - first_ms) // DAY + 1)

        def reached(arrival_ms: int) -> None:
            bar.update(task, completed=(arrival_ms - first_ms) // DAY)

        parts.feed.recall(reached)
        while not parts.stop.is_set():
            arrival_ms = await parts.feed.send_until(until)
            if arrival_ms is None:
                break
            await parts.worker.step()
            reached(arrival_ms)
    await parts.worker.catch_up()
    out.print(f"{parts.feed.sent:,} events filled in {time.monotonic() - started:.0f} s", highlight=False)


async def _live(parts: Parts, seconds: float | None) -> None:
    """Everything at once, until told to stop, the time is over, or a part fails."""
    exporter = ExporterSettings(log=parts.url, exporter_port=_port(ExporterSettings().exporter_port))
    board = BoardSettings(log=parts.url, board_port=_port(BoardSettings().board_port))
    trouble = parts.feed.go_live(wall_clock())
    if trouble is not None:
        out.print(f"trouble from {span(trouble, parts.events.identity.zone)}", highlight=False)
    addresses = {
        "screen": f"http://{board.board_host}:{board.board_port}/",
        "metrics": f"http://{exporter.exporter_host}:{exporter.exporter_port}/metrics",
    }
    ending = asyncio.Event()
    movers = [asyncio.create_task(work) for work in (parts.worker.run(ending), _send(parts.feed, ending))]
    watchers = [
        asyncio.create_task(work)
        for work in (
            parts.stop.wait(),
            run_exporter(parts.events, parts.state, exporter),
            run_board(parts.events, parts.state, board),
            _show(parts, addresses),
        )
    ]
    done, _ = await asyncio.wait([*movers, *watchers], timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    ending.set()  # an append or a publish on its way is not cut short
    for watcher in watchers:
        watcher.cancel()
    await asyncio.wait([*movers, *watchers])
    for task in {*done, *movers}:
        task.result()


async def _send(feed: DemoFeed, ending: asyncio.Event) -> None:
    while not ending.is_set():
        await feed.send_until(wall_clock())
        await asyncio.sleep(TICK_S)


async def _show(parts: Parts, addresses: dict[str, str]) -> None:
    """Draw the screen anew as totals move; on something that is no terminal, print it now and then."""
    follower = Follower(
        View(Civil(parts.events.identity.zone), totals_reach()), parts.state, parts.events, wall_clock
    )
    rate, shops = Rate(), read_plan().refund_shops
    with Live(console=out, auto_refresh=False) if out.is_terminal else nullcontext() as live:
        while True:
            await follower.refresh(_at_once)
            now = wall_clock()
            snapshot = take_snapshot(follower, parts.events.identity, shops, now)
            drawn = screen(
                snapshot, Pulse(parts.feed.sent, rate.of(parts.feed.sent, time.monotonic()), addresses), now
            )
            if live is not None:
                live.update(drawn, refresh=True)
            else:
                out.print(drawn)
            await asyncio.sleep(SHOW_S if live is not None else PLAIN_SHOW_S)


async def _at_once(call: Callable[[], T]) -> T:
    return call()


def _port(wanted: int) -> int:
    """The port if it is free, else another that is."""
    for port in (wanted, 0):
        with suppress(OSError), listen("127.0.0.1", port) as listener:
            return int(listener.getsockname()[1])
    raise OSError("no port is free on 127.0.0.1; end what holds them")
