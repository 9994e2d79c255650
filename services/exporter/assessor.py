"""Assesses the plan's targets and what else is a formula, seldom enough not to slow the exposition down."""

from collections.abc import Hashable

from tidemark.services.plan import Plan
from tidemark.streams.contracts.civil import Grain
from tidemark.streams.contracts.family import DAY, HOUR, SECOND
from tidemark.streams.contracts.measures import FOOTFALL_PLACE, PAYMENT_INBOUND, REFUND_PAYOUTS
from tidemark.streams.indicators.assessing import assess_all
from tidemark.streams.indicators.formulas.anomaly import DAYS as ANOMALY_DAYS
from tidemark.streams.indicators.formulas.payment import FAILED_TECHNICAL
from tidemark.streams.indicators.formulas.refund import CLAWBACK
from tidemark.streams.indicators.reach import indicators_reach
from tidemark.streams.indicators.reading import Reading
from tidemark.streams.indicators.register import Register
from tidemark.streams.indicators.season_book import SeasonBook
from tidemark.streams.view.view import Reach

from .business import Built
from .coverage import refund_coverage
from .formulas import formulas
from .indicators import indicators

SHORTEST_MS = 5 * SECOND
"""At most one assessment in so long, however often the view changes."""

LONGEST_MS = 60 * SECOND
"""Ages and expected values grow by themselves, so no assessment is older than this."""

REACH: Reach = {
    **indicators_reach(part_month_ms=31 * DAY),
    (PAYMENT_INBOUND, Grain.QUARTER): 25 * HOUR,
    (PAYMENT_INBOUND, Grain.DAY): (FAILED_TECHNICAL.usual_days + 1) * DAY,
    (REFUND_PAYOUTS, Grain.QUARTER): 25 * HOUR,
    (REFUND_PAYOUTS, Grain.DAY): (CLAWBACK.usual_days + 1) * DAY,
    (FOOTFALL_PLACE, Grain.QUARTER): (ANOMALY_DAYS + 1) * DAY,
}


class Assessor:
    """Assessments of a view. Calls must not overlap with its merging; the caller sees to that."""

    def __init__(self, plan: Plan, register: Register) -> None:
        self._plan = plan
        self._register = register
        self._book = SeasonBook(plan.calendar)
        self._of: tuple[int, int, int] | None = None

    def due(self, now_ms: int) -> Hashable:
        """What the latest assessment is, or should now be, of."""
        view = self._register.view
        state = (view.generation, view.version)
        if self._of is None:
            self._of = (*state, now_ms)
        age_ms = abs(now_ms - self._of[2])
        if age_ms >= LONGEST_MS or (age_ms >= SHORTEST_MS and self._of[:2] != state):
            self._of = (*state, now_ms)
        return self._of

    def built(self, now_ms: int) -> Built:
        """The metrics of all targets, of the refund's coverage and of the other formulas."""
        reading = Reading(self._register, REACH, self._plan.parents, now_ms)
        catalogue = self._plan.catalogue
        found = assess_all(catalogue, reading, reading.today, self._book)
        metrics = [
            *indicators(catalogue, found),
            *refund_coverage(catalogue, reading),
            *formulas(self._plan, reading),
        ]
        return Built(metrics, {})
