"""Typing commands as a user would, in processes of their own."""

import os
import subprocess
import sys
from pathlib import Path

from tidemark.services.cli.language import LOCALE_VARIABLES

ROOT = Path(__file__).resolve().parents[2]
TIDEMARK = Path(sys.executable).with_name("tidemark")
LIMIT_S = 300


def tidemark(*arguments: str | Path, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """Run `tidemark` with arguments, in English whatever the locale is, and wait for its end."""
    environment = {name: value for name, value in os.environ.items() if name not in LOCALE_VARIABLES}
    return subprocess.run(
        [TIDEMARK, *arguments],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        check=False,
    )


def succeed(*arguments: str | Path, cwd: Path = ROOT) -> str:
    """Run a command that must succeed; returns what it printed."""
    done = tidemark(*arguments, cwd=cwd)
    assert done.returncode == 0, f"{arguments} ended with {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done.stdout
