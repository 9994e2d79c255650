"""The rules of Grafana's dashboard-linter, as functions that yield violations."""

import re
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from tests.support.panel_queries import panels, queries

Json = dict[str, Any]
Complaints = Iterator[str]

UNITS = {
    "none", "short", "locale", "percentunit", "bytes", "s", "d", "cps", "currencyUSD",
}  # fmt: skip
"""Grafana's own units that the dashboards use."""

SELECTOR = re.compile(r"\b(tidemark[_:]\w+|up)\b(\{[^}]*\})?")
COUNTER = re.compile(r"(\w*\(?)\b(tidemark_\w+_(?:total|bucket|count|sum))\b")
RATES = ("rate(", "irate(", "increase(")
RANGE = re.compile(r"\b(i?rate)\([^()\[\]]*\[([^\]]+)\]")


def raw_targets(dashboard: Json) -> Iterator[tuple[str, str]]:
    """The queries with their variables unresolved, by panel."""
    for panel in panels(dashboard):
        for target in panel["targets"]:
            yield panel["title"], target["expr"]


def find_variable(dashboard: Json, name: str) -> Json | None:
    return next((variable for variable in dashboard["templating"]["list"] if variable["name"] == name), None)


def template_datasource(dashboard: Json) -> Complaints:
    variable = find_variable(dashboard, "datasource")
    if variable is None or (variable["type"], variable["query"]) != ("datasource", "prometheus"):
        yield "has no templated data source"
    elif variable["label"] != "Data source":
        yield f"data source is labelled {variable['label']}"


def panel_datasource(dashboard: Json) -> Complaints:
    for panel in panels(dashboard):
        for where in (panel, *panel["targets"]):
            if where.get("datasource", {}).get("uid") != "${datasource}":
                yield f"{panel['title']}: not the templated data source"


def template_label(name: str) -> Callable[[Json], Complaints]:
    def rule(dashboard: Json) -> Complaints:
        variable = find_variable(dashboard, name)
        if variable is None:
            yield f"has no variable {name}"
        elif (variable["type"], variable["label"], variable.get("multi"), variable.get("allValue")) != (
            "query", name.title(), True, ".+",
        ):  # fmt: skip
            yield f"variable {name} does not follow the convention"
        elif variable["datasource"]["uid"] != "${datasource}":
            yield f"variable {name} uses another data source"

    return rule


def target_label(name: str) -> Callable[[Json], Complaints]:
    def rule(dashboard: Json) -> Complaints:
        for title, expr in raw_targets(dashboard):
            for metric, matchers in SELECTOR.findall(expr):
                if f'{name}=~"${name}"' not in matchers:
                    yield f"{title}: {metric} has no matcher for {name}"

    return rule


def title_and_description(dashboard: Json) -> Complaints:
    for panel in panels(dashboard):
        if not panel.get("title") or not panel.get("description"):
            yield f"panel {panel['id']}: no title or no description"


def units(dashboard: Json) -> Complaints:
    for panel in panels(dashboard):
        unit = panel["fieldConfig"]["defaults"].get("unit")
        if unit not in UNITS:
            yield f"{panel['title']}: {unit}"


def rate_interval(dashboard: Json) -> Complaints:
    for title, expr in raw_targets(dashboard):
        for _, span in RANGE.findall(expr):
            if span != "$__rate_interval":
                yield f"{title}: a rate over {span}"


def counters(dashboard: Json) -> Complaints:
    for title, query in queries(dashboard):
        for before, counter in COUNTER.findall(query):
            if before not in RATES:
                yield f"{title}: {counter} without rate or increase"


def net_gauges(dashboard: Json) -> Complaints:
    """Business values are net gauges: rate and increase apply to counters only."""
    for title, query in queries(dashboard):
        for metric in re.findall(r"(?:rate|increase|delta)\((\w+)", query):
            if not re.search(r"_(total|bucket)$", metric):
                yield f"{title}: {metric} is not a counter"


def uneditable(dashboard: Json) -> Complaints:
    if dashboard["editable"]:
        yield "can be edited"


RULES: dict[str, Callable[[Json], Complaints]] = {
    "template-datasource-rule": template_datasource,
    "template-job-rule": template_label("job"),
    "template-instance-rule": template_label("instance"),
    "panel-datasource-rule": panel_datasource,
    "panel-title-description-rule": title_and_description,
    "panel-units-rule": units,
    "target-rate-interval-rule": rate_interval,
    "target-counter-agg-rule": counters,
    "target-job-rule": target_label("job"),
    "target-instance-rule": target_label("instance"),
    "uneditable-dashboard": uneditable,
    "net-gauges": net_gauges,
}


def read_exclusions(path: Path) -> list[Json]:
    entries: list[Json] = tomllib.loads(path.read_text("utf-8"))["exclusion"]
    return entries


def is_excused(dashboard: Json, rule: str, complaint: str, excluded: list[Json]) -> bool:
    """Whether an exclusion covers the complaint; an exclusion that lists units covers only those."""
    return any(
        rule in exclusion["rules"]
        and dashboard["uid"] in exclusion["dashboards"]
        and ("units" not in exclusion or any(complaint.endswith(f": {unit}") for unit in exclusion["units"]))
        for exclusion in excluded
    )
