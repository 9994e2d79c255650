"""The servers that are installed; a test whose server is missing is skipped or fails."""

import os
import shutil
from pathlib import Path
from typing import NoReturn

import pytest

ROOT = Path(__file__).parents[2]
KAFKA_JARS = ROOT / ".servers" / "kafka"
KAFKA_ARCHIVE = ROOT / ".servers" / "kafka.jsa"  # the jars' classes as loaded; without it the start is slower


class NotInstalled(Exception):
    """A server is not installed; the message names the command that installs it.

    A test that raises it is skipped, or fails where all servers are required (`tests/servers/fixtures.py`).
    """

    def __init__(self, what: str) -> None:
        super().__init__(f"{what} is not installed; install it with `make servers`")


def program(name: str) -> str:
    """The program's path. Raises NotInstalled."""
    path = shutil.which(name)
    if path is None:
        raise NotInstalled(name)
    return path


def kafka_classpath(jars: Path = KAFKA_JARS) -> str:
    """Apache Kafka's jars in the format of `java -cp`, in the archive's order. Raises NotInstalled."""
    paths = sorted(str(jar) for jar in jars.glob("*.jar"))
    if not paths:
        raise NotInstalled("Apache Kafka")
    return ":".join(paths)


def skip_or_fail(missing: NotInstalled) -> NoReturn:
    """Skip the test, or fail it with TIDEMARK_TEST_REQUIRE=all, where no server may be missing."""
    if os.environ.get("TIDEMARK_TEST_REQUIRE") == "all":
        pytest.fail(str(missing))
    pytest.skip(str(missing))
