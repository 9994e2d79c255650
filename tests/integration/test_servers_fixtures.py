"""Servers in pytest: one broker for a run, skips with a reason, and failures that name the log."""

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.servers.process import ROOT
from tests.servers.require import NotInstalled, kafka_classpath, program

USES_KAFKA = """
import os
from pathlib import Path
import pytest

@pytest.mark.parametrize("number", [1, 2])
def test_that_notes_its_broker(kafka, tmp_path_factory, number):
    worker = os.environ["PYTEST_XDIST_WORKER"]
    (tmp_path_factory.getbasetemp().parent / worker).write_text(kafka)

def test_that_fails(kafka):
    assert kafka == "somewhere else"
"""
USES_NOTHING_THERE = """
from tests.servers.require import program

def test_that_has_no_server():
    program("no-such-server")
"""


def run(folder: Path, content: str, *options: str, **environment: str) -> str:
    """The output of pytest for a file of tests; its temporary files are in folder/base."""
    file = folder / "test_inner.py"
    file.write_text(content)
    inherited = {
        name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "TIDEMARK_"))
    }
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "tests.servers.fixtures",
        "-rs",
        "--rootdir",
        str(folder),
    ]
    done = subprocess.run(
        [*command, "--basetemp", str(folder / "base"), *options, str(file)],
        cwd=ROOT,
        env=inherited | environment | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return done.stdout + done.stderr


def is_refused(address: str, within_s: float) -> bool:
    """Whether connections to the address are refused within the given time."""
    host, _, port = address.partition(":")
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        try:
            socket.create_connection((host, int(port)), timeout=1).close()
        except ConnectionRefusedError:
            return True
        except OSError:
            continue
    return False


def test_workers_share_a_broker_that_ends_with_the_run_and_is_named_by_failures(tmp_path: Path) -> None:
    program("java")
    kafka_classpath()
    printed = run(tmp_path, USES_KAFKA, "-p", "xdist", "-n", "2", "--dist", "each")
    assert "4 passed" in printed
    brokers = {(tmp_path / "base" / worker).read_text() for worker in ("gw0", "gw1")}
    assert len(brokers) == 1
    assert is_refused(brokers.pop(), within_s=20)
    assert printed.count(f"the broker's log: {tmp_path}/base/kafka/broker.log") == 2


def test_a_broker_given_by_the_environment_is_used_instead(tmp_path: Path) -> None:
    printed = run(tmp_path, USES_KAFKA, "-k", "fails", TIDEMARK_KAFKA="somewhere else")
    assert "1 passed" in printed


def test_a_missing_server_is_a_skip_with_the_remedy(tmp_path: Path) -> None:
    printed = run(tmp_path, USES_NOTHING_THERE)
    assert "1 skipped" in printed
    assert "no-such-server is not installed; install it with `make servers`" in printed


def test_a_missing_server_is_a_failure_where_all_are_required(tmp_path: Path) -> None:
    printed = run(tmp_path, USES_NOTHING_THERE, TIDEMARK_TEST_REQUIRE="all")
    assert "1 failed" in printed
    assert "no-such-server is not installed; install it with `make servers`" in printed


def test_kafka_without_its_jars_is_not_installed(tmp_path: Path) -> None:
    with pytest.raises(NotInstalled, match="make servers"):
        kafka_classpath(tmp_path)
