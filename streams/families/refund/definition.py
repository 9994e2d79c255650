"""Refund forms: their reducer and exports."""

from tidemark.streams.contracts.definition import Definition, sums
from tidemark.streams.contracts.family import MINUTE
from tidemark.streams.contracts.text import Text

from . import REFUND_COHORT, REFUND_ISSUED, REFUND_PAYOUTS, REFUND_PREAUDITS, REFUND_VERIFICATIONS
from .reducer import REDUCER

DEFINITION = Definition(
    name=Text("离境退税", "Tax refund"),
    label=Text("退税", "refund"),
    stale_after_ms=15 * MINUTE,
    stale_alert=True,
    adds=REDUCER,
    exports=(
        *sums(
            REFUND_ISSUED,
            ("tidemark_refund_issued_forms", "forms", "Departure tax refund forms issued by shops"),
            (
                "tidemark_refund_issued_invoice_yuan",
                "invoice_fen",
                "Invoice value of the refund forms issued",
            ),
            ("tidemark_refund_issued_items", "items", "Items on the refund forms issued"),
        ),
        *sums(
            REFUND_PREAUDITS, ("tidemark_refund_preaudits", "audits", "Refund forms audited before the port")
        ),
        *sums(
            REFUND_VERIFICATIONS,
            (
                "tidemark_refund_verifications",
                "verifications",
                "Refund forms that customs verified at the port",
            ),
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
        *sums(
            REFUND_PAYOUTS,
            ("tidemark_refund_payouts", "payouts", "Refund payouts that reached the stage"),
            ("tidemark_refund_payout_yuan", "amount_fen", "Refund money that reached the stage"),
            ("tidemark_refund_payout_fee_yuan", "fee_fen", "Agency fees on refund payouts"),
        ),
        *sums(
            REFUND_COHORT,
            (
                "tidemark_refund_cohort_forms",
                "forms",
                "Forms issued in the period, the base of the other refund_cohort metrics",
            ),
            (
                "tidemark_refund_cohort_preaudited_forms",
                "preaudited",
                "Of the forms issued in the period, those pre-audited so far",
            ),
            (
                "tidemark_refund_cohort_verified_forms",
                "verified",
                "Of the forms issued in the period, those verified by customs so far",
            ),
            (
                "tidemark_refund_cohort_passed_forms",
                "passed",
                "Of the forms issued in the period, those that passed customs so far",
            ),
            (
                "tidemark_refund_cohort_credited_forms",
                "credited",
                "Of the forms issued in the period, those paid out or advanced so far",
            ),
            (
                "tidemark_refund_cohort_completed_forms",
                "completed_90d",
                "Of the forms issued in the period, those passed and paid within 90 days of issue",
            ),
        ),
    ),
)
