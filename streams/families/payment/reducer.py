"""Payments of visitors from abroad, and how long their authorisation took."""

from tidemark.streams.contracts.civil import Periods
from tidemark.streams.contracts.contribution import Contribution
from tidemark.streams.contracts.reducer import AdditiveReducer, start_of_window
from tidemark.streams.families.payment import PAYMENT_AUTHORISATION_TIME, PAYMENT_INBOUND, InboundSettled


def _contributions(settled: InboundSettled, place: str, when: Periods) -> tuple[Contribution, ...]:
    vector = (
        settled.attempts,
        settled.approved,
        settled.failed_technical,
        settled.failed_issuer,
        settled.amount_fen,
        1,
    )
    inbound = (PAYMENT_INBOUND, when, (place, settled.scheme, settled.merchant_group), vector)
    if not settled.auth_ms_histogram:
        return (inbound,)
    clock = (PAYMENT_AUTHORISATION_TIME, when, (place, settled.scheme), settled.auth_ms_histogram)
    return inbound, clock


REDUCER = AdditiveReducer(_contributions, start_of_window)
