"""Targets counted in activities: conferences, cultural events, shows, launches."""

from collections.abc import Iterator
from datetime import date

from tidemark.streams.families.activity import ActivityChanged, Category, DebutTier
from tidemark.streams.indicators.reading.places import find_within
from tidemark.streams.indicators.reading.reading import Reading
from tidemark.streams.indicators.values.cause import Code
from tidemark.streams.indicators.values.spans import Span
from tidemark.streams.indicators.values.value import (
    Absent,
    NoValue,
    Origin,
    Share,
    Value,
    build_count,
    build_share,
    return_absent,
)

from .formula import Formula

_HELD = frozenset({"live", "ended"})


class ActivitiesHeld(Formula, frozen=True, tag="activities_held"):
    """Activities that began on a day of the span and are live or ended (type activity.changed), in `count`;
    as a stock, all that began by its day. An empty condition matches everything."""

    family = "activity"
    categories: tuple[Category, ...] = ()
    debut_tiers: tuple[DebutTier, ...] = ()
    venues_within: tuple[str, ...] = ()
    high_end: bool = False
    consumer_electronics: bool = False

    @return_absent
    def value(self, reading: Reading, span: Span) -> Value:
        """Absent where no activity of any kind began by the span's end."""
        number = sum(1 for _ in self.select_activities(reading, span))
        return build_count(number, Origin(span, self._describe(span), ("activity",)))

    def select_activities(self, reading: Reading, span: Span) -> Iterator[ActivityChanged]:
        """The activities that count."""
        places = find_within(reading.parents, self.venues_within)
        for activity in _list_held(reading, span):
            if (
                (not self.categories or activity.category in self.categories)
                and (not self.debut_tiers or activity.debut_tier in self.debut_tiers)
                and (not places or activity.venue_id in places)
                and (activity.high_end or not self.high_end)
                and (activity.consumer_electronics or not self.consumer_electronics)
            ):
                yield activity

    def _describe(self, span: Span) -> str:
        chosen = [*self.categories, *self.debut_tiers, *self.venues_within]
        chosen += [name for name in ("high_end", "consumer_electronics") if getattr(self, name)]
        return f"activity records, live or ended, begun {span}: {', '.join(chosen) or 'all'}"


class TopBrandDebutShare(Formula, frozen=True, tag="top_brand_debut_share"):
    """Launches of consumer electronics by top international brands ÷ all launches of consumer electronics
    with a known tier, held and begun in the span, in percent."""

    family = "activity"

    @return_absent
    def value(self, reading: Reading, span: Span) -> Share:
        """Absent where none was held."""
        electronics = ActivitiesHeld(consumer_electronics=True).select_activities(reading, span)
        debuts = [activity for activity in electronics if activity.debut_tier is not None]
        top = sum(activity.brand_origin == "international_top" for activity in debuts)
        words = f"activity records, debuts of consumer electronics, international_top among all, begun {span}"
        return build_share(top, len(debuts), Origin(span, words, ("activity",)))


def _list_held(reading: Reading, span: Span) -> Iterator[ActivityChanged]:
    if not any(begins <= span.last for begins, _ in reading.activities):
        raise NoValue(Absent(Code.NO_ACTIVITY, by=span.last))
    first = date.min if span.basis == "stock" else span.first
    for begins, activity in reading.activities:
        if activity.status in _HELD and first <= begins <= span.last:
            yield activity
