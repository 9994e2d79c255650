"""The exporter's metrics that are formulas over the view: ratios, occupancy and anomalies."""

from typing import NamedTuple

from .pipeline_metrics import PlainMetric, gauge


class SampledRatio(NamedTuple):
    """A ratio, and the number of observations that it is computed from."""

    ratio: PlainMetric
    samples: PlainMetric


def _define_ratio(ratio: str, samples: str, meaning: str, observed: str, *labels: str) -> SampledRatio:
    return SampledRatio(
        gauge(ratio, meaning, *labels), gauge(samples, f"{observed} that {ratio} is computed from", *labels)
    )


FORM_RATE = _define_ratio(
    "tidemark_refund_form_rate_ratio",
    "tidemark_refund_form_rate_samples",
    "Invoices of refund forms ÷ non-cash spending of visitors from abroad",
    "Refund forms",
    "period",
)
COMPLETION = _define_ratio(
    "tidemark_refund_completion_ratio",
    "tidemark_refund_completion_samples",
    "Forms passed and paid within 90 days ÷ forms issued, of whole months that ended at least 90 days ago",
    "Refund forms",
    "period",
)
INSTANT = _define_ratio(
    "tidemark_refund_instant_ratio",
    "tidemark_refund_instant_samples",
    "Instant forms ÷ all refund forms",
    "Refund forms",
    "period",
)
PREAUDITED = _define_ratio(
    "tidemark_refund_preaudited_ratio",
    "tidemark_refund_preaudited_samples",
    "Forms audited before the port ÷ forms verified there, of those issued in the period",
    "Verified forms",
    "period",
)
PULL = _define_ratio(
    "tidemark_ticket_pull_ratio",
    "tidemark_ticket_pull_samples",
    "Spending linked to stubs ÷ face value of the tickets",
    "Tickets",
    "period",
)
PARTICIPATION = _define_ratio(
    "tidemark_ticket_merchant_participation_ratio",
    "tidemark_ticket_merchant_participation_samples",
    "Merchants with a redeemed stub ÷ merchants that accept stubs",
    "Merchants that accept stubs",
    "window",
)
PAYOUT_FAILED = _define_ratio(
    "tidemark_refund_payout_failed_ratio",
    "tidemark_refund_payout_failed_samples",
    "Refund payments failed ÷ (failed + credited), over the shortest `window` with 20 of them",
    "Refund payments failed or credited",
    "rail",
    "window",
)
CLAWBACK = _define_ratio(
    "tidemark_refund_clawback_ratio",
    "tidemark_refund_clawback_samples",
    "Refund advances clawed back ÷ advances paid, over the shortest `window` with 30 advances",
    "Refund advances paid",
    "window",
)
FAILED_TECHNICAL = _define_ratio(
    "tidemark_payment_inbound_failed_technical_ratio",
    "tidemark_payment_inbound_failed_technical_samples",
    "Payments that failed for technical reasons ÷ attempts that the visitor's own bank did not decline, "
    "over the shortest `window` with 50 such attempts",
    "Attempts that the visitor's own bank did not decline",
    "place",
    "scheme",
    "window",
)

CLAWBACK_BASE = gauge(
    "tidemark_refund_clawback_base_ratio",
    "Refund advances clawed back ÷ advances paid, over the 90 days before today",
)
FAILED_TECHNICAL_BASE = gauge(
    "tidemark_payment_inbound_failed_technical_base_ratio",
    "tidemark_payment_inbound_failed_technical_ratio over the 28 days before today",
    "place",
    "scheme",
)
SPEND = gauge("tidemark_footfall_spend_per_visit_yuan", "Net retail sales ÷ visits", "period")
OCCUPANCY = gauge(
    "tidemark_footfall_occupancy_persons", "Persons inside: entered − exited since 04:00", "place"
)
CAPACITY = gauge(
    "tidemark_footfall_capacity_persons",
    "Capacity of a place in persons, as its live activities declare it, else the registry",
    "place",
)
FULL = gauge(
    "tidemark_footfall_full_seconds",
    "Time until a place is full at the last hour's net inflow; absent while it does not fill",
    "place",
)
DWELL = gauge("tidemark_footfall_dwell_seconds", "Average duration of the visits since 04:00", "place")
ANOMALY = gauge(
    "tidemark_footfall_anomaly_score",
    "Robust z-score of the entries in the last whole quarter-hour, against the same quarter-hour of "
    "comparable days in the last 8 weeks",
    "place",
)
DEBUT = gauge(
    "tidemark_debut_footfall_persons",
    "Visitors of debut spaces during the activities there that began in the `window`",
    "place",
    "window",
)
