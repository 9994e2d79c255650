"""Payment: payments of visitors from abroad at a place, by card, wallet or cash exchange."""

from typing import ClassVar, Literal

from tidemark.streams.contracts.family import (
    AUTHORISATION_BOUNDS_MS,
    DAY,
    INTRADAY,
    SUBJECT,
    EventType,
    Family,
    Measure,
    by,
    counts,
    fen,
)
from tidemark.streams.contracts.payload import (
    AtMost,
    Code,
    Count,
    CountPerBucket,
    Fen,
    Instant,
    Payload,
    Rule,
    WindowSeconds,
)

Scheme = Literal[
    "visa",
    "mastercard",
    "jcb",
    "amex",
    "diners",
    "alipay_plus",
    "wechat_intl",
    "ecny_hard",
    "ecny_app",
    "cash_exchange",
]


class InboundSettled(Payload, frozen=True):
    """Payments of visitors from abroad in a window.

    `auth_ms_histogram` counts authorisations per bucket of AUTHORISATION_BOUNDS_MS, the
    last one above the greatest bound. `merchants` applies to the window and is never summed.
    """

    window_start: Instant
    """Start of the counting window; decides the period."""
    window_s: WindowSeconds
    scheme: Scheme
    """Card scheme, wallet or channel; part of the partition key."""
    merchant_group: Code
    """Group of merchants, from the acquirer's list."""
    attempts: Count
    """Payments attempted."""
    approved: Count
    """Payments approved."""
    failed_technical: Count
    """Failed for a technical reason: terminal, network, acquirer; AcceptanceFailing judges its share."""
    failed_issuer: Count
    """Refused by the issuer; left out of the acceptance rate."""
    amount_fen: Fen
    """Amount approved."""
    merchants: Count
    """Merchants with at least one attempt in the window; not added up over windows."""
    auth_ms_histogram: tuple[Count, ...] = ()
    """Authorisations per bucket of 50, 100, 200, 500, 1000, 2000, 5000 and 10000 ms, and one count above;
    empty where times are not measured."""

    rules: ClassVar[tuple[Rule, ...]] = (
        AtMost(
            ("approved", "failed_technical", "failed_issuer"),
            "attempts",
            "attempts: fewer than approved + failed; count every attempt",
        ),
        CountPerBucket("auth_ms_histogram", AUTHORISATION_BOUNDS_MS),
    )


PAYMENT_INBOUND = Measure(
    "payment.inbound",
    (
        *counts("attempts", "approved", "failed_technical", "failed_issuer"),
        *fen("amount_fen"),
        *counts("windows"),
    ),
    by("place", "scheme", "merchant_group"),
    INTRADAY,
    "Payments of visitors from abroad",
)
PAYMENT_AUTHORISATION_TIME = Measure(
    "payment.authorisation_time",
    counts(*(f"le_{bound}ms" for bound in AUTHORISATION_BOUNDS_MS), "above"),
    by("place", "scheme"),
    INTRADAY,
    "Time an authorisation took, in milliseconds; counts per bucket, without a sum",
    AUTHORISATION_BOUNDS_MS,
)

FAMILY = Family(
    name="payment",
    types=(
        EventType(
            name="payment.inbound_settled",
            payload=InboundSettled,
            keyed_by=(SUBJECT, "scheme"),
            meaning="Payments of visitors from abroad during a window",
        ),
    ),
    lateness_ms=DAY,
    measures=(PAYMENT_INBOUND, PAYMENT_AUTHORISATION_TIME),
)
