"""Panels query only metrics that exist, and every recorded metric is queried by a panel."""

import re

import pytest

from tests.deploy.grafana_dashboards import DASHBOARDS
from tests.support.metric_names import exporter_names, service_names
from tests.support.panel_queries import queries
from tidemark.deploy.prometheus.rendering.rules import build_money_rules

NAME = re.compile(r"\btidemark[_:]\w+")


def list_queried(uid: str) -> set[str]:
    return {name for _, expr in queries(DASHBOARDS[uid]) for name in NAME.findall(expr)}


def list_metric_names() -> set[str]:
    return exporter_names() | service_names() | {rule["record"] for rule in build_money_rules()}


@pytest.mark.parametrize("uid", DASHBOARDS)
def test_a_panel_asks_for_metrics_that_exist(uid: str) -> None:
    assert list_queried(uid)
    assert list_queried(uid) - list_metric_names() == set()


def test_a_metric_that_does_not_exist_would_be_found() -> None:
    assert NAME.findall("sum(tidemark_footfall_entered_person)")[0] not in list_metric_names()


def list_unread(recorded: set[str]) -> set[str]:
    return recorded - set().union(*(list_queried(uid) for uid in DASHBOARDS))


def test_every_recorded_amount_is_read_by_a_panel() -> None:
    assert list_unread({rule["record"] for rule in build_money_rules()}) == set()


def test_a_recorded_amount_that_no_panel_reads_would_be_reported() -> None:
    assert list_unread({"tidemark:retail_gross_wan_yuan"}) == {"tidemark:retail_gross_wan_yuan"}
