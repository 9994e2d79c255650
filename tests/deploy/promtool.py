"""Runs promtool on rules."""

import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from tests.servers.require import program


def promtool(*words: str | Path) -> subprocess.CompletedProcess[str]:
    """Run promtool; `stdout` contains both outputs. Raises NotInstalled."""
    return subprocess.run(
        [program("promtool"), *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=300,
        check=False,
    )


def write_rules(file: Path, rules: Sequence[Mapping[str, Any]]) -> Path:
    """Write a rule file with one group."""
    YAML().dump({"groups": [{"name": file.stem, "rules": list(rules)}]}, file)
    return file
