"""Payments of foreign visitors, as acquirers and the clearing house report them."""

from collections.abc import Iterator
from itertools import product
from random import Random
from typing import NamedTuple, get_args

from tidemark.services.gazetteer import Place
from tidemark.streams.families.payment import InboundSettled, Scheme

from .planned import Batch, Planned
from .randomness import between, roughly, shuffle
from .scenario import Feed
from .world import Window, World, report_series

_GROUPS = ("retail", "dining", "hotel", "transport")
_ATTEMPTS_A_DAY = 400
"""Of an average series on a working day: 130,000 payments a day at 320 series."""

_AVERAGE_FEN = 26_000
_FAST = (0.05, 0.25, 0.4, 0.2, 0.07, 0.02, 0.007, 0.002, 0.001)
"""Shares of the buckets of the authorisation time."""


class _Series(NamedTuple):
    id: str
    place: Place
    scheme: Scheme
    group: str
    level: float


def payment_events(world: World, feed: Feed) -> Iterator[Batch]:
    """One batch per window, without end."""
    series = _make_series(world, world.scale_number(feed.count))
    return report_series(world, feed, "payment", _ATTEMPTS_A_DAY, series, _report)


def _make_series(world: World, number: int) -> list[_Series]:
    places = world.list_places("mall", "district", "zone", "hub", "port", "landmark", "venue")
    every = list(product(places, get_args(Scheme), _GROUPS))
    random = world.random_streams.derive("payment series")
    return [
        _Series(f"pay-{index + 1:04d}", place, scheme, group, 0.3 + 1.4 * random.random())
        for index, (place, scheme, group) in enumerate(shuffle(random, every)[:number])
    ]


def _report(world: World, series: _Series, window: Window, mean: float, random: Random) -> Planned:
    attempts = roughly(random, mean * series.level)
    technical = int(attempts * 0.012 + random.random() * min(attempts, 1))
    issuer = int((attempts - technical) * 0.05)
    approved = attempts - technical - issuer
    payload = InboundSettled(
        window_start=world.calendar.at(window.start_ms),
        window_s=window.seconds,
        scheme=series.scheme,
        merchant_group=series.group,
        attempts=attempts,
        approved=approved,
        failed_technical=technical,
        failed_issuer=issuer,
        amount_fen=approved * roughly(random, _AVERAGE_FEN),
        merchants=min(attempts, 40),
        auth_ms_histogram=() if series.scheme == "cash_exchange" or not attempts else _fill_buckets(attempts),
    )
    return world.writer.create(
        f"{series.id}-{window.start_ms // 1000}",
        f"/acquirers/{series.scheme}",
        window.end_ms,
        series.place.id,
        payload,
        window.end_ms + between(random, 60_000, 300_000),
    )


def _fill_buckets(attempts: int) -> tuple[int, ...]:
    """Distribute attempts over the buckets by their shares; the remainder goes into the most frequent one."""
    counts = [int(attempts * share) for share in _FAST]
    counts[2] += attempts - sum(counts)
    return tuple(counts)
