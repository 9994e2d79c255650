"""Metrics exported beside the families' own sums: ratios and quantiles; and the exported units.

Business values are net gauges over the windows of streams.view.windows: a correction can
lower them, so they are not counters and must not be read with increase().
"""

from dataclasses import dataclass

from tidemark.streams.contracts.family import Measure
from tidemark.streams.contracts.money import CENTS_PER_USD, FEN_PER_YUAN
from tidemark.streams.families.payment import PAYMENT_AUTHORISATION_TIME
from tidemark.streams.families.refund import (
    REFUND_CUSTODY_TIME,
    REFUND_PAYOUT_TIME,
    REFUND_PREAUDIT_TIME,
    REFUND_QUEUE_TIME,
    REFUND_VERIFICATION_TIME,
)
from tidemark.streams.indicators.formulas import ratios as formulas
from tidemark.streams.indicators.formulas.payment import ACCEPTANCE
from tidemark.streams.indicators.formulas.ticket import STUB_CONVERSION, STUB_USE

DIVISORS = {"fen": FEN_PER_YUAN, "usd_cents": CENTS_PER_USD, "milliseconds": 1_000}
"""Divisors from a component's unit to the exported unit; other units are exported unchanged."""


@dataclass(frozen=True)
class Ratio:
    """A net share between 0 and 1 by dimensions and `period`; absent while its denominator is 0."""

    name: str
    ratio: formulas.Ratio
    help: str


@dataclass(frozen=True)
class QuantileMetric:
    """Quantiles of a histogram in seconds by its dimensions and `window`, and under `samples_name` the
    number of observations. The histogram counts in `bounds_per_second`ths of a second."""

    name: str
    samples_name: str
    measure: Measure
    help: str
    bounds_per_second: int = 1


RATIOS: tuple[Ratio, ...] = (
    Ratio(
        "tidemark_payment_inbound_acceptance_ratio",
        ACCEPTANCE,
        "Acceptance rate: approved payments out of attempts that the visitor's own bank did not decline",
    ),
    Ratio(
        "tidemark_ticket_stub_use_ratio",
        STUB_USE,
        "Stub use rate: admitted tickets whose stub was redeemed, out of all admitted",
    ),
    Ratio(
        "tidemark_ticket_stub_conversion_ratio",
        STUB_CONVERSION,
        "Secondary conversion rate: admitted tickets with a linked paid order, out of all admitted",
    ),
)

QUANTILE_METRICS: tuple[QuantileMetric, ...] = (
    QuantileMetric(
        "tidemark_refund_custody_time_seconds",
        "tidemark_refund_custody_time_samples",
        REFUND_CUSTODY_TIME,
        "Time from issue at the shop to the start of verification, which the traveller chooses",
    ),
    QuantileMetric(
        "tidemark_refund_preaudit_time_seconds",
        "tidemark_refund_preaudit_time_samples",
        REFUND_PREAUDIT_TIME,
        "Duration of a pre-audit",
    ),
    QuantileMetric(
        "tidemark_refund_verification_time_seconds",
        "tidemark_refund_verification_time_samples",
        REFUND_VERIFICATION_TIME,
        "Time from the start of verification at the port to its result",
    ),
    QuantileMetric(
        "tidemark_refund_queue_time_seconds",
        "tidemark_refund_queue_time_samples",
        REFUND_QUEUE_TIME,
        "Time that travellers queued at the port before verification",
    ),
    QuantileMetric(
        "tidemark_refund_payout_time_seconds",
        "tidemark_refund_payout_time_samples",
        REFUND_PAYOUT_TIME,
        "Time from passing verification at the port to the refund being credited",
    ),
    QuantileMetric(
        "tidemark_payment_authorisation_time_seconds",
        "tidemark_payment_authorisation_time_samples",
        PAYMENT_AUTHORISATION_TIME,
        "Duration of a payment's authorisation",
        bounds_per_second=1_000,
    ),
)
