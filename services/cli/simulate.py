"""`tidemark simulate`: write a simulated district's events to a log, and their truth to a file."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.progress import TextColumn

from tidemark.services.defaults import DEFAULT_LOG, wall_clock
from tidemark.services.simulator.faults import FaultsUnknown
from tidemark.services.simulator.filling import LogUnsuitable, begin_filling
from tidemark.services.simulator.scenario import Scenario, ScenarioInvalid, load_scenario
from tidemark.services.simulator.simulation import Run, Simulation
from tidemark.streams.contracts.civil import Civil, Grain, parse_period
from tidemark.streams.contracts.identity import LogIdentity
from tidemark.streams.contracts.text import Text
from tidemark.streams.ledger.worker import calm_collector
from tidemark.streams.log import open_or_create
from tidemark.streams.log.port import close_after

from .console import AsJson, LogUrl, count_progress, print_json, print_line, run, wrong_use
from .language import Lang
from .names import Names
from .tables import Column, ColumnKind, print_table

FIRST_YEAR, LAST_YEAR = 1971, 2099
_LOOK_AT = 10_000
_DAY = ["%Y-%m-%d"]
_COUNTS = {
    "accepted": Text("接收", "accepted"),
    "duplicate": Text("重复", "duplicate"),
    "late": Text("迟到", "late"),
    "expired": Text("逾期", "expired"),
    "future": Text("时间超前", "future"),
}
OnTime = Callable[[int], None]


class Report(msgspec.Struct):
    """What was simulated. `families`: counts of each family's facts; `dead`: dead letters by reason."""

    events: int
    facts: int
    signals: int
    appended: int
    families: dict[str, dict[str, int]]
    dead: dict[str, int]
    seconds: float
    events_per_second: int


def simulate(  # noqa: PLR0913  each is a flag
    start: Annotated[
        datetime, typer.Option("--from", formats=_DAY, help="First day, in the log's time zone.")
    ],
    end: Annotated[datetime, typer.Option("--to", formats=_DAY, help="Day after the last one.")],
    scenario: Annotated[
        str, typer.Option(help="year, demo, quiet, mix, or a file such as those in seeds/scenarios.")
    ] = "year",
    seed: Annotated[
        int, typer.Option(help="Seed of the random numbers; the same seed gives the same events.")
    ] = 1,
    scale: Annotated[
        float | None,
        typer.Option(min=1e-6, max=10, help="Scale the number of events. (default: the scenario's)"),
    ] = None,
    faults: Annotated[str, typer.Option(help="Faults in transmission: none, standard or hostile.")] = "none",
    log: LogUrl = DEFAULT_LOG,
    truth: Annotated[
        Path | None,
        typer.Option(help="Also write the ground truth to this file, for `tidemark verify --truth`."),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Generate the events and report the speed, append nothing.")
    ] = False,
    as_json: AsJson = False,
    *,
    lang: Lang,
) -> None:
    """Simulate the district and append its events to a log, which is created if it does not exist.

    Running the same command again appends nothing twice; after an interruption it continues where
    it stopped.

    Example: tidemark simulate --from 2026-01-01 --to 2026-04-01 --truth truth.json
    """
    first, last = start.date(), end.date()
    if not FIRST_YEAR <= first.year <= last.year <= LAST_YEAR:
        wrong_use(f"--from, --to: give days from {FIRST_YEAR} to {LAST_YEAR}")
    if last <= first:
        wrong_use("--to: is not after --from; give a later day")
    if truth is not None and not truth.parent.is_dir():
        wrong_use(f"--truth: the folder {truth.parent} does not exist; create it")
    calm_collector()
    try:
        model = load_scenario(scenario)
        plan = Run(seed, first, scale, faults)
        report = _generate(model, plan, last, truth) if dry_run else run(_fill(model, plan, last, truth, log))
    except (ScenarioInvalid, FaultsUnknown, LogUnsuitable) as error:
        wrong_use(str(error))
    if as_json:
        print_json(report)
    else:
        _print(report, Names(lang))


def _generate(model: Scenario, plan: Run, last: date, truth: Path | None) -> Report:
    simulation = Simulation(model, plan)
    until_ms = _midnight_ms(last, plan.zone)
    started = time.monotonic()
    with _progress(simulation.start_ms, until_ms) as on_time:
        for number, sent in enumerate(simulation.events(until_ms)):
            if number % _LOOK_AT == 0:
                on_time(sent.arrival_ms)
    return _report(simulation, 0, started, truth)


async def _fill(model: Scenario, plan: Run, last: date, truth: Path | None, url: str) -> Report:
    async with close_after(await open_or_create(url, LogIdentity(content="simulated"), wall_clock)) as log:
        zone = log.identity.zone
        simulation = Simulation(model, plan._replace(zone=zone, partitions=log.identity.partitions))
        until_ms = _midnight_ms(last, zone)
        started = time.monotonic()
        filling = await begin_filling(log, simulation)
        with _progress(simulation.start_ms, until_ms) as on_time:
            await filling.fill(until_ms, on_time)
        filling.require_reached()
        return _report(simulation, filling.appended, started, truth)


def _midnight_ms(day: date, zone: str) -> int:
    return Civil(zone).start_ms(Grain.DAY, parse_period(Grain.DAY, day.isoformat()))


@contextmanager
def _progress(from_ms: int, until_ms: int) -> Iterator[OnTime]:
    """A bar by simulated time."""
    share = TextColumn("{task.percentage:>3.0f} %")
    with count_progress("simulating", until_ms - from_ms, share) as on_progress:
        yield lambda reached_ms: on_progress(reached_ms - from_ms)


def _report(simulation: Simulation, appended: int, started: float, truth: Path | None) -> Report:
    seconds = time.monotonic() - started
    expected = simulation.truth
    if truth is not None:
        truth.write_bytes(expected.to_json())
    events = expected.events + simulation.signals
    return Report(
        events=events,
        facts=expected.events,
        signals=simulation.signals,
        appended=appended,
        families={family: dict(expected.counts[family]) for family in sorted(expected.counts)},
        dead=dict(sorted(expected.dead.items())),
        seconds=round(seconds, 3),
        events_per_second=round(events / max(seconds, 0.001)),
    )


def _print(report: Report, names: Names) -> None:
    language = names.language
    columns = [
        Column(Text("类别", "family").in_language(language)),
        Column(Text("名称", "name").in_language(language), ColumnKind.WORDS, optional=True),
        *(Column(head.in_language(language), ColumnKind.NUMBER) for head in _COUNTS.values()),
    ]
    rows = [
        (family, names.name_family(family), *(f"{counts.get(name, 0):,}" for name in _COUNTS))
        for family, counts in report.families.items()
    ]
    print_table(columns, rows, language)
    dead = ", ".join(f"{number:,} {reason}" for reason, number in report.dead.items())
    summary = Text(
        f"拒收记录：{dead or '无'}\n"
        f"事件 {report.events:,} 条（事实 {report.facts:,}，信号 {report.signals:,}），"
        f"写入 {report.appended:,} 条，每秒 {report.events_per_second:,} 条",
        f"dead letters: {dead or 'none'}\n"
        f"{report.events:,} events ({report.facts:,} facts, {report.signals:,} signals), "
        f"{report.appended:,} appended, {report.events_per_second:,} a second",
    )
    print_line(summary.in_language(language))
