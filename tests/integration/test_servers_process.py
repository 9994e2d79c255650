"""No server outlives its owner, however the owner ends."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.servers.process import ROOT, ServerFailed, ServerProcess, start

FOREVER = ("sleep", "1000")
OWNER = """
import os, sys, time
from pathlib import Path
from tests.servers.process import start
print(start(["sleep", "1000"], Path(sys.argv[1]), os.getpid()).pid, flush=True)
time.sleep(1000)
"""


@contextmanager
def owner(log: Path) -> Iterator[tuple[subprocess.Popen[bytes], ServerProcess]]:
    """A separate process, and the server that it has started."""
    with subprocess.Popen(
        [sys.executable, "-c", OWNER, str(log)], cwd=ROOT, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        try:
            yield process, ServerProcess(int(process.stdout.readline()))
        finally:
            process.kill()


def parent(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def test_a_server_ends_with_its_killed_owner(tmp_path: Path) -> None:
    with owner(tmp_path / "log") as (process, server):
        assert server.running
        process.kill()
        assert server.wait(20)


def test_a_paused_server_ends_with_its_killed_owner(tmp_path: Path) -> None:
    with owner(tmp_path / "log") as (process, server):
        server.pause()
        process.kill()
        assert server.wait(20)


def test_a_server_ends_with_its_killed_watcher(tmp_path: Path) -> None:
    with owner(tmp_path / "log") as (_, server):
        ServerProcess(parent(server.pid)).kill()
        assert server.wait(20)


def test_without_a_watcher_a_server_would_outlive_its_owner() -> None:
    script = "sleep 1000 >/dev/null & echo $!"
    printed = subprocess.run(["sh", "-c", script], stdout=subprocess.PIPE, check=True, timeout=20)
    server = ServerProcess(int(printed.stdout))
    assert server.running
    server.kill()


def test_an_owner_that_has_ended_cannot_start_a_server(tmp_path: Path) -> None:
    ended = subprocess.Popen(["true"])
    ended.wait()
    with pytest.raises(ServerFailed, match="could not be run"):
        start(FOREVER, tmp_path / "log", owner=ended.pid)


def test_a_server_that_ignores_the_request_to_end_is_killed(tmp_path: Path) -> None:
    server = start(["sh", "-c", "trap '' TERM; while :; do sleep 1; done"], tmp_path / "log", os.getpid())
    server.end(timeout=0.2)
    assert not server.running


def test_a_signal_to_a_server_that_ended_after_the_check_is_ignored(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    child = subprocess.Popen(FOREVER)
    server = ServerProcess(child.pid)
    child.kill()
    child.wait()
    monkeypatch.setattr(ServerProcess, "running", True)  # as at the time of the check
    server.signal(signal.SIGTERM)
    server.end(timeout=0)


def test_a_failed_server_shows_the_end_of_its_log(tmp_path: Path) -> None:
    log = tmp_path / "log"
    server = start(["sh", "-c", "echo no room left; exit 3"], log, os.getpid())
    assert server.wait(20)
    assert "no room left" in str(ServerFailed("it ended", log))
    assert str(log) in str(ServerFailed("it ended", log))


BUSY = """
import threading
for _ in range(8):
    threading.Thread(target=lambda: [sum(range(999)) for _ in iter(int, 1)]).start()
"""


def test_all_threads_of_a_paused_server_have_stopped(tmp_path: Path) -> None:
    server = start([sys.executable, "-c", BUSY], tmp_path / "log", os.getpid())
    try:
        server.pause()
        threads = Path(f"/proc/{server.pid}/task").glob("*/stat")
        assert {path.read_text().rpartition(")")[2].split()[0] for path in threads} == {"T"}
    finally:
        server.kill()
