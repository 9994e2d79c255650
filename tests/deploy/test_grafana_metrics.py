"""Every metric that a panel asks for is one that a service shows or a rule records."""

import re

import pytest

from tests.deploy.grafana_dashboards import DASHBOARDS
from tests.support.metric_names import exporter_names, service_names
from tests.support.panel_queries import queries
from tidemark.deploy.prometheus.rules import money_rules

NAME = re.compile(r"\btidemark[_:]\w+")


def known() -> set[str]:
    return exporter_names() | service_names() | {rule["record"] for rule in money_rules()}


@pytest.mark.parametrize("uid", DASHBOARDS)
def test_a_panel_asks_for_metrics_that_exist(uid: str) -> None:
    asked = {name for _, expr in queries(DASHBOARDS[uid]) for name in NAME.findall(expr)}
    assert asked
    assert asked - known() == set()


def test_a_metric_that_does_not_exist_would_be_found() -> None:
    assert NAME.findall("sum(tidemark_footfall_entered_person)")[0] not in known()
