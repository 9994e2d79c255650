"""Without the extra kafka-admin only what needs it is refused; the message says what to install."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.commands import LIMIT_S, ROOT, succeed
from tests.support.log_engines import kafka_url, log_url

HIDE = """
import sys

class Hidden:
    @staticmethod
    def find_spec(name, path=None, target=None):
        if name == "confluent_kafka":
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Hidden)
"""
CLI = "from tidemark.services.cli.app import main; main()"
ACLS = "import runpy; runpy.run_path('deploy/kafka/acls.py', run_name='__main__')"
NOWHERE = "kafka://127.0.0.1:1/tidemark"
DAY = ("--from", "2026-01-01", "--to", "2026-01-02", "--scale", "0.001")


def run(program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", program, *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=LIMIT_S, check=False)


def assert_asks_for_the_extra(done: subprocess.CompletedProcess[str]) -> None:
    message = " ".join(done.stderr.split())
    assert done.returncode == 1, message
    assert "pip install 'tidemark[kafka-admin]'" in message
    assert "Traceback" not in message


def test_rights_are_refused_with_what_to_install() -> None:
    assert_asks_for_the_extra(run(HIDE + ACLS, "--log", NOWHERE))


def test_with_the_extra_it_is_the_broker_that_is_missing() -> None:
    """The negative control."""
    done = run(ACLS, "--log", NOWHERE)
    assert done.returncode == 1
    assert "check that Kafka runs there" in done.stderr
    assert "kafka-admin" not in done.stderr


def test_copying_a_log_into_kafka_is_refused_with_what_to_install(kafka: str, tmp_path: Path) -> None:
    source = log_url(tmp_path)
    succeed("log", "create", "--log", source)
    assert_asks_for_the_extra(run(HIDE + CLI, "log", "copy", source, kafka_url(kafka)))


@pytest.mark.parametrize("engine", ["kafka", "sqlite"])
def test_everything_else_works_without_it(
    request: pytest.FixtureRequest, tmp_path: Path, engine: str
) -> None:
    on_kafka = engine == "kafka"
    log = ("--log", kafka_url(request.getfixturevalue("kafka")) if on_kafka else log_url(tmp_path))
    make = ("topics", "apply") if on_kafka else ("log", "create")
    for command in (
        (*make, "--partitions", "2", "--content", "simulated"),
        ("simulate", *DAY),
        ("ledger", "--until-caught-up"),
        ("rebuild",),
        ("verify",),
        ("totals", "--json"),
        ("log", "show"),
    ):
        done = run(HIDE + CLI, *command, *log)
        assert done.returncode == 0, done.stderr
