"""The committed rules are up to date and valid, and each alert has its cases."""

import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import pytest

from tests.deploy.promtool import promtool, write_rules
from tidemark.deploy.prometheus.alerts import CONDITIONS
from tidemark.deploy.prometheus.alerts.condition import at
from tidemark.deploy.prometheus.cases.case import Kind
from tidemark.deploy.prometheus.rendering.annotations import Links
from tidemark.deploy.prometheus.rendering.rules import build_rules
from tidemark.deploy.prometheus.rendering.unit_tests import CASES
from tidemark.deploy.prometheus.rendering.writing import PROMETHEUS, render_files

GROUPS = sorted({condition.group for condition in CONDITIONS})
ALWAYS = "Watchdog"
"""It has neither limit nor guard: it always fires, to show that alerts are delivered."""


def test_the_committed_files_are_up_to_date() -> None:
    on_disk = {
        f"{folder}/{file.name}": file.read_text("utf-8")
        for folder in ("rules", "tests")
        for file in (PROMETHEUS / folder).glob("*.yml")
    }
    assert on_disk == render_files(build_rules()), "run `python -m tidemark.deploy.prometheus`"


def test_a_limit_has_a_severity_that_there_is() -> None:
    assert list(at(info=1, critical=3)) == ["info", "critical"]
    with pytest.raises(ValueError, match="fatal"):
        at(warning=2, fatal=3)


def test_promtool_accepts_the_rules() -> None:
    check = promtool(
        "check", "rules", "--lint=all", "--lint-fatal", *sorted((PROMETHEUS / "rules").glob("*.yml"))
    )
    assert check.returncode == 0, check.stdout


@pytest.mark.parametrize("group", GROUPS)
def test_alerts_fire_and_stay_silent_as_the_cases_say(group: str) -> None:
    check = promtool("test", "rules", PROMETHEUS / "tests" / f"{group}.yml")
    assert check.returncode == 0, check.stdout


@pytest.mark.parametrize("alert", sorted({condition.name for condition in CONDITIONS} - {ALWAYS}))
def test_an_alert_has_cases_in_which_it_fires_just_does_not_and_is_kept_silent(alert: str) -> None:
    assert {case.kind for case in CASES if case.alert == alert} == set(Kind)


def test_every_severity_of_an_alert_has_a_case_in_which_it_fires() -> None:
    fired = defaultdict(set)
    for case in CASES:
        fired[case.alert].update(firing.severity for firing in case.firing)
    for condition in CONDITIONS:
        assert fired[condition.name] >= set(condition.severities), condition.name


def test_no_case_is_of_an_alert_that_is_no_more() -> None:
    assert {case.alert for case in CASES} == {condition.name for condition in CONDITIONS}


def test_links_lead_to_the_deployment_that_is_named() -> None:
    links = Links("https://board.example", "https://grafana.example")
    for group in build_rules(links=links).values():
        for rule in (rule for rule in group if "alert" in rule):
            assert rule["annotations"]["runbook_url"] == f"https://board.example/runbooks/{rule['alert']}"
            assert rule["annotations"]["dashboard_url"].startswith("https://grafana.example/d/")


def test_rules_scaled_to_seconds_are_valid(tmp_path) -> None:
    for name, group in build_rules(scale=1e-4).items():
        check = promtool("check", "rules", write_rules(tmp_path / f"{name}.yml", group))
        assert check.returncode == 0, check.stdout


def test_quicker_rules_do_not_take_the_place_of_the_committed_ones(tmp_path: Path) -> None:
    def run(*words: str) -> int:
        command = [sys.executable, "-m", "tidemark.deploy.prometheus", "--scale", "0.01", *words]
        return subprocess.run(command, capture_output=True, timeout=60, check=False).returncode

    assert run() == 2
    assert run("--folder", str(tmp_path)) == 0
    assert "for: 6s" in (tmp_path / "rules" / "port.yml").read_text("utf-8")
