"""The table of alert conditions, by subject. Rendering them is in deploy/prometheus/rendering."""

from . import feeds, ledger, pace, refund, tidemark, visitors
from .condition import Condition

CONDITIONS: tuple[Condition, ...] = (
    *pace.CONDITIONS,
    *refund.CONDITIONS,
    *visitors.CONDITIONS,
    *feeds.CONDITIONS,
    *ledger.CONDITIONS,
    *tidemark.CONDITIONS,
)
