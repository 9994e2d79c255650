"""Whether PromQL parses, as Prometheus' own tool finds it."""

from collections.abc import Sequence
from pathlib import Path

from tests.deploy.promtool import promtool, write_rules


def check_promql(expressions: Sequence[str], folder: Path) -> str:
    """What promtool has against any of the expressions, put into a rule file of their own."""
    rules = [{"record": f"query:{at}", "expr": expr} for at, expr in enumerate(expressions)]
    done = promtool("check", "rules", "--lint=none", write_rules(folder / "queries.yml", rules))
    return "" if done.returncode == 0 else done.stdout
