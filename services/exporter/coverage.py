"""The coverage of the departure tax refund as metric families; its clocks are with the others."""

from collections.abc import Iterator
from datetime import date

from prometheus_client import Metric

from tidemark.services.plan import REFUND_SHOPS
from tidemark.streams.indicators.catalogue import Catalogue
from tidemark.streams.indicators.paths import expected
from tidemark.streams.indicators.reading import Reading
from tidemark.streams.indicators.refund_coverage import Coverage, Need, PlaceCoverage, coverage, needed
from tidemark.streams.indicators.values import Share, Value

from . import indicator_metrics as m
from .pipeline import plain


def refund_coverage(catalogue: Catalogue, reading: Reading) -> Iterator[Metric]:
    """Every family, as of today."""
    found = coverage(reading, reading.today)
    kinds = (("shop", found.shops), ("point", found.points), ("complex", found.complexes))
    yield plain(m.ENTITIES, {(kind,): float(one.amount) for kind, one in kinds if isinstance(one, Value)})
    yield plain(m.AT_PLACE, {(row.place, kind): n for row in found.places for kind, n in _numbers(row)})
    yield plain(m.FORMS, {(row.place,): row.forms for row in found.places if row.forms is not None})
    yield plain(
        m.WITHOUT,
        {("shop",): len(found.without_shop), ("form",): len(found.without_form)} if found.places else {},
    )
    share = found.active_share
    yield plain(m.ACTIVE, {(): float(share.amount / 100)} if isinstance(share, Share) else {})
    yield plain(m.ACTIVE_SAMPLES, {(): share.n} if isinstance(share, Share) else {})
    need = _need(catalogue, found, reading.today)
    yield plain(m.NEEDED, {} if need is None else {(): need.missing})
    yield plain(m.NEEDED_WEEKLY, {} if need is None else {(): float(need.per_week)})


def _numbers(row: PlaceCoverage) -> Iterator[tuple[str, int]]:
    yield "shop", row.shops
    yield "point", row.points
    yield "complex", row.complexes


def _need(catalogue: Catalogue, found: Coverage, today: date) -> Need | None:
    """What the path asks for by the year's end, on that day by the next year's."""
    if REFUND_SHOPS not in catalogue or not isinstance(found.shops, Value):
        return None
    due = date(today.year, 12, 31) if (today.month, today.day) < (12, 31) else date(today.year + 1, 12, 31)
    wanted = expected(catalogue[REFUND_SHOPS].goal, due)
    return None if wanted is None else needed(int(found.shops.amount), wanted, today, due)
