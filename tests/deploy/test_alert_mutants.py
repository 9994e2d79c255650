"""Negative controls: a rule with a changed guard, limit or second judgement fails its cases."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import pytest
from ruamel.yaml import YAML

from tests.deploy.promtool import promtool, write_rules
from tidemark.deploy.prometheus.alerts import CONDITIONS
from tidemark.deploy.prometheus.alerts.condition import Condition, Judgement
from tidemark.deploy.prometheus.rendering.annotations import Links
from tidemark.deploy.prometheus.rendering.rules import build_alert_rules
from tidemark.deploy.prometheus.rendering.unit_tests import CASES, build_unit_tests

ALERTS = sorted({condition.name for condition in CONDITIONS} - {"Watchdog"})
J = TypeVar("J", bound=Judgement)
Mutant = tuple[str, Condition]


def move_limits(judged: J) -> Iterator[tuple[str, J]]:
    """Each limit, a tenth lower and a tenth higher; limits of a count by 1."""
    for severity, limit in judged.limits.items():
        step = 1 if limit in {0, 1} and judged.per is None else limit / 10
        for moved in (limit - step, limit + step):
            change = f"{severity} at {moved:g} in place of {limit:g}"
            yield change, replace(judged, limits={**judged.limits, severity: moved})


def build_mutants(condition: Condition) -> Iterator[Mutant]:
    yield from move_limits(condition)
    for guard in condition.guards:
        left = tuple(other for other in condition.guards if other != guard)
        yield f"without {guard}", replace(condition, guards=left)
    for value in condition.both:
        left = tuple(other for other in condition.both if other != value)
        yield f"without {value} beyond the limit as well", replace(condition, both=left)
    for at, other in enumerate(condition.either):
        before, after = condition.either[:at], condition.either[at + 1 :]
        yield f"without {other.value} in its place", replace(condition, either=before + after)
        for change, moved in move_limits(other):
            yield f"{other.value}: {change}", replace(condition, either=(*before, moved, *after))


def find_survivors(alert: str, candidates: Sequence[list[Condition]], folder: Path) -> set[int]:
    """The numbers of the candidates that pass all cases in place of the alert's conditions. They run side by
    side under names of their own, since promtool is slow to start a case."""
    names = [f"{alert}_{number}" for number in range(len(candidates))]
    renamed = [
        replace(condition, name=name)
        for name, all_ in zip(names, candidates, strict=True)
        for condition in all_
    ]
    rules = [rule for condition in renamed for rule in build_alert_rules(condition, Links(), 1.0)]
    write_rules(folder / "rules.yml", [{**rule, "annotations": {}} for rule in rules])
    file = build_unit_tests([case for case in CASES if case.alert == alert], "rules.yml")
    for test in file["tests"]:
        (query,) = test["promql_expr_test"]
        test["promql_expr_test"] = [rename_alert(query, alert, name) for name in names]
    YAML().dump(file, folder / "test.yml")
    output = promtool("test", "rules", folder / "test.yml").stdout
    failed = set(re.findall(r'expr: .*alertname=\\"(\w+)\\"', output))
    return {number for number, name in enumerate(names) if name not in failed}


def rename_alert(query: Any, alert: str, name: str) -> Any:
    """The expected samples and the query, for an alert with another name."""
    old, new = f'alertname="{alert}"', f'alertname="{name}"'
    samples = [{**sample, "labels": sample["labels"].replace(old, new)} for sample in query["exp_samples"]]
    return {**query, "expr": query["expr"].replace(old, new), "exp_samples": samples}


@pytest.mark.parametrize("alert", ALERTS)
def test_the_cases_distinguish_a_changed_rule_from_the_right_one(alert: str, tmp_path: Path) -> None:
    right = [condition for condition in CONDITIONS if condition.name == alert]
    played_against = [("right", right)]
    for at, condition in enumerate(right):
        for change, mutant in build_mutants(condition):
            played_against.append((change, [*right[:at], mutant, *right[at + 1 :]]))
    passing = find_survivors(alert, [conditions for _, conditions in played_against], tmp_path)
    assert [played_against[number][0] for number in sorted(passing)] == ["right"]
