"""The pipeline's own state as metric families: freshness, counters, lag, dead letters, dedup."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from prometheus_client import CollectorRegistry, Metric
from prometheus_client.registry import Collector
from prometheus_client.samples import Sample

from tidemark.streams.contracts.published import Feed, Head
from tidemark.streams.families.definitions import STALE_AFTER_MS
from tidemark.streams.view.feeds import dead_letters, feeds
from tidemark.streams.view.follower import Follower

from . import pipeline_metrics as m

_COUNTERS: tuple[tuple[m.PlainMetric, Callable[[Feed], int]], ...] = (
    (m.ACCEPTED, lambda feed: feed.accepted),
    (m.DUPLICATE, lambda feed: feed.duplicate),
    (m.LATE, lambda feed: feed.late),
    (m.EXPIRED, lambda feed: feed.expired),
    (m.FUTURE, lambda feed: feed.future),
)


class _Families(Collector):
    def __init__(self, metrics: Iterable[Metric]) -> None:
        self._metrics = metrics

    def collect(self) -> Iterable[Metric]:
        return self._metrics


def build_registry(metrics: Iterable[Metric]) -> CollectorRegistry:
    """A registry that holds these metrics only."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Families(metrics))
    return registry


def build_metric(row: m.PlainMetric, values: Mapping[tuple[str, ...], float]) -> Metric:
    """A metric of the tables, with its values by label values."""
    metric = Metric(row.name.removesuffix("_total"), row.help, row.kind)
    metric.samples = [
        Sample(row.name, dict(zip(row.labels, key, strict=True)), value)
        for key, value in sorted(values.items())
    ]
    return metric


def collect_pipeline(follower: Follower, now_ms: int) -> Iterator[Metric]:
    """The metrics of how fresh and how complete the totals are."""
    heads = follower.view.heads
    yield from _collect_feeds(heads.values(), now_ms)
    yield build_metric(m.DEAD, {(reason,): count for reason, count in dead_letters(heads.values()).items()})
    yield from _collect_partitions(heads)
    yield build_metric(m.LOG_END, _key_by_partition(enumerate(follower.ends)))
    yield build_metric(m.LAG, _key_by_partition(enumerate(follower.lags())))
    if follower.refreshed_ms is not None:
        yield build_metric(m.REFRESH_AGE, {(): (now_ms - follower.refreshed_ms) / 1000})


def _collect_feeds(heads: Iterable[Head], now_ms: int) -> Iterator[Metric]:
    merged = feeds(heads)
    newest = {(family,): feed.newest_ms for family, feed in merged.items() if feed.newest_ms}
    yield build_metric(m.NEWEST_EVENT, {key: at / 1000 for key, at in newest.items()})
    yield build_metric(m.NEWEST_EVENT_AGE, {key: (now_ms - at) / 1000 for key, at in newest.items()})
    yield build_metric(m.AGE_LIMIT, {(family,): limit / 1000 for family, limit in STALE_AFTER_MS.items()})
    for row, value in _COUNTERS:
        yield build_metric(row, {(family,): value(feed) for family, feed in merged.items()})


def _collect_partitions(heads: Mapping[int, Head]) -> Iterator[Metric]:
    started = {partition: head for partition, head in heads.items() if head.watermark_ms}
    yield build_metric(
        m.WATERMARK, _key_by_partition((p, head.watermark_ms / 1000) for p, head in started.items())
    )
    yield build_metric(m.POSITION, _key_by_partition((p, head.position) for p, head in heads.items()))
    oldest = [(p, head.arrival_ms, head.segments[-1]) for p, head in heads.items() if head.segments]
    yield build_metric(
        m.DEDUP_REACH, _key_by_partition((p, (now - first) / 1000) for p, now, (_, first) in oldest)
    )
    yield build_metric(m.DEDUP_FORGOTTEN, _key_by_partition((p, number) for p, _, (number, _) in oldest))


def _key_by_partition(values: Iterable[tuple[int, float]]) -> dict[tuple[str, ...], float]:
    return {(str(partition),): value for partition, value in values}
