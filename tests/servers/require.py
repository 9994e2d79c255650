"""What servers there are, and what becomes of a test whose server is missing."""

import os
import shutil
from pathlib import Path
from typing import NoReturn

import pytest

ROOT = Path(__file__).parents[2]
KAFKA_JARS = ROOT / ".servers" / "kafka"
KAFKA_ARCHIVE = ROOT / ".servers" / "kafka.jsa"  # the jars' classes as loaded; without it the start is slower


class NotInstalled(Exception):
    """A server that is not there; the message names the command that installs it.

    A test that meets it is skipped, or fails where all servers are required (`tests/servers/fixtures.py`).
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
    """Apache Kafka's jars, as `java -cp` wants them, in the archive's order. Raises NotInstalled."""
    found = sorted(str(jar) for jar in jars.glob("*.jar"))
    if not found:
        raise NotInstalled("Apache Kafka")
    return ":".join(found)


def skip_or_fail(missing: NotInstalled) -> NoReturn:
    """Ends the test: TIDEMARK_TEST_REQUIRE=all says that no server may be missing."""
    if os.environ.get("TIDEMARK_TEST_REQUIRE") == "all":
        pytest.fail(str(missing))
    pytest.skip(str(missing))
