"""Payments of visitors from abroad: how many attempts go through."""

from tidemark.streams.families.payment import PAYMENT_INBOUND
from tidemark.streams.indicators.reading import Reading
from tidemark.streams.indicators.spans import Span
from tidemark.streams.indicators.values import Absent, Share, share, stated

MINIMUM_ATTEMPTS = 50
"""Fewer attempts allow no verdict (reference: alert conditions, AcceptanceFailing)."""


def acceptance(
    reading: Reading, span: Span, by: tuple[str, ...] = ("scheme", "place")
) -> dict[tuple[str, ...], Share | Absent]:
    """Approved ÷ (attempts − failed_issuer) per scheme and place (reference: acceptance rate),
    in percent. Raises NoValue without cells in the span."""
    sums = reading.sums(PAYMENT_INBOUND, span, by)
    origin = reading.origin(PAYMENT_INBOUND, span, "approved ÷ (attempts − failed_issuer)")
    return {
        key: stated(share)(approved, attempts - failed_issuer, origin, MINIMUM_ATTEMPTS)
        for key, (attempts, approved, _, failed_issuer, *_) in sums.items()
    }
