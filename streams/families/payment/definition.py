"""Payments of visitors from abroad, and how long their authorisation took."""

from tidemark.streams.contracts.definition import ONE, Addition, Additions, Definition, IsPresent, sums
from tidemark.streams.contracts.family import MINUTE, SUBJECT
from tidemark.streams.contracts.text import Text

from . import PAYMENT_AUTHORISATION_TIME, PAYMENT_INBOUND, InboundSettled

DEFINITION = Definition(
    name=Text("支付", "Payment"),
    label=Text("支付", "payment"),
    stale_after_ms=10 * MINUTE,
    stale_alert=True,
    adds=(
        Additions(
            InboundSettled,
            (
                Addition(
                    PAYMENT_INBOUND,
                    (SUBJECT, "scheme", "merchant_group"),
                    ("attempts", "approved", "failed_technical", "failed_issuer", "amount_fen", ONE),
                ),
                Addition(
                    PAYMENT_AUTHORISATION_TIME,
                    (SUBJECT, "scheme"),
                    "auth_ms_histogram",
                    adds_if=(IsPresent("auth_ms_histogram"),),
                ),
            ),
        ),
    ),
    exports=sums(
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
)
