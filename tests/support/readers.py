"""Published rows for tests of readers, and a follower of them."""

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from tidemark.services.exporter.exposition import Exposition
from tidemark.services.exporter.rendering import Rendering
from tidemark.services.plan import Plan
from tidemark.streams.contracts.civil import Civil, Grain, parse_period
from tidemark.streams.contracts.family import Measure
from tidemark.streams.contracts.identity import LogIdentity
from tidemark.streams.contracts.published import (
    HEAD_KEY,
    CellKey,
    Head,
    Kind,
    Row,
    encode_head,
    encode_key,
    encode_vector,
)
from tidemark.streams.log.memory import MemoryLog, MemoryState
from tidemark.streams.log.port import Page, Update
from tidemark.streams.view.follower import Follower
from tidemark.streams.view.view import Reach, View

T = TypeVar("T")
CIVIL = Civil("Asia/Shanghai")
TODAY = parse_period(Grain.DAY, "2026-11-23")
NOON_MS = CIVIL.start_ms(Grain.DAY, TODAY) + 12 * 3_600_000


def cell(
    measure: Measure, grain: Grain, period: int, dimensions: Sequence[str], vector: Iterable[int]
) -> Row:
    key = CellKey(measure, grain, period, tuple(dimensions))
    return Row(Kind.CELL, encode_key(key), encode_vector(tuple(vector)))


def make_vector(measure: Measure, **components: int) -> tuple[int, ...]:
    """The measure's vector with these components, the others zero."""
    assert components.keys() <= {component.name for component in measure.components}
    return tuple(components.get(component.name, 0) for component in measure.components)


def both(
    measure: Measure, dimensions: Sequence[str], vector: tuple[int, ...], at_ms: int = NOON_MS
) -> list[Row]:
    """The cells of every grain the measure is kept for, at one instant."""
    when = CIVIL.periods(at_ms)
    return [cell(measure, kept.grain, when[kept.grain], dimensions, vector) for kept in measure.retentions]


def head(**fields: object) -> Row:
    return Row(Kind.HEAD, HEAD_KEY, encode_head(Head(fold_version=1, **fields)))  # type: ignore[arg-type]


def page(version: int, *rows: tuple[int, Row], generation: int = 1) -> Page:
    return Page(generation, version, list(rows))


async def publish_updates(*updates: Update) -> MemoryState:
    state = MemoryState()
    await state.publish(updates)
    return state


def follower_of(
    state: MemoryState, reach: Reach, clock: Callable[[], int], log: MemoryLog | None = None
) -> Follower:
    log = log or MemoryLog(LogIdentity(partitions=2, content="simulated"), clock)
    return Follower(View(Civil(log.identity.zone), reach), state, log, clock)


def exposition_of(
    follower: Follower,
    plan: Plan,
    clock: Callable[[], int],
    free_bytes: int | None = None,
    version: str = "1",
    budget: int = 2_000,
) -> Exposition:
    """What the exporter answers of a follower's view."""
    rendering = Rendering(follower.view, plan, budget)
    return Exposition(follower, rendering, at_once, clock, lambda: free_bytes, version)


async def at_once(call: Callable[[], T]) -> T:
    """Make the call at once."""
    return call()
