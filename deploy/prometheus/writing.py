"""The files that are written from the tables: rules, and promtool's unit tests of them."""

from collections.abc import Mapping
from io import StringIO
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import LiteralScalarString

from .cases import CASES
from .cases.case import build_unit_tests
from .conditions import CONDITIONS
from .rules import Rule

HERE = Path(__file__).parent
_HEADER = "# Written by `python -m tidemark.deploy.prometheus` from the tables beside; do not edit.\n"
_FOLDERS = ("rules", "tests")


def files(groups: Mapping[str, list[Rule]]) -> dict[str, str]:
    """What is in each file, by its path within this folder."""
    return {f"rules/{name}.yml": _text(_rule_file(name, rules)) for name, rules in groups.items()} | {
        f"tests/{name}.yml": _text(test_file(name)) for name in groups if _alerts(name)
    }


def test_file(group: str) -> dict[str, Any]:
    """promtool's unit tests of a group's alerts."""
    alerts = _alerts(group)
    return build_unit_tests([case for case in CASES if case.alert in alerts], f"../rules/{group}.yml")


def write(groups: Mapping[str, list[Rule]], folder: Path = HERE) -> None:
    """Write the files of these groups and remove those of groups that are no more. Raises OSError."""
    texts = files(groups)
    for name in _FOLDERS:
        (folder / name).mkdir(parents=True, exist_ok=True)
        for left in (folder / name).glob("*.yml"):
            if f"{name}/{left.name}" not in texts:
                left.unlink()
    for path, text in texts.items():
        (folder / path).write_text(text, "utf-8")


def _alerts(group: str) -> set[str]:
    return {condition.name for condition in CONDITIONS if condition.group == group}


def _rule_file(name: str, rules: list[Rule]) -> dict[str, Any]:
    return {"groups": [{"name": name, "rules": [_readable(rule) for rule in rules]}]}


def _readable(rule: Rule) -> Rule:
    """Its expression over several lines, as it is read."""
    expr = rule["expr"]
    return {**rule, "expr": LiteralScalarString(expr) if "\n" in expr else expr}


def _text(content: dict[str, Any]) -> str:
    yaml = YAML()
    yaml.width = 10_000
    yaml.indent(mapping=2, sequence=4, offset=2)
    out = StringIO()
    yaml.dump(content, out)
    return _HEADER + out.getvalue()
