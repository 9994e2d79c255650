"""What every alert must and must not do, written by hand; promtool plays it against the rules."""

from . import feeds, footfall, pace, payment, port, refund, tidemark
from .case import Case

CASES: tuple[Case, ...] = (
    *pace.CASES,
    *refund.CASES,
    *port.CASES,
    *payment.CASES,
    *footfall.CASES,
    *feeds.CASES,
    *tidemark.CASES,
)
