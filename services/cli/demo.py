"""`tidemark demo`: a whole district in one process, verified at the end."""

import asyncio
import logging
import time
from collections.abc import Callable
from contextlib import AsyncExitStack, nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, TypeVar

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
from tidemark.streams.contracts.text import Language, Text
from tidemark.streams.ledger.worker import Worker, calm_collector
from tidemark.streams.log import create_log, engine_of
from tidemark.streams.log.port import EventLog, StateReader, WholeLog
from tidemark.streams.view.follower import Follower
from tidemark.streams.view.totals import totals_reach
from tidemark.streams.view.view import View

from .console import check_failed, is_terminal, out, print_line, progress, run, wrong_use
from .demo_feed import DemoFeed, OtherModel, OtherTrouble
from .demo_screen import Pulse, Rate, draw_screen, format_screen, format_window
from .language import Lang
from .log_output import show_service_logs
from .service import stop_on_signals
from .verification import Verdict, verify_truth
from .verify import print_verdict

TICK_S = 0.1
SHOW_S = 0.5
PLAIN_SHOW_S = 5.0

T = TypeVar("T")


def demo(
    log: Annotated[
        str | None,
        typer.Option(
            help="The demo's own log, created at the first start. "
            "(default: sqlite:///var/demo.db, with a scenario sqlite:///var/demo-SCENARIO.db)",
            envvar="TIDEMARK_DEMO_LOG",
        ),
    ] = None,
    scenario: Annotated[
        str | None,
        typer.Option(
            help="Let something go wrong for some minutes while live, to see an alert fire and resolve: "
            "refund-coverage-lags, port-queue-long, feed-stale, dead-letters, "
            "or a file such as those in seeds/scenarios/troubles."
        ),
    ] = None,
    seconds: Annotated[
        float | None, typer.Option("--for", min=0, help="End after this many seconds live. (default: run on)")
    ] = None,
    seed: Annotated[int, typer.Option(help="Simulate another district; read at the first start only.")] = 7,
    *,
    lang: Lang,
) -> None:
    """Fill a simulated year to date, then run live: terminal, wall screen and metrics. Ctrl-C ends it."""
    show_service_logs(logging.WARNING)
    url = log or f"sqlite:///var/{'demo' if scenario is None else f'demo-{Path(scenario).stem}'}.db"
    try:
        trouble = None if scenario is None else load_trouble(scenario)
        verdict = run(_demo(url, seconds, seed, trouble, lang))
    except (OtherModel, OtherTrouble, ScenarioInvalid) as error:
        wrong_use(str(error))
    print_verdict(verdict, lang)
    if verdict.differences:
        check_failed()


@dataclass(frozen=True)
class Parts:
    """What a running demo is made of."""

    url: str
    events: EventLog
    state: StateReader
    worker: Worker
    feed: DemoFeed
    stop: asyncio.Event
    language: Language


async def _demo(
    url: str, seconds: float | None, seed: int, trouble: Trouble | None, language: Language
) -> Verdict:
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
        parts = Parts(url, events, reader, worker, feed, stop_on_signals(), language)
        await _fill(parts)
        if not parts.stop.is_set():
            await _live(parts, seconds)
        await worker.catch_up()
        civil = Civil(events.identity.zone)
        return verify_truth(feed.truth(), await reader.poll(0, 0), civil)


async def _fill(parts: Parts) -> None:
    """Send and fold everything up to now."""
    until, first_ms, started = wall_clock(), parts.feed.first_ms, time.monotonic()
    filling = Text("正在生成今年以来的模拟数据（天）", "filling the year to date, in days")
    with progress(filling.in_language(parts.language)) as bar:
        task = bar.add_task("", total=(until - first_ms) // DAY + 1)

        def show_reached(arrival_ms: int) -> None:
            bar.update(task, completed=(arrival_ms - first_ms) // DAY)

        parts.feed.recall(show_reached)
        while not parts.stop.is_set():
            arrival_ms = await parts.feed.send_until(until)
            if arrival_ms is None:
                break
            await parts.worker.step()
            show_reached(arrival_ms)
    await parts.worker.catch_up()
    seconds = time.monotonic() - started
    summary = Text(
        f"已生成事件 {parts.feed.sent:,} 条，用时 {seconds:.0f} 秒",
        f"{parts.feed.sent:,} events filled in {seconds:.0f} s",
    )
    print_line(summary.in_language(parts.language))


async def _live(parts: Parts, seconds: float | None) -> None:
    """Run all parts at once, until a signal, the end of the time, or a failure."""
    exporter = ExporterSettings(log=parts.url, exporter_port=_choose_port(ExporterSettings().exporter_port))
    board = BoardSettings(log=parts.url, board_port=_choose_port(BoardSettings().board_port))
    trouble = parts.feed.go_live(wall_clock())
    if trouble is not None:
        window = format_window(trouble, parts.events.identity.zone)
        line = Text(f"异常时段：{window.zh}", f"trouble from {window.en}")
        print_line(line.in_language(parts.language))
    addresses = {
        "screen": f"http://{board.board_host}:{board.board_port}/",
        "metrics": f"http://{exporter.exporter_host}:{exporter.exporter_port}/metrics",
    }
    ending = asyncio.Event()
    workers = [asyncio.create_task(work) for work in (parts.worker.run(ending), _send(parts.feed, ending))]
    watchers = [
        asyncio.create_task(work)
        for work in (
            parts.stop.wait(),
            run_exporter(parts.events, parts.state, exporter),
            run_board(parts.events, parts.state, board),
            _show(parts, addresses),
        )
    ]
    done, _ = await asyncio.wait([*workers, *watchers], timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    ending.set()  # lets an append or a publish in progress finish
    for watcher in watchers:
        watcher.cancel()
    await asyncio.wait([*workers, *watchers])
    for task in {*done, *workers}:
        task.result()


async def _send(feed: DemoFeed, ending: asyncio.Event) -> None:
    while not ending.is_set():
        await feed.send_until(wall_clock())
        await asyncio.sleep(TICK_S)


async def _show(parts: Parts, addresses: dict[str, str]) -> None:
    """Redraw the screen as totals change; in a pipe, print the totals every few seconds."""
    follower = Follower(
        View(Civil(parts.events.identity.zone), totals_reach()), parts.state, parts.events, wall_clock
    )
    rate, shops = Rate(), read_plan().refund_shops
    with Live(console=out, auto_refresh=False) if is_terminal() else nullcontext() as live:
        while True:
            await follower.refresh(_call_at_once)
            now = wall_clock()
            snapshot = take_snapshot(follower, parts.events.identity, shops, now)
            sent = parts.feed.sent
            pulse = Pulse(sent, rate.update(sent, time.monotonic()), addresses)
            if live is not None:
                live.update(draw_screen(snapshot, pulse, now, parts.language), refresh=True)
            else:
                print_line(format_screen(snapshot, pulse, now, parts.language))
            await asyncio.sleep(SHOW_S if live is not None else PLAIN_SHOW_S)


async def _call_at_once(call: Callable[[], T]) -> T:
    return call()


def _choose_port(preferred: int) -> int:
    """The port if it is free, else another free one."""
    for port in (preferred, 0):
        with suppress(OSError), listen("127.0.0.1", port) as listener:
            return int(listener.getsockname()[1])
    raise OSError("no port is free on 127.0.0.1; stop a program that listens there")
