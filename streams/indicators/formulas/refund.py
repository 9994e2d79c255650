"""Departure tax refund: ratios of shops, forms and payouts."""

from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import date, timedelta

from tidemark.streams.contracts.civil import last_day, month_of
from tidemark.streams.families.payment import PAYMENT_INBOUND, Scheme
from tidemark.streams.families.refund import REFUND_COHORT, REFUND_ISSUED, REFUND_PAYOUTS, REFUND_SHOP
from tidemark.streams.indicators.reading.reading import Reading
from tidemark.streams.indicators.values.cause import Code
from tidemark.streams.indicators.values.spans import Span, last_days
from tidemark.streams.indicators.values.value import (
    Absent,
    NoValue,
    Origin,
    Quotient,
    Share,
    build_quotient,
    build_share,
    return_absent,
)
from tidemark.streams.view.windows import recent_windows

from .ratios import Parts, Ratio, RecentRatio, Sums

DORMANT_DAYS = 30
"""A shop without a form for this many days is dormant."""

COMPLETION_DAYS = 90
"""Goods leave within 90 days of purchase (departure tax refund rules)."""


def _divide_stages(part: str, *whole: str) -> Callable[[Sums], Parts]:
    """Payouts of stage `part` ÷ payouts of the stages `whole`; the stage is the last dimension."""

    def parts(sums: Sums) -> Parts:
        stages: defaultdict[tuple[str, ...], Counter[str]] = defaultdict(Counter)
        for (*key, stage), (payouts, *_) in sums.items():
            stages[tuple(key)][stage] += payouts
        return {key: (of[part], sum(of[name] for name in whole)) for key, of in stages.items()}

    return parts


PAYOUT_FAILED = RecentRatio(
    Ratio(REFUND_PAYOUTS, ("rail", "stage"), _divide_stages("failed", "failed", "credited"), 20),
    recent_windows,
    90,
)
"""Failed ÷ (failed + credited) by rail (alert RefundPayoutFailing)."""

CLAWBACK = RecentRatio(
    Ratio(REFUND_PAYOUTS, ("stage",), _divide_stages("clawed_back", "advance_paid"), 30), recent_windows, 90
)
"""Clawed back ÷ advances paid (alert ClawbackRising)."""

_CASH: frozenset[Scheme] = frozenset({"cash_exchange"})
_INSTANT = {"mode": frozenset({"instant"})}


@return_absent
def compute_shop_activity(reading: Reading, day: date) -> Share:
    """Active shops with at least one form in the 30 days to a day ÷ active shops (refund shop activity), in
    percent. Absent where no shop issued any, since the feed may be silent instead of the shops."""
    span = last_days(day, DORMANT_DAYS)
    shops = reading.registrations.get("refund_shop", [])
    active = {shop.entity_id for shop in shops if shop.active_at(day)}
    issuing = {shop for (shop,) in reading.sums(REFUND_SHOP, span, ("shop",))}
    origin = reading.origin(REFUND_SHOP, span, "shops with a form ÷ registry records, active refund_shop")
    return build_share(len(active & issuing), len(active), origin)


@return_absent
def compute_form_rate(reading: Reading, span: Span) -> Quotient:
    """Refund-form value ÷ inbound non-cash spend (form rate), in percent; a proxy, since not every purchase
    by card or wallet is refundable. n: forms."""
    issued = reading.total(REFUND_ISSUED, span)
    schemes = {scheme for (scheme,) in reading.sums(PAYMENT_INBOUND, span, ("scheme",))} - _CASH
    spent = reading.total(PAYMENT_INBOUND, span, {"scheme": frozenset(schemes)})["amount_fen"]
    words = f"refund.issued invoice_fen ÷ payment.inbound amount_fen except cash_exchange, cells of {span}"
    origin = Origin(span, words, ("refund", "payment"))
    return build_quotient(issued["invoice_fen"], spent, issued["forms"], "percent", origin)


@return_absent
def compute_completion(reading: Reading, span: Span) -> Share:
    """Forms verified and paid within 90 days ÷ forms issued (completion within 90
    days), in percent, of the span's whole months that ended at least 90 days ago."""
    complete = span._replace(last=min(span.last, _find_last_due_day(reading.today)))
    if complete.last < complete.first:
        raise NoValue(Absent(Code.NOT_YET, span=span, days=COMPLETION_DAYS))
    forms = reading.total(REFUND_COHORT, complete)
    origin = reading.origin(REFUND_COHORT, complete, "completed_90d ÷ forms")
    return build_share(forms["completed_90d"], forms["forms"], origin)


@return_absent
def compute_instant_share(reading: Reading, span: Span) -> Share:
    """Instant forms ÷ all forms by count (instant share), in percent."""
    instant, every = (reading.total(REFUND_ISSUED, span, where)["forms"] for where in (_INSTANT, {}))
    return build_share(instant, every, reading.origin(REFUND_ISSUED, span, "forms of mode instant ÷ forms"))


@return_absent
def compute_preaudit_share(reading: Reading, span: Span) -> Share:
    """Forms pre-audited ÷ forms verified (pre-audit share), in percent, of the forms issued in the span, each
    counted once. A pre-audited form may not be verified yet."""
    forms = reading.total(REFUND_COHORT, span)
    origin = reading.origin(REFUND_COHORT, span, "preaudited ÷ verified")
    return build_share(forms["preaudited"], forms["verified"], origin)


def _find_last_due_day(today: date) -> date:
    """The last month's end that is at least 90 days ago."""
    return last_day(month_of(today - timedelta(days=COMPLETION_DAYS)) - 1)
