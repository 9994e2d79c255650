"""PromQL expressions against independent results, and the conditions against the existing metrics."""

import re
from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.metric_names import PLAIN
from tidemark.deploy.prometheus.alerts import CONDITIONS
from tidemark.deploy.prometheus.alerts.promql import build_wilson_lower
from tidemark.deploy.prometheus.rendering.rules import (
    SHORTEST_S,
    build_expression,
    build_money_rules,
    scale_expression,
)
from tidemark.services.exporter.metrics import QUANTILE_METRICS, RATIOS
from tidemark.services.exporter.recordings import RECORDINGS, Recording
from tidemark.services.ledger import metrics as ledger_metrics
from tidemark.services.notifier.metrics import Metrics
from tidemark.streams.families.definitions import SUMS
from tidemark.streams.indicators.values.value import Z_95

DASHBOARDS = {
    *("plan-overview", "tax-refund", "inbound-payment", "retail", "footfall", "ticket-economy"),
    *("launch-economy", "trade", "circular-economy", "data-quality", "tidemark-itself"),
}


def compute(promql: str, **numbers: float) -> float:
    """Evaluate the expression as Python, whose arithmetic PromQL shares."""
    value = eval(promql, {"sqrt": sqrt}, numbers)  # noqa: S307 - our own text
    assert isinstance(value, float)
    return value


@given(st.integers(1, 100_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_share_is_z_standard_errors_above_wilsons_lower_bound(share: tuple[int, int]) -> None:
    """The interval's ends solve (p − w)² = z²·w(1 − w)/n; the lower one is not above p."""
    k, n = share
    p, low = k / n, compute(build_wilson_lower("p", "n"), p=k / n, n=n)
    assert low <= p + 1e-12
    assert (p - low) ** 2 == pytest.approx(Z_95**2 * low * (1 - low) / n, abs=1e-9)


@given(st.integers(1, 1000), st.sampled_from("smhd"), st.floats(1e-6, 1))
def test_scaled_ranges_and_offsets_keep_their_proportion_down_to_the_shortest(
    number: int, unit: str, scale: float
) -> None:
    seconds = number * {"s": 1, "m": 60, "h": 3_600, "d": 86_400}[unit]
    promql = scale_expression(f"increase(x[{number}{unit}] offset {number}{unit})", scale)
    durations = [in_seconds(text) for text in re.findall(r"\d+(?:ms|[smhd])", promql)]
    if scale < 1:
        assert durations == pytest.approx([max(SHORTEST_S, seconds * scale)] * 2, abs=1e-3)


def in_seconds(text: str) -> float:
    number, unit = re.fullmatch(r"(\d+)(ms|[smhd])", text).groups()
    return int(number) * {"ms": 0.001, "s": 1, "m": 60, "h": 3_600, "d": 86_400}[unit]


def list_exported() -> set[str]:
    quantiles = {name for row in QUANTILE_METRICS for name in (row.name, row.samples_name)}
    rows = (*SUMS, *RATIOS, *PLAIN)
    notifier = {
        f"{metric.name}{'_total' if metric.type == 'counter' else ''}"
        for metric in Metrics(()).registry.collect()
    }
    return {row.name for row in rows} | quantiles | notifier | {ledger_metrics.RESTORING}


@pytest.mark.parametrize(
    "condition", CONDITIONS, ids=lambda condition: f"{condition.name} {condition.labels}"
)
def test_a_condition_reads_existing_metrics(condition) -> None:
    read = set(re.findall(r"tidemark_\w+", build_expression(condition, condition.severities[0])))
    assert read <= list_exported()
    assert condition.dashboard in DASHBOARDS


@pytest.mark.parametrize("row", RECORDINGS, ids=lambda row: row.name)
def test_an_amount_is_recorded_in_the_unit_of_its_name(row: Recording) -> None:
    rules = {rule["record"]: rule["expr"] for rule in build_money_rules()}
    base = row.source.removeprefix("tidemark_").removesuffix("_yuan")
    divisors = {f"tidemark:{base}_wan_yuan": 10_000, f"tidemark:{base}_yi_yuan": 100_000_000}
    assert rules[row.name] == f"{row.source} / {divisors[row.name]}"
    assert row.source in {of.name for of in SUMS if of.name.endswith("_yuan")}
