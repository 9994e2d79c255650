"""The names of all metrics that Tidemark serves, from the tables and registries that serve them."""

from prometheus_client import CollectorRegistry

from tidemark.services.exporter import formula_metrics, indicator_metrics, pipeline_metrics
from tidemark.services.exporter.formula_metrics import SampledRatio
from tidemark.services.exporter.metrics import QUANTILE_METRICS, RATIOS
from tidemark.services.exporter.pipeline_metrics import PlainMetric
from tidemark.services.gateway.load import Load
from tidemark.services.gateway.metrics import Metrics
from tidemark.services.ledger.metrics import LedgerMetrics
from tidemark.services.notifier.metrics import Metrics as NotifierMetrics
from tidemark.streams.families.definitions import SUMS

TABLES = (pipeline_metrics, indicator_metrics, formula_metrics)
PLAIN = tuple(
    row
    for table in TABLES
    for value in vars(table).values()
    for row in (value if isinstance(value, SampledRatio) else (value,))
    if isinstance(row, PlainMetric)
)
"""Every metric that the exporter fills by hand, from its tables."""


def exporter_names() -> set[str]:
    """The metrics that the exporter serves."""
    rows = (*SUMS, *RATIOS, *QUANTILE_METRICS, *PLAIN)
    return {row.name for row in rows} | {row.samples_name for row in QUANTILE_METRICS}


def service_names() -> set[str]:
    """The metrics that gateway, ledger and notifier serve about themselves."""
    registries = (Metrics(Load(1, 1)).registry, LedgerMetrics().registry, NotifierMetrics([]).registry)
    return {name for registry in registries for name in _names(registry)}


def _names(registry: CollectorRegistry) -> set[str]:
    """The series names: of a counter its total, of a histogram its parts."""
    suffixes = {
        "counter": ("_total",),
        "gauge": ("",),
        "summary": ("", "_sum", "_count"),
        "histogram": ("_bucket", "_sum", "_count"),
    }
    return {f"{metric.name}{suffix}" for metric in registry.collect() for suffix in suffixes[metric.type]}
