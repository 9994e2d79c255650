"""Shares over the shortest recent window with enough observations, and what they usually are."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tidemark.streams.contracts.civil import Civil, Grain, instant
from tidemark.streams.contracts.family import Measure
from tidemark.streams.contracts.published import Vector
from tidemark.streams.families.payment import PAYMENT_INBOUND
from tidemark.streams.families.refund import REFUND_PAYOUTS
from tidemark.streams.indicators.reading import Reading
from tidemark.streams.indicators.spans import Span
from tidemark.streams.indicators.values import Origin, Share, share
from tidemark.streams.view.windows import Window, quick_windows, recent_windows, shortest

from .payment import MINIMUM_ATTEMPTS

Key = tuple[str, ...]
Sums = Mapping[Key, Vector]
Parts = Mapping[Key, tuple[int, int]]
"""By label values a numerator and its denominator."""


@dataclass(frozen=True)
class RecentShare:
    """A share of a measure's sums by the dimensions `by`, conclusive from `minimum` observations;
    what is usual is that of `usual_days` before today."""

    measure: Measure
    by: tuple[str, ...]
    parts: Callable[[Sums], Parts]
    minimum: int
    windows: Callable[[Civil, int], tuple[Window, ...]]
    usual_days: int


def _failed(sums: Sums) -> Parts:
    return {
        key: (stages["failed"], stages["failed"] + stages["credited"])
        for key, stages in _stages(sums).items()
    }


def _clawed_back(sums: Sums) -> Parts:
    return {key: (stages["clawed_back"], stages["advance_paid"]) for key, stages in _stages(sums).items()}


def _stages(sums: Sums) -> Mapping[Key, Counter[str]]:
    """Payouts by stage, the last dimension, of what the others say."""
    found: defaultdict[Key, Counter[str]] = defaultdict(Counter)
    for (*key, stage), (payouts, *_) in sums.items():
        found[tuple(key)][stage] += payouts
    return found


def _technical(sums: Sums) -> Parts:
    return {key: (technical, attempts - issuer) for key, (attempts, _, technical, issuer, *_) in sums.items()}


PAYOUT_FAILED = RecentShare(REFUND_PAYOUTS, ("rail", "stage"), _failed, 20, recent_windows, 90)
"""Failed ÷ (failed + credited) by rail (reference: alert conditions, RefundPayoutFailing)."""

CLAWBACK = RecentShare(REFUND_PAYOUTS, ("stage",), _clawed_back, 30, recent_windows, 90)
"""Clawed back ÷ advances paid (reference: alert conditions, ClawbackRising)."""

FAILED_TECHNICAL = RecentShare(
    PAYMENT_INBOUND, ("place", "scheme"), _technical, MINIMUM_ATTEMPTS, quick_windows, 28
)
"""Failed for technical reasons ÷ (attempts − failed_issuer) by place and scheme (reference: alert
conditions, AcceptanceFailing)."""


def recent(reading: Reading, one: RecentShare) -> dict[Key, tuple[Window, Share]]:
    """The share by label values, in percent; empty where nothing was observed."""
    windows = one.windows(reading.view.civil, reading.now_ms)
    found = ((window, _in_window(reading, one, window)) for window in windows)
    return shortest(found, lambda share: share.conclusive)


def usual(reading: Reading, one: RecentShare) -> dict[Key, Share]:
    """The same over the days before today."""
    today = reading.view.civil.periods(reading.now_ms)[Grain.DAY]
    days = Window(f"{one.usual_days}d before today", Grain.DAY, range(today - one.usual_days, today))
    return _in_window(reading, one, days)


def _in_window(reading: Reading, one: RecentShare, window: Window) -> dict[Key, Share]:
    sums = reading.view.sums((one.measure, window.grain), window.periods, one.by)
    origin = origin_in(reading, one.measure, window)
    return {
        key: share(part, whole, origin, one.minimum)
        for key, (part, whole) in one.parts(sums).items()
        if whole > 0
    }


def origin_in(reading: Reading, measure: Measure, window: Window) -> Origin:
    """Where a sum of the measure over a window comes from."""
    civil = reading.view.civil
    first, last = (civil.start_ms(window.grain, window.periods[at]) for at in (0, -1))
    span = Span("days", reading.day_of(instant(first)), reading.day_of(instant(last)))
    return Origin(span, f"{measure.name} cells of the last {window.name}", (measure.family,))
