"""The district's main totals, as the screens show them, by name."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from tidemark.streams.contracts.civil import Grain
from tidemark.streams.contracts.family import DAY, Measure
from tidemark.streams.contracts.published import Vector
from tidemark.streams.families.circular import CIRCULAR_TURNOVER
from tidemark.streams.families.footfall import FOOTFALL_PLACE
from tidemark.streams.families.payment import PAYMENT_INBOUND
from tidemark.streams.families.port import PORT_CROSSINGS
from tidemark.streams.families.refund import REFUND_ISSUED
from tidemark.streams.families.retail import RETAIL_SALES
from tidemark.streams.families.service_trade import SERVICE_TRADE_VALUE
from tidemark.streams.families.ticket import TICKET_ADMITTED
from tidemark.streams.families.trade import TRADE_RELEASED

from .cells import Where
from .view import Reach, View
from .windows import Window

Unit = Literal["persons", "count", "fen", "usd_cents"]

CROSS_BORDER_MODES = frozenset({"9610", "9710", "9810", "1210"})
"""Customs supervision modes that are cross-border e-commerce."""


@dataclass(frozen=True)
class Total:
    """A weighted sum of a measure's components."""

    name: str
    unit: Unit
    measure: Measure
    weights: Mapping[str, int]
    where: Where = field(default_factory=dict)

    def over(self, view: View, window: Window) -> int | None:
        """The total of a window; None if the measure is not kept at the window's grain."""
        if all(retention.grain is not window.grain for retention in self.measure.retentions):
            return None
        return self.weigh(view.total((self.measure, window.grain), window.periods, self.where))

    def weigh(self, vector: Vector) -> int:
        """The total of a vector of its measure."""
        parts = zip(self.measure.components, vector, strict=True)
        named = {component.name: number for component, number in parts}
        return sum(weight * named[name] for name, weight in self.weights.items())


TOTALS: tuple[Total, ...] = (
    Total("visits", "persons", FOOTFALL_PLACE, {"entered": 1}),
    Total("refund_forms", "count", REFUND_ISSUED, {"forms": 1}),
    Total("refund_invoices", "fen", REFUND_ISSUED, {"invoice_fen": 1}),
    Total("inbound_payments", "fen", PAYMENT_INBOUND, {"amount_fen": 1}),
    Total("retail_net", "fen", RETAIL_SALES, {"gross_fen": 1, "returned_fen": -1}),
    Total("cross_border_ecommerce", "fen", TRADE_RELEASED, {"value_fen": 1}, {"mode": CROSS_BORDER_MODES}),
    Total("port_crossings", "persons", PORT_CROSSINGS, {"persons": 1}),
    Total("tickets_admitted", "count", TICKET_ADMITTED, {"tickets": 1}),
    Total("tickets_used", "count", TICKET_ADMITTED, {"used": 1}),
    Total("circular_turnover", "fen", CIRCULAR_TURNOVER, {"amount_fen": 1}),
    Total("service_trade", "usd_cents", SERVICE_TRADE_VALUE, {"amount_usd_cents": 1}),
)


def totals_reach() -> Reach:
    """The reach that a view needs for the totals of every window."""
    reach_ms = {Grain.DAY: DAY, Grain.MONTH: None}
    return {
        (total.measure, retention.grain): reach_ms[retention.grain]
        for total in TOTALS
        for retention in total.measure.retentions
        if retention.grain in reach_ms
    }
