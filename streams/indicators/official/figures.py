"""Official figures with their vintages, and the figures known on a day."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import chain
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from tidemark.streams.contracts.civil import Civil, last_day, month_at
from tidemark.streams.contracts.published import LatestFact, key_prefix
from tidemark.streams.families.official import FigurePublished

Vintage = Literal["first", "revised", "final"]

_OFFICIAL = key_prefix("official")
_decoder = msgspec.json.Decoder(LatestFact[FigurePublished])


class Figure(NamedTuple):
    """One vintage of a figure. `published` is a civil day, `at` the instant; `ends` is the last day
    of the period it stands for."""

    data: FigurePublished
    at: datetime
    published: date
    ends: date

    @property
    def value(self) -> Decimal:
        """The figure in its unit, exact."""
        return Decimal(self.data.value)


class Figures:
    """Figures by indicator; for each period and basis all vintages, in order of publication."""

    def __init__(self, figures: Iterable[Figure]) -> None:
        self._series: dict[str, dict[tuple[str, str], list[Figure]]] = {}
        for figure in sorted(figures, key=lambda published: (published.at, published.data.vintage)):
            series = self._series.setdefault(figure.data.indicator_id, {})
            series.setdefault((figure.data.basis, figure.data.period), []).append(figure)
        self._latest: dict[tuple[str, str], dict[str, Figure]] = {}

    @classmethod
    def of(cls, records: Mapping[bytes, bytes], civil: Civil) -> "Figures":
        """The figures among a view's latest values."""
        payloads = (_decoder.decode(raw).data for key, raw in records.items() if key.startswith(_OFFICIAL))
        return cls(_build_figure(data, civil.zone) for data in payloads)

    def as_of(self, day: date) -> "Figures":
        """The figures published by the end of a day; later vintages are left out."""
        return Figures(figure for figure in self if figure.published <= day)

    def __iter__(self) -> Iterator[Figure]:
        for series in self._series.values():
            for vintages in series.values():
                yield from vintages

    def of_indicator(self, indicator_id: str) -> Iterator[Figure]:
        """Every vintage of every period of an indicator."""
        return chain.from_iterable(self._series.get(indicator_id, {}).values())

    def vintages(self, indicator_id: str, basis: str, period: str) -> list[Figure]:
        """Every vintage of a period, in order of publication."""
        return list(self._series.get(indicator_id, {}).get((basis, period), []))

    def latest(self, indicator_id: str, basis: str) -> Mapping[str, Figure]:
        """By period, the vintage that counts: the last published. Cached, since callers look up month by
        month."""
        by_period = self._latest.get((indicator_id, basis))
        if by_period is None:
            series = self._series.get(indicator_id, {})
            by_period = {period: vintages[-1] for (of, period), vintages in series.items() if of == basis}
            self._latest[indicator_id, basis] = by_period
        return by_period

    def vintage_of(self, figure: Figure) -> Vintage:
        """Whether it is the first vintage of its period, a revision, or final."""
        if figure.data.status == "final":
            return "final"
        first = self.vintages(figure.data.indicator_id, figure.data.basis, figure.data.period)[0]
        return "first" if first == figure else "revised"


def find_period_end(period: str) -> date:
    """The last day of a period such as 2026, 2026Q2 or 2026-08."""
    year, month = int(period[:4]), 12
    if period[4:5] == "Q":
        month = 3 * int(period[5])
    elif period[4:5] == "-":
        month = int(period[5:])
    return last_day(month_at(year, month))


def _build_figure(data: FigurePublished, zone: ZoneInfo) -> Figure:
    at = data.published_at
    return Figure(data, at.astimezone(UTC), at.astimezone(zone).date(), find_period_end(data.period))
