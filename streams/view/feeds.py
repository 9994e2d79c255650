"""How fresh and how complete the numbers are, over all partitions."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from tidemark.streams.contracts.family import Stream
from tidemark.streams.contracts.published import Feed, Head
from tidemark.streams.families.table import FAMILIES

FACT_FAMILIES = tuple(family.name for family in FAMILIES if family.stream is Stream.FACTS)


def age_ms(feed: Feed | None, now_ms: int) -> int | None:
    """The age of the feed's newest event, 0 if it is ahead of the clock; None before the first event."""
    return max(0, now_ms - feed.newest_ms) if feed is not None and feed.newest_ms else None


def feeds(heads: Iterable[Head]) -> dict[str, Feed]:
    """For every family of facts: the newest event time, and the counters summed."""
    merged = {family: Feed() for family in FACT_FAMILIES}
    for head in heads:
        for family, feed in head.feeds.items():
            total = merged.setdefault(family, Feed())
            total.newest_ms = max(total.newest_ms, feed.newest_ms)
            total.accepted += feed.accepted
            total.duplicate += feed.duplicate
            total.late += feed.late
            total.expired += feed.expired
            total.future += feed.future
    return merged


def dead_letters(heads: Iterable[Head]) -> Counter[str]:
    """The number of dead letters by reason."""
    counts: Counter[str] = Counter()
    for head in heads:
        counts.update(head.dead)
    return counts


def positions(heads: Mapping[int, Head], partitions: int) -> list[int]:
    """For each partition, the offset before which all records are in the totals."""
    return [heads[partition].position if partition in heads else 0 for partition in range(partitions)]


def lags(heads: Mapping[int, Head], ends: Sequence[int]) -> list[int]:
    """For each partition, how many offsets of the log the ledger has not read yet."""
    return [max(0, end - position) for end, position in zip(ends, positions(heads, len(ends)), strict=True)]
