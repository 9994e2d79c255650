"""Ports: crossings by direction and group, with the peaks of commuters and day trippers."""

from collections.abc import Iterator

from tidemark.streams.families.port import CrossingsCounted, Direction, Group

from .planned import Batch
from .randomness import between, roughly
from .scenario import Windows
from .shapes import SHAPES
from .world import World

_PERSONS_A_DAY = {"port.futian": 95_000, "port.huanggang": 60_000}
"""In each direction on an ordinary working day."""

_GROUPS: dict[Group, tuple[float, float]] = {
    "mainland": (0.35, 0.5),
    "hmt": (0.62, 0.45),
    "foreign": (0.03, 0.05),
}
"""Shares on working days (commuters) and days off (day trippers)."""

_WAVE_MS = 5_400_000
_HOLIDAY_LEVEL = 1.25
_TOO_FEW = 5


def port_events(world: World, feed: Windows) -> Iterator[Batch]:
    """One batch per window, without end. Departures follow arrivals by `_WAVE_MS`."""
    shape = SHAPES["port"]
    for day in world.days():
        off = world.calendar.is_off(day)
        level = world.calendar.weather(day) * (_HOLIDAY_LEVEL if world.calendar.is_holiday(day) else 1.0)
        for window in world.list_windows(day, feed):
            random = world.random_streams.derive("port", window.start_ms)
            start = window.start_ms - world.calendar.start_ms(day)
            end = window.end_ms - world.calendar.start_ms(day)
            shares: dict[Direction, float] = {
                "in": shape.share(off, start, end),
                "out": shape.share(off, max(start - _WAVE_MS, 0), max(end - _WAVE_MS, 0)),
            }
            planned = []
            for place, persons in _PERSONS_A_DAY.items():
                for direction, share in shares.items():
                    for group, parts in _GROUPS.items():
                        crossed = roughly(random, persons * level * share * parts[off])
                        few = 0 < crossed < _TOO_FEW
                        payload = CrossingsCounted(
                            window_start=world.calendar.at(window.start_ms),
                            window_s=window.seconds,
                            direction=direction,
                            group=group,
                            persons=0 if few else crossed,
                            suppressed=few,
                        )
                        planned.append(
                            world.writer.create(
                                f"{place}-{direction}-{group}-{window.start_ms // 1000}",
                                "/ports/office",
                                window.end_ms,
                                place,
                                payload,
                                window.end_ms + between(random, 30_000, 600_000),
                            )
                        )
            yield Batch(window.end_ms, planned)
