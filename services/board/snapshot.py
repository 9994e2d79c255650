"""The content of a screen at one moment, as exact integers."""

from datetime import date

import msgspec

from tidemark.streams.contracts.civil import Grain, format_period
from tidemark.streams.contracts.identity import Content, LogIdentity
from tidemark.streams.families.definitions import stale_after_ms
from tidemark.streams.indicators.targets.goal import Goal
from tidemark.streams.view.entities import by_status, registrations
from tidemark.streams.view.feeds import dead_letters, feeds
from tidemark.streams.view.follower import Follower
from tidemark.streams.view.totals import TOTALS, Unit
from tidemark.streams.view.windows import totals_windows


class TotalShown(msgspec.Struct, frozen=True):
    """A total over each window; None where its measure has no cells of that grain."""

    unit: Unit
    feed: str
    today: int | None
    month: int | None
    year: int | None
    plan: int | None


class FeedShown(msgspec.Struct, frozen=True):
    """The time of a feed's newest event (None before the first), and the age above which it is stale."""

    newest_ms: int | None
    stale_after_ms: int


class Progress(msgspec.Struct, frozen=True):
    """A stock between its baseline and its target."""

    feed: str
    active: int
    baseline: int
    target: int


class Completeness(msgspec.Struct, frozen=True):
    """Records in the log that the totals do not contain yet, and dead letters."""

    lag: int
    dead_letters: int


class Snapshot(msgspec.Struct, frozen=True):
    """Money in fen or US cents, times in milliseconds since 1970."""

    district: str
    zone: str
    content: Content
    day: str
    totals: dict[str, TotalShown]
    refund_shops: Progress
    feeds: dict[str, FeedShown]
    completeness: Completeness


def take_snapshot(follower: Follower, identity: LogIdentity, shops: Goal, now_ms: int) -> Snapshot:
    """The totals of a followed view, as of now; `shops` is the target of active refund shops."""
    view = follower.view
    day = format_period(Grain.DAY, view.civil.periods(now_ms)[Grain.DAY])
    windows = totals_windows(view.civil, now_ms)
    active = by_status(registrations(view.latest_values), date.fromisoformat(day))["refund_shop", "active"]
    heads = view.heads.values()
    return Snapshot(
        district=identity.district,
        zone=identity.zone,
        content=identity.content,
        day=day,
        totals={
            total.name: TotalShown(
                total.unit, total.measure.family, *(total.over(view, window) for window in windows)
            )
            for total in TOTALS
        },
        refund_shops=Progress("registry", active, int(shops.baseline or 0), int(shops.target)),
        feeds={
            family: FeedShown(feed.newest_ms or None, stale_after_ms(family))
            for family, feed in feeds(heads).items()
        },
        completeness=Completeness(sum(follower.lags()), dead_letters(heads).total()),
    )
