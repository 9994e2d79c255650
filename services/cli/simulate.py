"""`tidemark simulate`: a district's events go into a log, and the truth of them into a file."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.progress import TextColumn
from rich.table import Table

from tidemark.services.defaults import DEFAULT_LOG, wall_clock
from tidemark.services.simulator.faults import FaultsUnknown
from tidemark.services.simulator.filling import LogUnsuitable, begin_filling
from tidemark.services.simulator.scenario import Scenario, ScenarioInvalid, load_scenario
from tidemark.services.simulator.simulation import Run, Simulation
from tidemark.streams.contracts.civil import Civil, Grain, parse_period
from tidemark.streams.contracts.identity import LogIdentity
from tidemark.streams.ledger.worker import calm_collector
from tidemark.streams.log import open_or_create
from tidemark.streams.log.port import close_after

from .console import AsJson, LogUrl, count_progress, out, print_json, run, wrong_use

FIRST_YEAR, LAST_YEAR = 1971, 2099
_LOOK_AT = 10_000
_DAY = ["%Y-%m-%d"]
_COUNTS = ("accepted", "duplicate", "late", "expired", "future")
OnTime = Callable[[int], None]


class Report(msgspec.Struct):
    """What was simulated. `families`: what becomes of each family's facts; `dead`: dead letters by reason."""

    events: int
    facts: int
    signals: int
    appended: int
    families: dict[str, dict[str, int]]
    dead: dict[str, int]
    seconds: float
    events_per_second: int


def simulate(  # noqa: PLR0913  each is a flag
    start: Annotated[datetime, typer.Option("--from", formats=_DAY, help="First day, in the log's zone.")],
    end: Annotated[datetime, typer.Option("--to", formats=_DAY, help="The day before which it ends.")],
    scenario: Annotated[
        str, typer.Option(help="year, demo, quiet, mix, or a file such as these in seeds/scenarios.")
    ] = "year",
    seed: Annotated[int, typer.Option(help="The same seed gives the same events.")] = 1,
    scale: Annotated[
        float | None,
        typer.Option(min=1e-6, max=10, help="Thins how much there is. [default: the scenario's]"),
    ] = None,
    faults: Annotated[
        str, typer.Option(help="What goes wrong on the way: none, standard or hostile.")
    ] = "none",
    log: LogUrl = DEFAULT_LOG,
    truth: Annotated[
        Path | None, typer.Option(help="Where to write what is true of the events, for `tidemark verify`.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Make the events, append nothing; show how fast that goes.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Simulate the district and append its events to a log, which is created if there is none.

    The same command again appends nothing twice: after an interruption it goes on where it stopped.
    """
    first, last = start.date(), end.date()
    if not FIRST_YEAR <= first.year <= last.year <= LAST_YEAR:
        wrong_use(f"--from, --to: give days from {FIRST_YEAR} to {LAST_YEAR}")
    if last <= first:
        wrong_use("--to: not after --from; give a later day")
    if truth is not None and not truth.parent.is_dir():
        wrong_use(f"--truth: there is no folder {truth.parent}; make it")
    calm_collector()
    try:
        model = load_scenario(scenario)
        plan = Run(seed, first, scale, faults)
        report = _dry(model, plan, last, truth) if dry_run else run(_fill(model, plan, last, truth, log))
    except (ScenarioInvalid, FaultsUnknown, LogUnsuitable) as error:
        wrong_use(str(error))
    _print(report, as_json)


def _dry(model: Scenario, plan: Run, last: date, truth: Path | None) -> Report:
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
    known = simulation.truth
    if truth is not None:
        truth.write_bytes(known.to_json())
    events = known.events + simulation.signals
    return Report(
        events=events,
        facts=known.events,
        signals=simulation.signals,
        appended=appended,
        families={family: dict(known.counts[family]) for family in sorted(known.counts)},
        dead=dict(sorted(known.dead.items())),
        seconds=round(seconds, 3),
        events_per_second=round(events / max(seconds, 0.001)),
    )


def _print(report: Report, as_json: bool) -> None:
    if as_json:
        print_json(report)
        return
    table = Table("family", *_COUNTS, box=None)
    for family, counts in report.families.items():
        table.add_row(family, *(f"{counts.get(name, 0):,}" for name in _COUNTS))
    out.print(table)
    dead = ", ".join(f"{number:,} {reason}" for reason, number in report.dead.items())
    out.print(f"dead letters: {dead or 'none'}", highlight=False)
    out.print(
        f"{report.events:,} events ({report.facts:,} facts, {report.signals:,} signals), "
        f"{report.appended:,} appended, {report.events_per_second:,} a second",
        highlight=False,
    )
