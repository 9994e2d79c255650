"""The alerts: a table of conditions by subject, each alert once. Nothing in here renders."""

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
