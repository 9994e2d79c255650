"""Coverage of the departure tax refund in detail: shops, forms, places, and the shops still needed."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import ceil
from typing import NamedTuple

from tidemark.streams.families.refund import REFUND_ISSUED
from tidemark.streams.families.registry import EntityClass
from tidemark.streams.indicators.reading.places import trace_parents
from tidemark.streams.indicators.reading.reading import Reading
from tidemark.streams.indicators.values.spans import last_days, stock_at
from tidemark.streams.indicators.values.value import Absent, NoValue, Share, Value

from .refund import DORMANT_DAYS, compute_shop_activity
from .registry import Registered

_SHOWN = ("district", "mall")


class PlaceCoverage(NamedTuple):
    """A district or mall with everything inside it: active shops, instant-refund points and complexes, and
    the forms of 30 days, None while no forms are reported at all."""

    place: str
    shops: int
    points: int
    complexes: int
    forms: int | None


@dataclass(frozen=True)
class Coverage:
    """The coverage of the refund on a day. `active_share`: shops with a form in the 30 days to it ÷ shops."""

    shops: Value | Absent
    points: Value | Absent
    complexes: Value | Absent
    active_share: Share | Absent
    places: tuple[PlaceCoverage, ...]

    @property
    def without_shop(self) -> tuple[str, ...]:
        """Districts and malls without an active refund shop."""
        return tuple(row.place for row in self.places if not row.shops)

    @property
    def without_form(self) -> tuple[str, ...]:
        """Districts and malls where no form was issued in 30 days."""
        return tuple(row.place for row in self.places if row.forms == 0)


class Need(NamedTuple):
    """The `missing` shops until the day `due`, and how many that is `per_week`, counted from tomorrow."""

    goal: int
    due: date
    missing: int
    per_week: Fraction


def compute_coverage(reading: Reading, day: date) -> Coverage:
    """The coverage at the end of a day; forms are held for a month."""
    shops, points, complexes = (
        Registered(entity_class=entity_class).value(reading, stock_at(day)) for entity_class in _CLASSES
    )
    return Coverage(
        shops, points, complexes, compute_shop_activity(reading, day), _list_place_coverage(reading, day)
    )


def compute_need(shops: int, goal: float | Fraction, today: date, due: date) -> Need:
    """The shops still needed to reach a goal by a day, for example the next point of a path.

    per_week = missing · 7 ÷ days left. Raises ValueError unless `due` is after today.
    """
    days = (due - today).days
    if days <= 0:
        raise ValueError(f"due: {due} is not after {today}; give a later day")
    missing = max(0, ceil(goal) - shops)
    return Need(ceil(goal), due, missing, Fraction(7 * missing, days))


_CLASSES: tuple[EntityClass, ...] = ("refund_shop", "instant_point", "instant_complex")


def _list_place_coverage(reading: Reading, day: date) -> tuple[PlaceCoverage, ...]:
    """Every district and mall of the gazetteer, in its order."""
    shops, points, complexes = (
        _roll_up(reading, _count_entities(reading, entity_class, day)) for entity_class in _CLASSES
    )
    own = _count_forms(reading, day)
    forms = None if own is None else _roll_up(reading, own)
    return tuple(
        PlaceCoverage(
            place, shops[place], points[place], complexes[place], None if forms is None else forms[place]
        )
        for place in _list_places(reading)
        if place.partition(".")[0] in _SHOWN
    )


def _list_places(reading: Reading) -> Iterable[str]:
    return dict.fromkeys([*reading.parents.values(), *reading.parents])


def _count_entities(reading: Reading, entity_class: EntityClass, day: date) -> Counter[str]:
    entries = reading.registrations.get(entity_class, [])
    return Counter(entry.place for entry in entries if entry.active_at(day))


def _count_forms(reading: Reading, day: date) -> Counter[str] | None:
    try:
        sums = reading.sums(REFUND_ISSUED, last_days(day, DORMANT_DAYS), ("place",))
    except NoValue:
        return None
    return Counter({place: forms for (place,), (forms, *_) in sums.items()})


def _roll_up(reading: Reading, own: Counter[str]) -> Counter[str]:
    """Each place's number, with those of everything inside it."""
    totals: Counter[str] = Counter()
    for place, number in own.items():
        for above in trace_parents(reading.parents, place):
            totals[above] += number
    return totals
