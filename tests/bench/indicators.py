"""How long all 88 targets take: summing their values from a view, and assessing them from these values."""

import asyncio
import time
from collections.abc import Callable
from datetime import date
from itertools import chain
from pathlib import Path
from statistics import median

import msgspec

from tests.bench.report import Line
from tests.bench.say import Say
from tests.support.readers import publish_updates
from tidemark.services.plan import read_plan
from tidemark.services.simulator.scenario import load_scenario
from tidemark.services.simulator.simulation import Run, Simulation
from tidemark.services.wording import encode_cause
from tidemark.streams.contracts.civil import Civil
from tidemark.streams.contracts.family import Stream
from tidemark.streams.contracts.identity import LogIdentity
from tidemark.streams.indicators.assessment.assessing import assess
from tidemark.streams.indicators.assessment.context import AssessmentContext
from tidemark.streams.indicators.assessment.evidence import gather_evidence
from tidemark.streams.indicators.paths.seasons import SeasonBook
from tidemark.streams.indicators.reading.reach import build_indicators_reach
from tidemark.streams.indicators.reading.reading import Reading, Register
from tidemark.streams.ledger.fold import PartitionFold
from tidemark.streams.ledger.worker import calm_collector
from tidemark.streams.log.port import Update
from tidemark.streams.view.view import View

START = date(2026, 1, 1)
DAYS = 330
SCALE = 0.1
RUNS = 9
REACH = build_indicators_reach()


def measure(_folder: Path, say: Say) -> list[Line]:
    """Measure in this process, over eleven simulated months of the demo and official figures since 2023."""
    calm_collector()
    plan = read_plan()
    say("simulating and folding eleven months")
    view, now_ms = asyncio.run(_fill_view())
    reading = Reading(Register(view), REACH, plan.parents, now_ms)
    book, indicators = SeasonBook(plan.calendar), list(plan.catalogue)
    reading.register.read_latest()
    say("assessing")

    def sum_targets() -> list[tuple[AssessmentContext, object]]:
        context = AssessmentContext.of(reading, reading.today)
        return [(context, gather_evidence(context, indicator)) for indicator in indicators]

    context = AssessmentContext.of(reading, reading.today)
    evidence = [gather_evidence(context, indicator) for indicator in indicators]

    def assess_targets() -> list[object]:
        return [
            assess(context, indicator, gathered, book)
            for indicator, gathered in zip(indicators, evidence, strict=True)
        ]

    assessments = assess_targets()
    return [
        Line(
            what=f"indicators: summing {len(indicators)} from {len(view):,} cells and their figures",
            figure=_measure_median(sum_targets),
            unit="ms",
            runs=RUNS,
            floor=_measure_median(lambda: _sum_every_cell(view)),
            floor_of="reading each cell of the view once",
            at_most=50,
        ),
        Line(
            what=f"indicators: assessing {len(assessments)} from values already summed",
            figure=_measure_median(assess_targets),
            unit="ms",
            runs=RUNS,
            floor=_measure_median(lambda: msgspec.json.encode(assessments, enc_hook=encode_cause)),
            floor_of="encoding the same as JSON",
            at_most=5,
        ),
    ]


async def _fill_view() -> tuple[View, int]:
    """A view of the folded simulation, and the instant at which it ends."""
    simulation = Simulation(load_scenario("demo"), Run(7, START, SCALE))
    end_ms = simulation.start_ms + DAYS * 86_400_000
    lanes: list[list[tuple[int, int, bytes]]] = [[] for _ in range(8)]
    for sent in simulation.events(end_ms):
        if sent.stream is Stream.FACTS:
            lane = lanes[sent.partition]
            lane.append((len(lane), sent.arrival_ms, sent.raw))
    folds = [PartitionFold(LogIdentity(content="simulated"), number) for number in range(8)]
    for fold, lane in zip(folds, lanes, strict=True):
        fold.fold(lane)
    updates = [Update(number, fold.drain_changes(), len(lanes[number])) for number, fold in enumerate(folds)]
    state = await publish_updates(*updates)
    view = View(Civil("Asia/Shanghai"), REACH)
    view.apply(await state.poll(0, 0))
    return view, end_ms


def _sum_every_cell(view: View) -> int:
    kinds = ((kind, view.periods(kind)) for kind in REACH)
    vectors = (view.total(kind, range(at[0], at[-1] + 1)) for kind, at in kinds if at)
    return sum(chain.from_iterable(vectors))


def _measure_median(call: Callable[[], object]) -> float:
    return median(_milliseconds(call) for _ in range(RUNS))


def _milliseconds(call: Callable[[], object]) -> float:
    started = time.perf_counter()
    call()
    return (time.perf_counter() - started) * 1_000
