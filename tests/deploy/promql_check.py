"""Checks PromQL with promtool."""

from collections.abc import Sequence
from pathlib import Path

from tests.deploy.promtool import promtool, write_rules


def check_promql(expressions: Sequence[str], folder: Path) -> str:
    """promtool's output for a rule file of the expressions; empty if all parse."""
    rules = [{"record": f"query:{at}", "expr": expr} for at, expr in enumerate(expressions)]
    done = promtool("check", "rules", "--lint=none", write_rules(folder / "queries.yml", rules))
    return "" if done.returncode == 0 else done.stdout
