"""Visitors: visits, occupancy and capacity, dwell, debut footfall, and spend per visit."""

from collections import Counter
from fractions import Fraction
from itertools import chain

from tidemark.streams.contracts.civil import Grain, instant, millis
from tidemark.streams.contracts.family import HOUR, MINUTE, SECOND
from tidemark.streams.families.activity import ActivityChanged
from tidemark.streams.families.definitions import stale_after_ms
from tidemark.streams.families.footfall import FOOTFALL_DEBUT, FOOTFALL_PLACE
from tidemark.streams.indicators.reading.places import find_directly_within
from tidemark.streams.indicators.reading.reading import Reading, build_no_events
from tidemark.streams.indicators.values.cause import Code
from tidemark.streams.indicators.values.spans import Span, stock_at
from tidemark.streams.indicators.values.value import (
    Absent,
    NoValue,
    Origin,
    Quotient,
    Value,
    build_quotient,
    return_absent,
)
from tidemark.streams.view.windows import recent_windows

from .activity import ActivitiesHeld
from .formula import NAMED, Formula, build_flow_origin, sum_flow
from .retail import RETAIL_NET

_VISITS = NAMED["visits"]
QUARTER_MS = 15 * MINUTE
_QUARTER_S = QUARTER_MS // SECOND
_DAY_BEGINS_MS = 4 * HOUR
"""Occupancy is counted from 04:00, when places are empty."""


class Visits(Formula, frozen=True, tag="visits"):
    """Σ entered (visits), in `visits`; of all places, or of the districts and the places directly within
    them."""

    family = "footfall"
    districts: tuple[str, ...] = ()

    @return_absent
    def value(self, reading: Reading, span: Span) -> Value:
        """Absent without counts in the span."""
        places = find_directly_within(reading.parents, self.districts)
        visits = sum_flow(reading, _VISITS, span, {"place": places} if places else {})
        chosen = f"place in {', '.join(self.districts)}" if places else ""
        return Value(Fraction(visits), "visits", build_flow_origin(reading, _VISITS, span, chosen))


def list_whole_quarters(reading: Reading, number: int) -> range:
    """The last `number` quarter-hours that ended at least the feed's staleness limit ago, so that their
    counts have arrived."""
    over_ms = reading.now_ms - stale_after_ms("footfall")
    stop = over_ms // QUARTER_MS
    return range(stop - number, stop)


def compute_occupancy(reading: Reading) -> dict[str, Value]:
    """Σ entered − Σ exited since 04:00 by place (occupancy), in `persons`.

    Summed from quarter-hours, which hold the same as their minutes. The counters' drift is not corrected, so
    a value may be below zero.
    """
    sums = reading.view.sums(
        (FOOTFALL_PLACE, Grain.QUARTER), _list_quarters_since_morning(reading), ("place",)
    )
    origin = _build_origin(reading, "entered − exited since 04:00, by quarter-hour")
    return {
        place: Value(Fraction(entered - exited), "persons", origin)
        for (place,), (entered, exited, *_) in sums.items()
    }


def compute_dwell(reading: Reading) -> dict[str, Quotient]:
    """∫ occupancy dt ÷ entries since 04:00 (dwell) by place, in `s` per visit.

    Occupancy is assumed to be linear within a quarter-hour. n: entries; a place without any has no value.
    """
    entries, twice_person_s = Counter[str](), Counter[str]()
    for quarter in _list_quarters_since_morning(reading):
        moved = reading.view.sums((FOOTFALL_PLACE, Grain.QUARTER), range(quarter, quarter + 1), ("place",))
        since_s = reading.now_ms // 1000 - quarter * _QUARTER_S
        for (place,), (entered, exited, *_) in moved.items():
            # They came one by one, so each was inside for half of the quarter-hour on average, and since.
            twice_person_s[place] += (entered - exited) * (2 * since_s - min(since_s, _QUARTER_S))
            entries[place] += entered
    origin = _build_origin(reading, "∫ (entered − exited) dt ÷ entered since 04:00, by quarter-hour")
    return {
        place: build_quotient(twice_person_s[place], 2 * n, n, "s", origin)
        for place, n in entries.items()
        if n > 0
    }


@return_absent
def compute_debut_footfall(reading: Reading, activity: ActivityChanged) -> Value:
    """Σ entered at the debut space's sensors during the activity (debut footfall), in `visits`, up to now, by
    the quarter-hours that begin during it. Absent without a space or a count."""
    if activity.debut_space_id is None:
        raise NoValue(Absent(Code.NO_DEBUT_SPACE))
    starts, ends = (-(-millis(at) // QUARTER_MS) for at in (activity.starts, activity.ends))
    span = Span("days", reading.day_of(activity.starts), reading.day_of(activity.ends))
    periods = reading.require_periods(FOOTFALL_DEBUT, Grain.QUARTER, range(starts, ends))
    where = {"place": frozenset({_find_place(reading, activity.debut_space_id)})}
    sums = reading.view.sums((FOOTFALL_DEBUT, Grain.QUARTER), periods, (), where)
    if not sums:
        raise build_no_events(FOOTFALL_DEBUT, span)
    [(entered, *_)] = sums.values()
    words = f"entered at {activity.debut_space_id} from {activity.starts} to {activity.ends}"
    return Value(Fraction(entered), "visits", Origin(span, words, ("footfall", "activity")))


def sum_debut_footfall(reading: Reading, span: Span) -> dict[str, int]:
    """Debut footfall by the space's place, of held activities that began in the span; a visit during two of
    them counts for both. Raises NoValue without any activity."""
    by_place: Counter[str] = Counter()
    for activity in ActivitiesHeld().select_activities(reading, span):
        visits = compute_debut_footfall(reading, activity)
        if isinstance(visits, Value) and activity.debut_space_id is not None:
            by_place[_find_place(reading, activity.debut_space_id)] += int(visits.amount)
    return by_place


@return_absent
def compute_spend_per_visit(reading: Reading, span: Span) -> Quotient:
    """Sales ÷ visits (spend per visit; the plan implies CNY 80), in `fen`. n: visits.

    Σ (gross − returned) of all places ÷ Σ entered at all places.
    """
    sales, visits = sum_flow(reading, RETAIL_NET, span), sum_flow(reading, _VISITS, span)
    words = f"{RETAIL_NET.measure.name} net ÷ {_VISITS.measure.name} entered of {span}"
    return build_quotient(sales, visits, visits, "fen", Origin(span, words, ("retail", "footfall")))


def _list_quarters_since_morning(reading: Reading) -> range:
    """The quarter-hours since the last 04:00, including the current one."""
    civil = reading.view.civil
    day = civil.periods(reading.now_ms - _DAY_BEGINS_MS)[Grain.DAY]
    morning = civil.start_ms(Grain.DAY, day) + _DAY_BEGINS_MS
    return range(morning // QUARTER_MS, reading.now_ms // QUARTER_MS + 1)


def _build_origin(reading: Reading, words: str) -> Origin:
    return Origin(stock_at(reading.today), f"{FOOTFALL_PLACE.name} cells, {words}", ("footfall",))


def _find_place(reading: Reading, space: str) -> str:
    """The place of a debut space, which is named by its registered id or by its place."""
    spaces = reading.registrations.get("debut_space", [])
    return next((entry.place for entry in spaces if entry.entity_id == space), space)


def sum_capacities(reading: Reading) -> dict[str, int]:
    """Capacity in persons by place: that of its live activities together, else of its debut spaces and of the
    entity registered under the place's own id."""
    by_place: Counter[str] = Counter()
    for entry in chain.from_iterable(reading.registrations.values()):
        state = entry.at(reading.today)
        if state is None or state.status != "active" or state.capacity is None:
            continue
        if entry.entity_class == "debut_space" or state.entity_id == entry.place:
            by_place[entry.place] += state.capacity
    return {**by_place, **_sum_live_capacities(reading)}


def _sum_live_capacities(reading: Reading) -> Counter[str]:
    now = instant(reading.now_ms)
    by_venue: Counter[str] = Counter()
    for _, activity in reading.activities:
        if activity.status == "live" and activity.starts <= now < activity.ends and activity.capacity:
            by_venue[activity.venue_id] += activity.capacity
    return by_venue


def compute_inflows(reading: Reading) -> dict[str, float]:
    """Entered − exited per second by place, from the start of the last hour's quarter-hours to now."""
    hour = recent_windows(reading.view.civil, reading.now_ms)[0]
    lasted_s = (reading.now_ms - hour.periods[0] * QUARTER_MS) / 1000
    sums = reading.view.sums((FOOTFALL_PLACE, Grain.QUARTER), hour.periods, ("place",))
    return {place: (entered - exited) / lasted_s for (place,), (entered, exited, *_) in sums.items()}


def estimate_seconds_to_full(room: int, inside: int, inflow: float) -> float | None:
    """Seconds until `room` persons are inside at `inflow` persons a second: 0 when the place is full, None
    while it does not fill up."""
    if inside >= room:
        return 0.0
    return (room - inside) / inflow if inflow > 0 else None
