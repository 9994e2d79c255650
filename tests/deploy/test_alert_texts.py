"""The texts of alerts, as Prometheus renders them."""

import re
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from tests.deploy.promtool import promtool, write_rules
from tidemark.deploy.prometheus.alerts import CONDITIONS
from tidemark.deploy.prometheus.cases.case import Case, Kind
from tidemark.deploy.prometheus.rendering.annotations import Links
from tidemark.deploy.prometheus.rendering.rules import build_alert_rules
from tidemark.deploy.prometheus.rendering.unit_tests import CASES, build_unit_tests

NAMES = {
    *(f"{part}_{language}" for part in ("summary", "description", "action") for language in ("zh", "en")),
    *("value", "limit", "unit", "runbook_url", "dashboard_url"),
}
HAN = re.compile(r"[\u4e00-\u9fff]")
FIRES = [case for case in CASES if case.kind is Kind.FIRES]


def collect_annotations(case: Case, folder: Path) -> list[dict[str, str]]:
    """The annotations of the alerts that fire: promtool prints them when no alert is expected."""
    rules = [
        rule
        for condition in CONDITIONS
        if condition.name == case.alert
        for rule in build_alert_rules(condition, Links(), 1.0)
    ]
    write_rules(folder / "rules.yml", rules)
    file = build_unit_tests([case], "rules.yml")
    (test,) = file["tests"]
    test.pop("promql_expr_test")
    test["alert_rule_test"] = [{"eval_time": f"{case.minutes}m", "alertname": case.alert, "exp_alerts": []}]
    YAML().dump(file, folder / "test.yml")
    output = promtool("test", "rules", folder / "test.yml").stdout
    lines = re.findall(r"Annotations:\{(.*)\}", output)
    return [
        {name: value.replace('\\"', '"') for name, value in re.findall(r'(\w+)="((?:[^"\\]|\\.)*)"', line)}
        for line in lines
    ]


@pytest.mark.parametrize("case", FIRES, ids=lambda case: f"{case.alert}: {case.what}")
def test_every_text_is_filled_in_and_in_its_language(case: Case, tmp_path: Path) -> None:
    collected = collect_annotations(case, tmp_path)
    assert len(collected) == len(case.firing)
    for annotations in collected:
        assert set(annotations) == NAMES
        for name, text in annotations.items():
            assert text, name
            assert not re.search(r"\{\{|\}\}|\$|no value|error expanding|NaN|<nil>|%!", text), text
            assert bool(HAN.search(text)) == name.endswith("_zh"), text


def test_numbers_are_shown_with_their_units(tmp_path: Path) -> None:
    (case,) = (case for case in FIRES if case.what == "601 s" and case.alert == "RefundVerificationSlow")
    warning, critical = sorted(
        collect_annotations(case, tmp_path), key=lambda annotations: len(annotations["limit"])
    )
    assert (warning["value"], warning["limit"], critical["limit"]) == ("10m 1s", "5m", "10m")
    assert "10分钟1秒" in warning["description_zh"]


def test_the_limit_of_a_feed_is_its_own(tmp_path: Path) -> None:
    (case,) = (case for case in FIRES if case.alert == "FeedStale")
    (annotations,) = collect_annotations(case, tmp_path)
    assert (annotations["value"], annotations["limit"]) == ("2m 1s", "2m")
