"""Retail sales, as malls and invoice platforms report them by place and category."""

from collections.abc import Iterator
from random import Random
from typing import NamedTuple

from tidemark.services.gazetteer import Place
from tidemark.streams.families.retail import SalesReported

from .planned import Batch, Planned
from .randomness import between, roughly, shuffle
from .scenario import Feed
from .world import Window, World, report_series

_ORDERS_A_DAY = 9_000
"""Of an average series on a working day: 9 million sales a day at 1,000 series."""

_CATEGORIES: dict[str, tuple[int, float]] = {
    "dining": (8_500, 0.2), "apparel": (42_000, 0.15), "cosmetics": (38_000, 0.25),
    "electronics": (190_000, 0.3), "jewellery": (320_000, 0.03), "watches": (680_000, 0.02),
    "luggage": (95_000, 0.08), "books": (6_500, 0.3), "toys": (15_000, 0.2), "sports": (36_000, 0.2),
    "home": (52_000, 0.25), "groceries": (7_800, 0.35), "pharmacy": (6_900, 0.3), "eyewear": (60_000, 0.05),
    "cinema": (9_000, 0.8), "beauty": (28_000, 0.3), "fitness": (25_000, 0.4), "pets": (12_000, 0.3),
    "stationery": (4_200, 0.2), "flowers": (11_000, 0.4), "tea": (3_200, 0.5), "bakery": (4_500, 0.3),
    "duty_free": (120_000, 0.1), "vehicles": (19_000_000, 0.01),
}  # fmt: skip
"""The average order in fen, and the share of online sales."""


class _Series(NamedTuple):
    place: Place
    category: str
    level: float
    merchants: int


def retail_events(world: World, feed: Feed) -> Iterator[Batch]:
    """One batch per window, without end."""
    series = _make_series(world, world.scale_number(feed.count))
    return report_series(world, feed, "retail", _ORDERS_A_DAY, series, _report)


def _make_series(world: World, number: int) -> list[_Series]:
    random = world.random_streams.derive("retail series")
    every = [(place, category) for place in world.places for category in _CATEGORIES]
    series = []
    for place, category in shuffle(random, every)[:number]:
        price_factor = 1 + _CATEGORIES[category][0] / 20_000
        series.append(
            _Series(place, category, (0.3 + 1.4 * random.random()) / price_factor, between(random, 3, 120))
        )
    return series


def _report(world: World, series: _Series, window: Window, mean: float, random: Random) -> Planned:
    order_fen, online = _CATEGORIES[series.category]
    orders = roughly(random, mean * series.level)
    gross_fen = orders * roughly(random, order_fen)
    payload = SalesReported(
        window_start=world.calendar.at(window.start_ms),
        window_s=window.seconds,
        category=series.category,
        orders=orders,
        gross_fen=gross_fen,
        returned_fen=int(gross_fen * 0.06 * random.random()),
        merchants_reporting=int(series.merchants * (0.9 + 0.1 * random.random())),
        merchants_expected=series.merchants,
        online_fen=int(gross_fen * online),
    )
    return world.writer.create(
        f"{series.place.id}-{series.category}-{window.start_ms // 1000}",
        "/platforms/invoices",
        window.end_ms,
        series.place.id,
        payload,
        window.end_ms + between(random, 60_000, 900_000),
    )
