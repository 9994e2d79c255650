"""Payment: what foreign cards, wallets and cash exchange settled in a place."""

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
    last one above the greatest bound. `merchants` is of the window, never summed.
    """

    window_start: Instant
    window_s: WindowSeconds
    scheme: Scheme
    merchant_group: Code
    attempts: Count
    approved: Count
    failed_technical: Count
    failed_issuer: Count
    amount_fen: Fen
    merchants: Count
    auth_ms_histogram: tuple[Count, ...] = ()

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
