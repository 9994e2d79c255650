"""The files that are written from the tables: rules, and promtool's unit tests of them."""

from collections.abc import Mapping
from io import StringIO
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import LiteralScalarString

from tidemark.deploy.prometheus.alerts import CONDITIONS

from .rules import Rule
from .unit_tests import CASES, build_unit_tests

PROMETHEUS = Path(__file__).parents[1]
"""The folder that the deployment mounts, which holds the rule files."""
_HEADER = "# Written by `python -m tidemark.deploy.prometheus` from the tables beside; do not edit.\n"
_FOLDERS = ("rules", "tests")


def render_files(groups: Mapping[str, list[Rule]]) -> dict[str, str]:
    """What is in each file, by its path within deploy/prometheus."""
    rules = {f"rules/{name}.yml": _build_rule_file(name, rules) for name, rules in groups.items()}
    tests = {f"tests/{name}.yml": build_test_file(name) for name in groups if _alert_names(name)}
    return {path: _render_yaml(content) for path, content in (rules | tests).items()}


def build_test_file(group: str) -> dict[str, Any]:
    """promtool's unit tests of a group's alerts."""
    alerts = _alert_names(group)
    return build_unit_tests([case for case in CASES if case.alert in alerts], f"../rules/{group}.yml")


def write_files(groups: Mapping[str, list[Rule]], folder: Path = PROMETHEUS) -> None:
    """Write the files of these groups and remove those of groups that are no more. Raises OSError."""
    texts = render_files(groups)
    for name in _FOLDERS:
        (folder / name).mkdir(parents=True, exist_ok=True)
        for left in (folder / name).glob("*.yml"):
            if f"{name}/{left.name}" not in texts:
                left.unlink()
    for path, text in texts.items():
        (folder / path).write_text(text, "utf-8")


def _alert_names(group: str) -> set[str]:
    return {condition.name for condition in CONDITIONS if condition.group == group}


def _build_rule_file(name: str, rules: list[Rule]) -> dict[str, Any]:
    return {"groups": [{"name": name, "rules": [_split_expression(rule) for rule in rules]}]}


def _split_expression(rule: Rule) -> Rule:
    """Its expression over several lines, as it is read."""
    expr = rule["expr"]
    return {**rule, "expr": LiteralScalarString(expr) if "\n" in expr else expr}


def _render_yaml(content: dict[str, Any]) -> str:
    yaml = YAML()
    yaml.width = 10_000
    yaml.indent(mapping=2, sequence=4, offset=2)
    out = StringIO()
    yaml.dump(content, out)
    return _HEADER + out.getvalue()
