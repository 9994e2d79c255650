"""The exporter's metrics that are formulas over the view: shares, who is where, and what is unusual."""

from typing import NamedTuple

from .pipeline_metrics import Plain


class Shared(NamedTuple):
    """A ratio, and the observations that it rests on."""

    ratio: Plain
    samples: Plain


def _gauge(name: str, labels: tuple[str, ...], meaning: str) -> Plain:
    return Plain(f"tidemark_{name}", "gauge", labels, meaning)


def _shared(name: str, labels: tuple[str, ...], meaning: str, observed: str) -> Shared:
    return Shared(
        _gauge(f"{name}_ratio", labels, meaning),
        _gauge(f"{name}_samples", labels, f"{observed}, which tidemark_{name}_ratio rests on"),
    )


_PERIOD = ("period",)
_WINDOW = ("window",)
_ACCEPTING = ("place", "scheme")

FORM_RATE = _shared(
    "refund_form_rate",
    _PERIOD,
    "Invoices of refund forms ÷ non-cash spending of visitors from abroad",
    "Refund forms",
)
COMPLETION = _shared(
    "refund_completion",
    _PERIOD,
    "Forms passed and paid within 90 days ÷ forms issued, of whole months whose 90 days are over",
    "Refund forms",
)
INSTANT = _shared("refund_instant", _PERIOD, "Instant forms ÷ all refund forms", "Refund forms")
PREAUDITED = _shared(
    "refund_preaudited",
    _PERIOD,
    "Forms audited before the port ÷ forms verified there, of those issued in the period",
    "Verified forms",
)
PULL = _shared("ticket_pull", _PERIOD, "Spending linked to stubs ÷ face value of the tickets", "Tickets")
PARTICIPATION = _shared(
    "ticket_merchant_participation",
    _WINDOW,
    "Merchants with a redeemed stub ÷ merchants that accept stubs",
    "Merchants that accept stubs",
)
PAYOUT_FAILED = _shared(
    "refund_payout_failed",
    ("rail", "window"),
    "Refund payments failed ÷ (failed + credited), over the shortest `window` with 20 of them",
    "Refund payments failed or credited",
)
CLAWBACK = _shared(
    "refund_clawback",
    _WINDOW,
    "Refund advances clawed back ÷ advances paid, over the shortest `window` with 30 advances",
    "Refund advances paid",
)
FAILED_TECHNICAL = _shared(
    "payment_inbound_failed_technical",
    (*_ACCEPTING, "window"),
    "Payments that failed for technical reasons ÷ attempts that the visitor's own bank did not decline, "
    "over the shortest `window` with 50 such attempts",
    "Attempts that the visitor's own bank did not decline",
)
SHARED: tuple[Shared, ...] = (
    FORM_RATE,
    COMPLETION,
    INSTANT,
    PREAUDITED,
    PULL,
    PARTICIPATION,
    PAYOUT_FAILED,
    CLAWBACK,
    FAILED_TECHNICAL,
)

CLAWBACK_BASE = _gauge(
    "refund_clawback_base_ratio",
    (),
    "Refund advances clawed back ÷ advances paid, of the 90 days before today",
)
FAILED_TECHNICAL_BASE = _gauge(
    "payment_inbound_failed_technical_base_ratio",
    _ACCEPTING,
    "tidemark_payment_inbound_failed_technical_ratio of the 28 days before today",
)
SPEND = _gauge("footfall_spend_per_visit_yuan", _PERIOD, "Net retail sales ÷ visits")
OCCUPANCY = _gauge("footfall_occupancy_persons", ("place",), "Entered − exited since 04:00")
CAPACITY = _gauge(
    "footfall_capacity_persons",
    ("place",),
    "Persons a place has room for: what live activities there say, else the registry",
)
FULL = _gauge(
    "footfall_full_seconds",
    ("place",),
    "How long until a place is full at the last hour's speed; absent while it does not fill",
)
DWELL = _gauge(
    "footfall_dwell_seconds", ("place",), "How long a visit lasts on average, of the visits since 04:00"
)
ANOMALY = _gauge(
    "footfall_anomaly_score",
    ("place",),
    "Robust z of those who entered in the last whole quarter-hour, against the same quarter-hour of "
    "comparable days of the last 8 weeks",
)
DEBUT = _gauge(
    "debut_footfall_persons",
    ("place", "window"),
    "Visitors of debut spaces during the activities held there that began in the `window`",
)

FORMULAS: tuple[Plain, ...] = (
    *(row for shared in SHARED for row in shared),
    CLAWBACK_BASE,
    FAILED_TECHNICAL_BASE,
    SPEND,
    OCCUPANCY,
    CAPACITY,
    FULL,
    DWELL,
    ANOMALY,
    DEBUT,
)
