"""Builds panels with Grafana's types, coloured by the limits of the alerts."""

from collections.abc import Callable, Iterator
from typing import Any

from grafana_foundation_sdk.builders import bargauge, common, stat, table, timeseries
from grafana_foundation_sdk.builders import dashboard as build
from grafana_foundation_sdk.builders.dashboard import DashboardLink, FieldColor
from grafana_foundation_sdk.builders.prometheus import Dataquery
from grafana_foundation_sdk.models.common import (
    BarGaugeDisplayMode,
    BigValueGraphMode,
    GraphThresholdsStyleMode,
    LegendDisplayMode,
    VizOrientation,
)
from grafana_foundation_sdk.models.dashboard import (
    DashboardLinkType,
    DataTransformerConfig,
    DynamicConfigValue,
    FieldColorModeId,
    Threshold,
    ThresholdsConfig,
    ThresholdsMode,
)
from grafana_foundation_sdk.models.prometheus import PromQueryFormat

from tidemark.deploy.prometheus.alerts import CONDITIONS
from tidemark.deploy.prometheus.alerts.condition import Condition, Severity
from tidemark.deploy.prometheus.rendering.annotations import Links

from .naming import build_value_map, list_names
from .page import Panel, Query, Shape, join_languages
from .variables import DATASOURCE

GOOD = "green"
COLOURS = {Severity.INFO: "blue", Severity.WARNING: "orange", Severity.CRITICAL: "red"}
ABOVE_ZERO = 1e-6
"""Grafana's thresholds include their value; where anything above zero is bad, zero itself must stay good."""

PLAIN = ThresholdsConfig(ThresholdsMode.ABSOLUTE, [Threshold(None, "text")])


def find_condition(alert: str) -> Condition:
    """The first condition with the alert's name. Raises StopIteration without one."""
    return next(listed for listed in CONDITIONS if listed.name == alert)


def build_thresholds(alert: str) -> ThresholdsConfig:
    """Colours by the alert's limits, in the condition's unit; plain text without an alert."""
    if not alert:
        return PLAIN
    condition = find_condition(alert)
    ordered = sorted(condition.limits.items(), key=lambda pair: pair[1])
    steps = (
        _build_falling_thresholds(ordered)
        if condition.comparison == "<"
        else _build_rising_thresholds(ordered)
    )
    return ThresholdsConfig(ThresholdsMode.ABSOLUTE, steps)


def _build_rising_thresholds(limits: list[tuple[Severity, float]]) -> list[Threshold]:
    steps = [Threshold(limit or ABOVE_ZERO, COLOURS[severity]) for severity, limit in limits]
    return [Threshold(None, GOOD), *steps]


def _build_falling_thresholds(limits: list[tuple[Severity, float]]) -> list[Threshold]:
    """Bad below the least limit, good from the greatest limit on."""
    colours = [COLOURS[severity] for severity, _ in limits]
    starts = [None, *(limit for _, limit in limits)]
    return [Threshold(start, colour) for start, colour in zip(starts, [*colours, GOOD], strict=True)]


GrafanaPanel = stat.Panel | timeseries.Panel | bargauge.Panel | table.Panel


def build_panel(panel: Panel, links: Links) -> GrafanaPanel:
    """The panel with its queries, names, colours and links."""
    builder = _BUILDERS[panel.shape](panel)
    builder.title(join_languages(panel.title)).description(f"{panel.about.zh}\n\n{panel.about.en}")
    builder.datasource(DATASOURCE).unit(panel.unit.name).span(panel.width).height(panel.height)
    builder.no_value("无数据 · No data")
    limits = build_thresholds(panel.alert)
    builder.thresholds(build.ThresholdsConfig().mode(limits.mode).steps(limits.steps))
    for number, query in enumerate(panel.queries):
        builder.with_target(_build_target(panel, query, chr(ord("A") + number)))
    for name, properties in _build_overrides(panel):
        builder.override_by_name(name, properties)
    if panel.unit.decimals is not None:
        builder.decimals(panel.unit.decimals)
    if panel.days is not None:
        builder.time_from(f"{panel.days}d").interval("1d")
    if panel.alert:
        builder.links([_link_runbook(panel.alert, links)])
    return builder


def _build_stat(panel: Panel) -> stat.Panel:
    graph = BigValueGraphMode.AREA if panel.days else BigValueGraphMode.NONE
    return (
        stat.Panel().graph_mode(graph).color_scheme(_color_by_thresholds()).reduce_options(_reduce_to_last())
    )


def _build_lines(panel: Panel) -> timeseries.Panel:
    builder = timeseries.Panel().line_width(2).fill_opacity(8).axis_soft_min(0)
    builder.legend(common.VizLegendOptions().display_mode(LegendDisplayMode.LIST).show_legend(True))
    if panel.days is not None:
        builder.span_nulls(True)
    if panel.alert:
        style = common.GraphThresholdsStyleConfig().mode(GraphThresholdsStyleMode.DASHED)
        builder.thresholds_style(style)
    return builder


def _build_bars(_panel: Panel) -> bargauge.Panel:
    builder = bargauge.Panel().orientation(VizOrientation.HORIZONTAL).display_mode(BarGaugeDisplayMode.BASIC)
    return builder.min(0).color_scheme(_color_by_thresholds()).reduce_options(_reduce_to_last())


def _build_table(_panel: Panel) -> table.Panel:
    builder = table.Panel().filterable(True)
    builder.with_transformation(DataTransformerConfig("merge", options={}))
    hidden = {"excludeByName": {"Time": True}}
    return builder.with_transformation(DataTransformerConfig("organize", options=hidden))


_BUILDERS: dict[Shape, Callable[[Panel], GrafanaPanel]] = {
    Shape.STAT: _build_stat,
    Shape.LINES: _build_lines,
    Shape.BARS: _build_bars,
    Shape.TABLE: _build_table,
}


def _color_by_thresholds() -> FieldColor:
    return FieldColor().mode(FieldColorModeId.THRESHOLDS)


def _reduce_to_last() -> common.ReduceDataOptions:
    return common.ReduceDataOptions().calcs(["lastNotNull"])


def _build_target(panel: Panel, query: Query, ref: str) -> Dataquery:
    target = Dataquery().datasource(DATASOURCE).expr(query.expr).ref_id(ref)
    if panel.shape is Shape.TABLE:
        return target.format(PromQueryFormat.TABLE).instant()
    target.legend_format(query.legend or "__auto")
    return target.range() if panel.shape is Shape.LINES or panel.days else target.instant()


def _build_overrides(panel: Panel) -> Iterator[tuple[str, list[DynamicConfigValue]]]:
    if panel.shape is Shape.TABLE:
        yield from _build_column_overrides(panel)
        return
    for group in panel.names:
        for id_, name in list_names(group).items():
            yield id_, [DynamicConfigValue("displayName", name)]


def _build_column_overrides(panel: Panel) -> Iterator[tuple[str, list[DynamicConfigValue]]]:
    """A value column for each query; ids in label columns are shown as names."""
    for number, query in enumerate(panel.queries):
        # The column of a single query has no letter.
        name = f"Value #{chr(ord('A') + number)}" if len(panel.queries) > 1 else "Value"
        yield name, [DynamicConfigValue(key, value) for key, value in _build_column(query)]
    for label in ("place", "port", "family"):
        if panel.names:
            yield label, [DynamicConfigValue("mappings", [build_value_map(panel.names)])]


def _build_column(query: Query) -> Iterator[tuple[str, Any]]:
    yield "displayName", query.legend
    if query.unit:
        yield "unit", query.unit.name
    if query.alert:
        yield "thresholds", build_thresholds(query.alert)
        yield "custom.cellOptions", {"type": "color-background", "mode": "basic"}


def _link_runbook(alert: str, links: Links) -> DashboardLink:
    link = DashboardLink(f"处置手册 · Runbook: {alert}").type(DashboardLinkType.LINK)
    return link.url(f"{links.board}/runbooks/{alert}").target_blank(True)
