"""What is exported beside the families' own sums: ratios, quantiles, and the units of all.

Business values are net gauges over the windows of streams.view.windows: a correction can
lower them, so they are never counters and never read with increase().
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
"""What turns a component's unit into the unit exported; the others are exported as they are."""


@dataclass(frozen=True)
class Ratio:
    """A net share between 0 and 1 by some dimensions and `period`; absent while there is nothing
    to divide by."""

    name: str
    ratio: formulas.Ratio
    help: str


@dataclass(frozen=True)
class QuantileMetric:
    """Quantiles of a histogram in seconds by its dimensions and `window`, and under `samples_name` the
    number of observations behind them. The histogram counts in `bounds_per_second`ths of a second."""

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
        "Custody clock: from issue at the shop to the start of verification, the traveller's choice",
    ),
    QuantileMetric(
        "tidemark_refund_preaudit_time_seconds",
        "tidemark_refund_preaudit_time_samples",
        REFUND_PREAUDIT_TIME,
        "How long a pre-audit took",
    ),
    QuantileMetric(
        "tidemark_refund_verification_time_seconds",
        "tidemark_refund_verification_time_samples",
        REFUND_VERIFICATION_TIME,
        "Verification clock: from its start at the port to its result",
    ),
    QuantileMetric(
        "tidemark_refund_queue_time_seconds",
        "tidemark_refund_queue_time_samples",
        REFUND_QUEUE_TIME,
        "How long travellers queued at the port before verification",
    ),
    QuantileMetric(
        "tidemark_refund_payout_time_seconds",
        "tidemark_refund_payout_time_samples",
        REFUND_PAYOUT_TIME,
        "Payout clock: from the pass at the port to the money credited",
    ),
    QuantileMetric(
        "tidemark_payment_authorisation_time_seconds",
        "tidemark_payment_authorisation_time_samples",
        PAYMENT_AUTHORISATION_TIME,
        "How long authorising a payment took",
        bounds_per_second=1_000,
    ),
)
