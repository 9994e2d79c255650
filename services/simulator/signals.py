"""Signals: crowd density in zones, and the status of sensors. They do not contribute to totals."""

from collections.abc import Iterator
from random import Random

from tidemark.services.gazetteer import Place
from tidemark.streams.families.crowd import DensityObserved
from tidemark.streams.families.sensor import StatusReported

from .faults import Outages, State
from .footfall import Sensor
from .planned import Batch, Planned
from .randomness import between, roughly
from .scenario import Feed, Windows
from .shapes import SHAPES
from .world import World

_AREA_CM2 = 8_000_000
_PERSONS_AT_PEAK = 450
_HOUR_MS = 3_600_000
_PEAK_SHARE = 0.1
_CELLS_FULLER = 2.2


def crowd_events(world: World, feed: Feed) -> Iterator[Batch]:
    """One batch per window, without end."""
    places = world.list_places("zone", "landmark", "venue", "mall", "hub")
    zones = [
        (f"zone-{number + 1:03d}", places[number % len(places)])
        for number in range(world.scale_number(feed.count))
    ]
    for day in world.days():
        off, midnight_ms = world.calendar.is_off(day), world.calendar.start_ms(day)
        for window in world.list_windows(day, feed):
            random = world.random_streams.derive("crowd", window.start_ms)
            now = window.end_ms - midnight_ms
            planned = [
                _observe_density(world, zone, place, window.end_ms, _compute_level(place, off, now), random)
                for zone, place in zones
            ]
            yield Batch(window.end_ms, planned)


def _compute_level(place: Place, off: bool, now: int) -> float:
    """The crowd level of a place at a time of day; about 1 at the peak of a working day."""
    return SHAPES[place.kind].share(off, max(now - _HOUR_MS, 0), now) / _PEAK_SHARE


def _observe_density(
    world: World, zone: str, place: Place, at_ms: int, level: float, random: Random
) -> Planned:
    persons = roughly(random, _PERSONS_AT_PEAK * level * world.calendar.weather(world.calendar.day(at_ms)))
    payload = DensityObserved(
        zone_id=zone,
        persons=persons,
        area_cm2=_AREA_CM2,
        max_cell_millipersons_m2=roughly(random, persons * 10_000_000 * _CELLS_FULLER / _AREA_CM2),
        inflow_per_min=roughly(random, persons * 0.1),
        outflow_per_min=roughly(random, persons * 0.1),
    )
    event_id = f"{zone}-{at_ms // 1000}"
    arrival_ms = at_ms + between(random, 100, 3_000)
    return world.writer.create(event_id, "/edges/edge-01", at_ms, place.id, payload, arrival_ms)


def sensor_events(world: World, feed: Windows, sensors: list[Sensor], outages: Outages) -> Iterator[Batch]:
    """One batch per window, without end. A silent gateway does not report on its sensors."""
    for day in world.days():
        for window in world.list_windows(day, feed):
            random = world.random_streams.derive("sensor", window.start_ms)
            planned = []
            for sensor in sensors:
                state = outages.find_state(sensor.source, window.end_ms)
                if state.silent_until_ms is None:
                    planned.append(_report_status(world, sensor, window.end_ms, state, random))
            yield Batch(window.end_ms, planned)


def _report_status(world: World, sensor: Sensor, at_ms: int, state: State, random: Random) -> Planned:
    chance = random.random()
    payload = StatusReported(
        sensor_id=sensor.id,
        state="down" if chance < 0.002 else "degraded" if chance < 0.01 else "up",
        clock_offset_ms=state.clock_offset_ms + between(random, -400, 400),
        firmware="3.2.1" if sensor.partition % 2 else "3.1.7",
    )
    event_id = f"{sensor.id}-status-{at_ms // 1000}"
    arrival_ms = at_ms + between(random, 100, 5_000)
    return world.writer.create(event_id, sensor.source, at_ms, sensor.place.id, payload, arrival_ms)
