"""Footfall: sensors at the doors of places, which report each window through their gateways."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import NamedTuple

from tidemark.services.gazetteer import Place
from tidemark.streams.contracts.family import Stream
from tidemark.streams.contracts.partitions import partition_of
from tidemark.streams.families import footfall
from tidemark.streams.families.footfall import FootfallCounted

from .activity import Attraction
from .faults import Outages, State
from .planned import Batch, Fact, Planned
from .scenario import Feed
from .shapes import SHAPES
from .world import Window, World

KIND = footfall.FAMILY.types[0]
ENTRIES_A_DAY = 685
"""Of an average sensor on a working day: 1.37 million visits a day at 2,000 sensors."""

_WEIGHTS = {
    "mall": 12, "hub": 8, "port": 6, "zone": 5, "landmark": 4, "district": 4, "venue": 3, "debut": 2,
}  # fmt: skip
_SENSORS_A_GATEWAY = 8


@dataclass(frozen=True)
class Sensor:
    """A sensor. `level`: how busy its door is; `head` and `middle`: constant parts of its events' JSON."""

    id: str
    place: Place
    source: str
    level: float
    partition: int
    head: str
    middle: str


def make_sensors(world: World, feed: Feed) -> list[Sensor]:
    """All sensors: at least one at each kind of place, more at busier kinds."""
    random = world.random_streams.derive("sensors")
    taken: dict[str, int] = {}
    counters = []
    for number, place in enumerate(_allocate_sensors(world, world.scale_number(feed.count))):
        taken[place.id] = taken.get(place.id, 0) + 1
        name = f"{place.id.replace('.', '-').replace('_', '-')}-{taken[place.id]:03d}"
        source = f"/counters/gw-{number // _SENSORS_A_GATEWAY + 1:03d}"
        counters.append(
            Sensor(
                id=name,
                place=place,
                source=source,
                level=0.5 + random.random(),
                partition=partition_of(name, world.writer.partitions),
                head=f'{{"type":"{KIND.type_name}","specversion":"1.0","id":"{name}-',
                middle=f'","subject":"{place.id}","simulated":true,'
                f'"data":{{"sensor_id":"{name}","window_start":"',
            )
        )
    return counters


def _allocate_sensors(world: World, number: int) -> list[Place]:
    """A place for each sensor: one of each kind, then always that with the fewest sensors for its weight."""
    first = {place.kind: place for place in reversed(world.places)}
    chosen = [first[kind] for kind in _WEIGHTS if kind in first][:number]
    have = {place.id: chosen.count(place) for place in world.places}
    while len(chosen) < number:
        place = max(world.places, key=lambda place: _WEIGHTS[place.kind] / (have[place.id] + 1))
        have[place.id] += 1
        chosen.append(place)
    return chosen


class Surroundings(NamedTuple):
    """What affects sensors from outside: attractions and outages."""

    attraction: Attraction
    outages: Outages


def footfall_events(
    world: World, feed: Feed, counters: list[Sensor], surroundings: Surroundings
) -> Iterator[Batch]:
    """One batch per window, without end."""
    gateways: dict[str, list[Sensor]] = {}
    for sensor in counters:
        gateways.setdefault(sensor.source, []).append(sensor)
    for day in world.days():
        level = ENTRIES_A_DAY * world.calendar.weather(day)
        drawn = surroundings.attraction.find_factors(day)
        levels = {sensor.id: sensor.level * drawn.get(sensor.place.id, 1.0) for sensor in counters}
        for window in world.list_windows(day, feed):
            random = world.random_streams.derive("footfall", window.start_ms)
            means = _compute_means(world, day, window, level)
            planned: list[Planned] = []
            for source, group in gateways.items():
                state = surroundings.outages.find_state(source, window.end_ms)
                _report(world, group, window, means, levels, state, random, planned)
            yield Batch(window.end_ms, planned)


def _compute_means(world: World, day: int, window: Window, level: float) -> dict[str, tuple[float, float]]:
    """By kind of place, the expected entries and exits of an average sensor in the window."""
    off = world.calendar.is_off(day)
    start = window.start_ms - world.calendar.start_ms(day)
    end = window.end_ms - world.calendar.start_ms(day)
    return {
        kind: (level * shape.share(off, start, end), level * shape.departure_share(off, start, end))
        for kind, shape in SHAPES.items()
    }


def _report(  # noqa: PLR0913  the hot loop: everything it needs is computed outside
    world: World,
    group: list[Sensor],
    window: Window,
    means: dict[str, tuple[float, float]],
    levels: dict[str, float],
    state: State,
    random: Random,
    planned: list[Planned],
) -> None:
    """Append to `planned` what the sensors of one gateway report on a window."""
    start_ms, end_ms = window.start_ms + state.clock_offset_ms, window.end_ms + state.clock_offset_ms
    window_start, end_text = world.calendar.at(start_ms), world.calendar.text(end_ms)
    source_and_time = f'","source":"{group[0].source}","time":"{end_text}'
    counted = f'{world.calendar.text(start_ms)}","window_s":{window.seconds},"entered":'
    number, seconds, chance = window.start_ms // 1000, window.seconds, random.random
    for sensor in group:
        mean_in, mean_out = means[sensor.place.kind]
        level = levels[sensor.id]
        entered = int(mean_in * level * (0.6 + 0.8 * chance()) + chance())
        exited = int(mean_out * level * (0.6 + 0.8 * chance()) + chance())
        arrival_ms = window.end_ms + 1_000 + int(chance() * 40_000)
        if state.silent_until_ms is not None:
            if state.lost:
                continue
            arrival_ms += state.silent_until_ms - window.end_ms
        raw = f'{sensor.head}{number}{source_and_time}{sensor.middle}{counted}{entered},"exited":{exited}}}}}'
        payload = FootfallCounted(sensor.id, window_start, seconds, entered, exited)
        fact = Fact(KIND, end_ms, sensor.place.id, None, payload)
        planned.append(Planned(arrival_ms, Stream.FACTS, sensor.partition, raw.encode(), fact))
