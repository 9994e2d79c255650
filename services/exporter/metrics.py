"""Every exported total, once: name, unit, where it comes from and what it means.

Business values are net gauges over the windows of streams.view.windows: a correction can
lower them, so they are never counters and never read with increase().
"""

from dataclasses import dataclass

from tidemark.streams.contracts.measures import (
    CIRCULAR_STAGE,
    CIRCULAR_TURNOVER,
    FOOTFALL_PLACE,
    PAYMENT_AUTHORISATION_TIME,
    PAYMENT_INBOUND,
    PORT_CROSSINGS,
    REFUND_COHORT,
    REFUND_CUSTODY_TIME,
    REFUND_ISSUED,
    REFUND_PAYOUT_TIME,
    REFUND_PAYOUTS,
    REFUND_PREAUDIT_TIME,
    REFUND_PREAUDITS,
    REFUND_QUEUE_TIME,
    REFUND_VERIFICATION_TIME,
    REFUND_VERIFICATIONS,
    RETAIL_SALES,
    SERVICE_TRADE_VALUE,
    TICKET_ADMITTED,
    TICKET_BENEFITS,
    TICKET_SCANS,
    TRADE_CHAPTER,
    TRADE_RELEASED,
    TRADE_STATUS,
    Measure,
)
from tidemark.streams.contracts.money import CENTS_PER_USD, FEN_PER_YUAN
from tidemark.streams.indicators.formulas import ratios as formulas
from tidemark.streams.indicators.formulas.payment import ACCEPTANCE
from tidemark.streams.indicators.formulas.ticket import STUB_CONVERSION, STUB_USE

DIVISORS = {"fen": FEN_PER_YUAN, "usd_cents": CENTS_PER_USD, "milliseconds": 1_000}
"""What turns a component's unit into the unit exported; the others are exported as they are."""


@dataclass(frozen=True)
class Sum:
    """One component of a measure, as a gauge by all its dimensions and `period`."""

    name: str
    measure: Measure
    component: str
    help: str


@dataclass(frozen=True)
class Ratio:
    """A net share between 0 and 1 by some dimensions and `period`; absent while there is nothing
    to divide by."""

    name: str
    ratio: formulas.Ratio
    help: str


@dataclass(frozen=True)
class Clock:
    """Quantiles of a histogram by its dimensions and `window`, and the sample size beside it."""

    name: str
    samples_name: str
    measure: Measure
    bounds_per_second: int
    help: str


def _sums(measure: Measure, *rows: tuple[str, str, str]) -> tuple[Sum, ...]:
    return tuple(Sum(name, measure, component, meaning) for name, component, meaning in rows)


SUMS: tuple[Sum, ...] = (
    *_sums(
        FOOTFALL_PLACE,
        ("tidemark_footfall_entered_persons", "entered", "Visitors who entered the place"),
        ("tidemark_footfall_exited_persons", "exited", "Visitors who left the place"),
    ),
    *_sums(
        PORT_CROSSINGS,
        ("tidemark_port_crossings_persons", "persons", "Persons who crossed the port"),
        (
            "tidemark_port_suppressed_windows",
            "suppressed",
            "Counting windows the port office withheld because the group was too small to show",
        ),
    ),
    *_sums(
        PAYMENT_INBOUND,
        ("tidemark_payment_inbound_attempts", "attempts", "Payments that visitors from abroad attempted"),
        (
            "tidemark_payment_inbound_approved",
            "approved",
            "Payments of visitors from abroad that were approved",
        ),
        (
            "tidemark_payment_inbound_failed_technical",
            "failed_technical",
            "Payments that failed for a technical reason, on this side",
        ),
        (
            "tidemark_payment_inbound_failed_issuer",
            "failed_issuer",
            "Payments that the card's or wallet's own bank declined",
        ),
        ("tidemark_payment_inbound_amount_yuan", "amount_fen", "Amount that visitors from abroad paid"),
    ),
    *_sums(
        RETAIL_SALES,
        ("tidemark_retail_orders", "orders", "Retail orders reported"),
        ("tidemark_retail_gross_yuan", "gross_fen", "Retail sales before returns"),
        ("tidemark_retail_returned_yuan", "returned_fen", "Retail sales that were returned"),
        ("tidemark_retail_online_yuan", "online_fen", "Part of the gross sales ordered online"),
    ),
    *_sums(
        TRADE_RELEASED,
        (
            "tidemark_trade_released_declarations",
            "declarations",
            "Customs declarations released, less those cancelled or returned after release",
        ),
        (
            "tidemark_trade_released_value_yuan",
            "value_fen",
            "Value of goods released by customs, less cancelled or returned; "
            "cross-border e-commerce is mode 9610, 9710, 9810 and 1210",
        ),
        ("tidemark_trade_released_parcels", "parcels", "Parcels released, less those returned"),
    ),
    *_sums(
        TRADE_CHAPTER,
        (
            "tidemark_trade_chapter_value_yuan",
            "value_fen",
            "Value of goods released by chapter of the Harmonized System",
        ),
    ),
    *_sums(
        TRADE_STATUS,
        (
            "tidemark_trade_status_declarations",
            "declarations",
            "Customs declarations that reached the status",
        ),
    ),
    *_sums(
        SERVICE_TRADE_VALUE,
        (
            "tidemark_service_trade_reports",
            "reports",
            "Reports of services traded abroad, in the month they are for",
        ),
        (
            "tidemark_service_trade_amount_usd",
            "amount_usd_cents",
            "Services traded abroad in US dollars, in the month they are for",
        ),
    ),
    *_sums(
        CIRCULAR_TURNOVER,
        (
            "tidemark_circular_turnover_lots",
            "lots",
            "Lots of second-hand devices sold, less those reversed after sale",
        ),
        (
            "tidemark_circular_turnover_devices",
            "quantity",
            "Second-hand devices sold, less those reversed after sale",
        ),
        (
            "tidemark_circular_turnover_yuan",
            "amount_fen",
            "Turnover of second-hand devices, less what was reversed after sale",
        ),
    ),
    *_sums(
        CIRCULAR_STAGE,
        ("tidemark_circular_stage_lots", "lots", "Second-hand lots that reached the stage"),
    ),
    *_sums(
        REFUND_ISSUED,
        ("tidemark_refund_issued_forms", "forms", "Departure tax refund forms issued by shops"),
        ("tidemark_refund_issued_invoice_yuan", "invoice_fen", "Invoice value of the refund forms issued"),
        ("tidemark_refund_issued_items", "items", "Items on the refund forms issued"),
    ),
    *_sums(
        REFUND_PREAUDITS,
        ("tidemark_refund_preaudits", "audits", "Refund forms audited before the port"),
    ),
    *_sums(
        REFUND_VERIFICATIONS,
        ("tidemark_refund_verifications", "verifications", "Refund forms that customs verified at the port"),
        (
            "tidemark_refund_verifications_manual",
            "manual_checks",
            "Verifications with a manual check of the goods",
        ),
        (
            "tidemark_refund_verifications_seal_broken",
            "seals_broken",
            "Verifications that found the bag's seal broken",
        ),
    ),
    *_sums(
        REFUND_PAYOUTS,
        ("tidemark_refund_payouts", "payouts", "Refund payments that reached the stage"),
        ("tidemark_refund_payout_yuan", "amount_fen", "Refund money that reached the stage"),
        ("tidemark_refund_payout_fee_yuan", "fee_fen", "Agency fees on refund payments"),
    ),
    *_sums(
        REFUND_COHORT,
        (
            "tidemark_refund_cohort_forms",
            "forms",
            "Forms issued in the period, to hold the other refund_cohort metrics against",
        ),
        (
            "tidemark_refund_cohort_preaudited_forms",
            "preaudited",
            "Of the forms issued in the period, those audited before the port by now",
        ),
        (
            "tidemark_refund_cohort_verified_forms",
            "verified",
            "Of the forms issued in the period, those customs verified by now",
        ),
        (
            "tidemark_refund_cohort_passed_forms",
            "passed",
            "Of the forms issued in the period, those that passed customs by now",
        ),
        (
            "tidemark_refund_cohort_credited_forms",
            "credited",
            "Of the forms issued in the period, those paid out or advanced by now",
        ),
        (
            "tidemark_refund_cohort_completed_forms",
            "completed_90d",
            "Of the forms issued in the period, those passed and paid within 90 days of issue",
        ),
    ),
    *_sums(
        TICKET_SCANS,
        ("tidemark_ticket_scans", "scans", "Tickets read at the gates, by result"),
    ),
    *_sums(
        TICKET_ADMITTED,
        ("tidemark_ticket_admitted", "tickets", "Distinct tickets admitted"),
        ("tidemark_ticket_admitted_face_value_yuan", "face_value_fen", "Face value of the tickets admitted"),
        (
            "tidemark_ticket_admitted_cross_city",
            "cross_city",
            "Tickets admitted whose holder came from another city",
        ),
        (
            "tidemark_ticket_stub_used",
            "used",
            "Tickets admitted in the period whose stub was redeemed by now",
        ),
        (
            "tidemark_ticket_stub_converted",
            "converted",
            "Tickets admitted in the period with a paid order linked to the stub",
        ),
        (
            "tidemark_ticket_stub_linked_yuan",
            "linked_fen",
            "Spending linked to the stubs of tickets admitted in the period",
        ),
    ),
    *_sums(
        TICKET_BENEFITS,
        ("tidemark_ticket_benefits", "benefits", "Stub benefits that reached the stage"),
        ("tidemark_ticket_benefit_order_yuan", "order_fen", "Orders linked to stub benefits"),
        ("tidemark_ticket_benefit_discount_yuan", "discount_fen", "Discounts given for stub benefits"),
    ),
)

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

CLOCKS: tuple[Clock, ...] = (
    Clock(
        "tidemark_refund_custody_time_seconds",
        "tidemark_refund_custody_time_samples",
        REFUND_CUSTODY_TIME,
        1,
        "Custody clock: from issue at the shop to the start of verification, the traveller's choice",
    ),
    Clock(
        "tidemark_refund_preaudit_time_seconds",
        "tidemark_refund_preaudit_time_samples",
        REFUND_PREAUDIT_TIME,
        1,
        "How long a pre-audit took",
    ),
    Clock(
        "tidemark_refund_verification_time_seconds",
        "tidemark_refund_verification_time_samples",
        REFUND_VERIFICATION_TIME,
        1,
        "Verification clock: from its start at the port to its result",
    ),
    Clock(
        "tidemark_refund_queue_time_seconds",
        "tidemark_refund_queue_time_samples",
        REFUND_QUEUE_TIME,
        1,
        "How long travellers queued at the port before verification",
    ),
    Clock(
        "tidemark_refund_payout_time_seconds",
        "tidemark_refund_payout_time_samples",
        REFUND_PAYOUT_TIME,
        1,
        "Payout clock: from the pass at the port to the money credited",
    ),
    Clock(
        "tidemark_payment_authorisation_time_seconds",
        "tidemark_payment_authorisation_time_samples",
        PAYMENT_AUTHORISATION_TIME,
        1_000,
        "How long authorising a payment took",
    ),
)
