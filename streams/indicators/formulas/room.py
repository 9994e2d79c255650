"""How many persons a place has room for, and how long until it is full."""

from collections import Counter
from itertools import chain

from tidemark.streams.contracts.civil import Grain, instant
from tidemark.streams.families.footfall import FOOTFALL_PLACE
from tidemark.streams.indicators.reading import Reading
from tidemark.streams.view.windows import recent_windows

from .footfall import QUARTER_MS


def capacities(reading: Reading) -> dict[str, int]:
    """Persons by place: what its live activities have room for together, else the debut spaces in it
    and what is registered under the place's own name."""
    found: Counter[str] = Counter()
    for one in chain.from_iterable(reading.registered.values()):
        state = one.at(reading.today)
        if state is None or state.status != "active" or state.capacity is None:
            continue
        if one.entity_class == "debut_space" or state.entity_id == one.place:
            found[one.place] += state.capacity
    return {**found, **_taken(reading)}


def _taken(reading: Reading) -> Counter[str]:
    now = instant(reading.now_ms)
    found: Counter[str] = Counter()
    for _, one in reading.activities:
        if one.status == "live" and one.starts <= now < one.ends and one.capacity:
            found[one.venue_id] += one.capacity
    return found


def inflows(reading: Reading) -> dict[str, float]:
    """Entered − exited per second by place, over the last hour's quarter-hours as far as they are over."""
    hour = recent_windows(reading.view.civil, reading.now_ms)[0]
    lasted_s = (reading.now_ms - hour.periods[0] * QUARTER_MS) / 1000
    sums = reading.view.sums((FOOTFALL_PLACE, Grain.QUARTER), hour.periods, ("place",))
    return {place: (entered - exited) / lasted_s for (place,), (entered, exited, *_) in sums.items()}


def full_in_s(room: int, inside: int, inflow: float) -> float | None:
    """Seconds until `room` persons are inside at `inflow` persons a second: 0 when they are, None
    while the place does not fill."""
    if inside >= room:
        return 0.0
    return (room - inside) / inflow if inflow > 0 else None
