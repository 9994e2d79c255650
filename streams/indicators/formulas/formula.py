"""The base of the catalogue's live formulas, and sums of cells over a span in the indicators' units."""

from fractions import Fraction
from typing import ClassVar

import msgspec

from tidemark.streams.indicators.reading.reading import Reading
from tidemark.streams.indicators.values.spans import Span
from tidemark.streams.indicators.values.value import Absent, Origin, Value, return_absent
from tidemark.streams.view.cells import Where
from tidemark.streams.view.totals import TOTALS, Total


class Formula(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="formula", kw_only=True):
    """A formula by its name with its parameters. `family` is the family of facts it reads."""

    family: ClassVar[str]

    def value(self, reading: Reading, span: Span) -> Value | Absent:
        """The value over the span, from the accepted events, or why there is none."""
        raise NotImplementedError


PER_100M = 10**10
"""Fen in 100 million yuan, and US cents in 100 million dollars."""

NAMED: dict[str, Total] = {total.name: total for total in TOTALS}
"""The totals that screens show, by name; indicators use the same ones."""

_EVERYWHERE: Where = {}


def sum_flow(reading: Reading, total: Total, span: Span, where: Where = _EVERYWHERE) -> int:
    """A total over the span, `where` narrowing it further. Raises NoValue without cells in it."""
    return total.weigh(reading.vector(total.measure, span, {**total.where, **where}))


def build_flow_origin(reading: Reading, total: Total, span: Span, chosen: str = "") -> Origin:
    """The origin of a flow; `chosen` describes what `where` matches."""
    signs = [("+ " if weight > 0 else "− ") + name for name, weight in total.weights.items()]
    words = [" ".join(signs).removeprefix("+ ")]
    words += [f"{name} {', '.join(sorted(values))}" for name, values in total.where.items()]
    return reading.origin(total.measure, span, "; ".join([*words, chosen] if chosen else words))


class MoneyFlow(Formula, frozen=True):
    """All of `total`, a sum of fen or US cents, in 100 million yuan or dollars."""

    total: ClassVar[Total]
    unit: ClassVar[str] = "CNY_100m"

    @return_absent
    def value(self, reading: Reading, span: Span) -> Value:
        """Absent without cells in the span."""
        amount = Fraction(sum_flow(reading, self.total, span), PER_100M)
        return Value(amount, self.unit, build_flow_origin(reading, self.total, span))
