"""Circular economy: lots of second-hand devices, from acquisition to resale."""

from collections.abc import Iterator
from random import Random

from tidemark.streams.contracts.family import DAY, HOUR, MINUTE
from tidemark.streams.families.circular import LotChanged, Stage

from .planned import Batch, Planned
from .randomness import between, draw_skewed, pick, roughly, token
from .scenario import Daily
from .shapes import OFFICE, draw_moment
from .world import World

_DEVICES = {"phone": 160_000, "tablet": 140_000, "laptop": 260_000, "wearable": 45_000, "camera": 210_000}
"""The average price in fen."""

_PLACES = ("zone.circular_park", "district.huaqiangbei", "district.huaqiangbei")


def circular_events(world: World, daily: Daily) -> Iterator[Batch]:
    """One batch per day, without end: all events of the lots acquired on it."""
    for day in world.days():
        random = world.random_streams.derive("circular", day)
        planned: list[Planned] = []
        for _ in range(max(1, roughly(random, world.rate(daily, day)))):
            at_ms = draw_moment(world.calendar, day, OFFICE, random)
            planned += _plan_lot(world, at_ms, random)
        yield Batch(world.calendar.start_ms(day), planned)


def _plan_lot(world: World, at_ms: int, random: Random) -> list[Planned]:
    lot, device = token(random), pick(random, tuple(_DEVICES))
    place = pick(random, _PLACES)
    business = random.random() < 0.4
    quantity = between(random, 10, 400) if business else 1
    cost_fen = quantity * roughly(random, _DEVICES[device])
    previous: Stage | None = None
    planned: list[Planned] = []
    for stage in _draw_stages(random):
        payload = LotChanged(
            lot_id=lot,
            stage=stage,
            device_class=device,
            quantity=quantity,
            amount_fen=cost_fen if stage in ("acquired", "graded") else cost_fen * 5 // 4,
            channel="B2B" if business else "B2C",
            reverse_invoice=stage == "acquired" and not business,
            previous=previous,
        )
        arrival_ms = at_ms + draw_skewed(random, MINUTE, 6 * HOUR)
        event_id = f"{lot}-{len(planned) + 1}"
        planned.append(
            world.writer.create(event_id, "/platforms/second-hand", at_ms, place, payload, arrival_ms)
        )
        previous = stage
        at_ms += draw_skewed(random, 2 * HOUR, 20 * DAY)
    return planned


def _draw_stages(random: Random) -> Iterator[Stage]:
    yield "acquired"
    if random.random() < 0.9:
        yield "graded"
    chance = random.random()
    if chance < 0.15:
        yield "exported"
    elif chance < 0.95:
        yield "sold"
        if random.random() < 0.06:
            yield "reversed"
