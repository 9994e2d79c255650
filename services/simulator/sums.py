"""The truth's running sums of one partition, from the finest period up."""

from collections.abc import Iterator
from typing import NamedTuple

from tidemark.streams.contracts.civil import Civil, Grain
from tidemark.streams.contracts.family import Measure
from tidemark.streams.families.table import MEASURES


class Portion(NamedTuple):
    """What a fact adds, at the moment that decides its periods."""

    measure: Measure
    dimensions: tuple[str, ...]
    at_ms: int
    vector: tuple[int, ...]


Dated = tuple[Measure, int, tuple[str, ...]]
"""A measure, a period (of the grain it is filed under), and its dimensions."""

_ROLL_AT = 50_000
_FIRST = -(2**62)
_GRAINS = {measure: tuple(kept.grain.value for kept in measure.kept) for measure in MEASURES}


class Sums:
    """Facts are gathered by their finest period; the coarser ones follow when rolled up."""

    def __init__(self, civil: Civil) -> None:
        self._civil = civil
        self._fresh: dict[tuple[Measure, tuple[str, ...], tuple[int, ...]], list[int]] = {}
        self._totals: tuple[dict[Dated, list[int]], ...] = tuple({} for _ in Grain)
        self._pruned_month = 0

    def add(self, portion: Portion, sign: int, watermark_ms: int) -> None:
        """Add or take away."""
        measure, dimensions, at_ms, vector = portion
        periods = self._civil.periods(at_ms)
        key = (measure, dimensions, tuple([periods[grain] for grain in _GRAINS[measure]]))
        known = self._fresh.get(key)
        if known is None:
            self._fresh[key] = [sign * number for number in vector]
            if len(self._fresh) > _ROLL_AT:
                self.roll(watermark_ms)
            return
        for index, number in enumerate(vector):
            known[index] += sign * number

    def roll(self, watermark_ms: int) -> None:
        """Bring the fresh sums up to all their grains, and drop periods past their lifetime."""
        for (measure, dimensions, periods), vector in self._fresh.items():
            for grain, period in zip(_GRAINS[measure], periods, strict=True):
                totals, key = self._totals[grain], (measure, period, dimensions)
                total = totals.get(key)
                if total is None:
                    totals[key] = vector.copy()
                else:
                    for index, number in enumerate(vector):
                        total[index] += number
        self._fresh.clear()
        self._prune(Grain.MINUTE, watermark_ms)
        month = self._civil.periods(watermark_ms)[Grain.MONTH]
        if month != self._pruned_month:
            self._pruned_month = month
            for grain in (Grain.QUARTER, Grain.DAY):
                self._prune(grain, watermark_ms)

    def live(self, watermark_ms: int) -> Iterator[tuple[Grain, Dated, list[int]]]:
        """Every sum that is not past its lifetime."""
        self.roll(watermark_ms)
        for grain in Grain:
            oldest = self._oldest(grain, watermark_ms)
            for dated, vector in self._totals[grain].items():
                if dated[1] >= oldest[dated[0]]:
                    yield grain, dated, vector

    def _prune(self, grain: Grain, watermark_ms: int) -> None:
        oldest = self._oldest(grain, watermark_ms)
        totals = self._totals[grain]
        for dated in [dated for dated in totals if dated[1] < oldest[dated[0]]]:
            del totals[dated]

    def _oldest(self, grain: Grain, watermark_ms: int) -> dict[Measure, int]:
        """By measure, the first period of the grain that is still kept."""
        return {
            measure: _FIRST
            if kept.lifetime_ms is None
            else self._civil.periods(watermark_ms - kept.lifetime_ms)[grain]
            for measure in MEASURES
            for kept in measure.kept
            if kept.grain is grain
        }
