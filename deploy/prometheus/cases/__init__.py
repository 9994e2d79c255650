"""What every alert must and must not do, written by hand; promtool plays it against the rules."""

from . import feeds, pace, refund, tidemark, visitors
from .case import Case

CASES: tuple[Case, ...] = (*pace.CASES, *refund.CASES, *visitors.CASES, *feeds.CASES, *tidemark.CASES)
