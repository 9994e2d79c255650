"""The servers as pytest fixtures; tests whose server is missing are skipped or fail."""

import fcntl
import os
from collections.abc import Generator
from pathlib import Path

import pytest

from tests.servers.kafka import KafkaServer
from tests.servers.require import NotInstalled, skip_or_fail

RUNS_LOG = pytest.StashKey[Path]()


@pytest.fixture(scope="session")
def kafka(tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config) -> str:
    """host:port of a running broker, the same for all workers of the run; use unique topic prefixes.

    TIDEMARK_KAFKA names another broker to use instead.
    """
    address = os.environ.get("TIDEMARK_KAFKA")
    if address:
        return address
    in_worker = "PYTEST_XDIST_WORKER" in os.environ
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if in_worker else base) / "kafka"
    pytestconfig.stash[RUNS_LOG] = folder / "broker.log"
    return start_shared_broker(folder, owner=os.getppid() if in_worker else os.getpid())


def start_shared_broker(folder: Path, owner: int) -> str:
    """The address of the broker in the folder, which the first caller starts. It ends with its owner."""
    folder.mkdir(exist_ok=True)
    address = folder / "address"
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not address.exists():
            broker = KafkaServer(folder)
            broker.start(owner)
            address.write_text(broker.address)
    return address.read_text()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup() -> Generator[None]:
    try:
        return (yield)
    except NotInstalled as missing:
        skip_or_fail(missing)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None]:
    try:
        return (yield)
    except NotInstalled as missing:
        skip_or_fail(missing)
    except BaseException as error:
        log = item.config.stash.get(RUNS_LOG, None)
        if log and isinstance(item, pytest.Function) and "kafka" in item.fixturenames:
            error.add_note(f"the broker's log: {log}")
        raise
