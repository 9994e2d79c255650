"""The table of conditions: every alert, once."""

from . import feeds, footfall, pace, payment, port, refund, tidemark
from .condition import Condition

CONDITIONS: tuple[Condition, ...] = (
    *pace.CONDITIONS,
    *refund.CONDITIONS,
    *port.CONDITIONS,
    *payment.CONDITIONS,
    *footfall.CONDITIONS,
    *feeds.CONDITIONS,
    *tidemark.CONDITIONS,
)
