"""Metric families as the client library's writers want them."""

from collections.abc import Iterable

from prometheus_client import CollectorRegistry, Metric
from prometheus_client.registry import Collector


class _Families(Collector):
    def __init__(self, metrics: Iterable[Metric]) -> None:
        self._metrics = metrics

    def collect(self) -> Iterable[Metric]:
        return self._metrics


def registry_of(metrics: Iterable[Metric]) -> CollectorRegistry:
    """A registry of these alone."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Families(metrics))
    return registry
