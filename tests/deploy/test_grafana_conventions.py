"""Every dashboard against the conventions of Grafana's dashboard-linter."""

import copy
from pathlib import Path
from typing import Any

import pytest

from tests.deploy.grafana_dashboards import DASHBOARDS
from tests.deploy.grafana_rules import RULES, is_excused, read_exclusions
from tidemark.deploy.grafana import writing

EXCLUDED = read_exclusions(Path(writing.__file__).parent / "lint.toml")
ITSELF = DASHBOARDS["tidemark-itself"]


@pytest.mark.parametrize("uid", DASHBOARDS)
@pytest.mark.parametrize("rule", RULES)
def test_a_dashboard_keeps_the_convention(uid: str, rule: str) -> None:
    violations = [
        violation
        for violation in RULES[rule](DASHBOARDS[uid])
        if not is_excused(DASHBOARDS[uid], rule, violation, EXCLUDED)
    ]
    assert violations == []


@pytest.mark.parametrize("excluded", EXCLUDED, ids=lambda exclusion: exclusion["rules"][0])
def test_an_exclusion_has_a_reason_and_is_needed_everywhere(excluded: dict[str, Any]) -> None:
    assert excluded["reason"].strip()
    for uid in excluded["dashboards"]:
        for rule in excluded["rules"]:
            assert list(RULES[rule](DASHBOARDS[uid])), f"{uid} keeps {rule}; take it off the list"


def change_panel(**of_panel: Any) -> dict[str, Any]:
    dashboard = copy.deepcopy(ITSELF)
    panel = next(panel for panel in dashboard["panels"] if panel["type"] != "row")
    panel["targets"][0]["expr"] = of_panel.pop("expr", panel["targets"][0]["expr"])
    panel.update(of_panel)
    return dashboard


@pytest.mark.parametrize(
    ("rule", "dashboard"),
    [
        ("template-datasource-rule", {**ITSELF, "templating": {"list": []}}),
        ("template-job-rule", {**ITSELF, "templating": {"list": []}}),
        ("panel-datasource-rule", change_panel(datasource={"type": "prometheus", "uid": "prometheus"})),
        ("panel-title-description-rule", change_panel(description="")),
        ("panel-units-rule", change_panel(fieldConfig={"defaults": {"unit": "percent of all"}})),
        ("target-rate-interval-rule", change_panel(expr="sum(rate(tidemark_dead_letters_total{}[5m]))")),
        ("target-counter-agg-rule", change_panel(expr="sum(tidemark_dead_letters_total)")),
        ("target-job-rule", change_panel(expr="tidemark_free_disk_bytes{}")),
        ("uneditable-dashboard", {**ITSELF, "editable": True}),
        ("net-gauges", change_panel(expr="increase(tidemark_footfall_entered_persons[1h])")),
    ],
)
def test_a_dashboard_against_the_convention_would_be_found(rule: str, dashboard: dict[str, Any]) -> None:
    assert list(RULES[rule](dashboard))
