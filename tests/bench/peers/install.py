"""Installs the peers' packages and jars once, separate from Tidemark's environment."""

import filecmp
import subprocess
import sys
from pathlib import Path
from shutil import copy

from tests.bench.peers.run import PROGRAMS
from tests.support.commands import ROOT

SERVERS = ROOT / ".servers"
VENV = SERVERS / "peers-venv"
PYTHON = VENV / "bin" / "python"
BUILT = SERVERS / "peers-java"
JARS = BUILT / "jars"
LIMIT_S = 600


def install_python() -> None:
    """Create a virtual environment with the peers' pinned packages, unless it has them."""
    required, installed = PROGRAMS / "requirements.txt", VENV / "requirements.txt"
    if installed.exists() and filecmp.cmp(required, installed, shallow=False):
        return
    _run(sys.executable, "-m", "venv", "--clear", str(VENV))
    _run(str(PYTHON), "-m", "pip", "install", "--quiet", "--requirement", str(required))
    copy(required, installed)


def install_java() -> None:
    """Build the Kafka Streams program and its jars with Maven, unless they are newer than the sources."""
    sources = PROGRAMS / "kafka-streams"
    jar = JARS / "kafka-streams-peer-1.jar"
    if jar.exists() and jar.stat().st_mtime > max(path.stat().st_mtime for path in sources.iterdir()):
        return
    _run("mvn", "--quiet", "--batch-mode", "--file", str(sources / "pom.xml"), "package", f"-Dbuilt={BUILT}")


def _run(*command: str | Path) -> None:
    subprocess.run(command, check=True, timeout=LIMIT_S)
