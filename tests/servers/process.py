"""A server's process: started on a leash, signalled, waited for; its output goes to a log."""

import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

START_LEASH_S = 20.0
STOP_S = 10.0
TAIL_LINES = 30
ROOT = Path(__file__).parents[2]


class ServerFailed(Exception):
    """A server did not start, or ended; the message names its log and shows the last lines."""

    def __init__(self, what: str, log: Path) -> None:
        tail = log.read_text(errors="replace").splitlines()[-TAIL_LINES:]
        super().__init__("\n".join([f"{what}; its log: {log}", *tail]))


def start(command: Sequence[str], log: Path, owner: int) -> "ServerProcess":
    """Run the command, which ends with its owner at the latest, and append its output to the log."""
    leash = [sys.executable, "-m", "tests.servers.leash", str(owner), *command]
    with log.open("ab") as sink:
        started = subprocess.run(
            leash,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=sink,
            cwd=ROOT,
            timeout=START_LEASH_S,
            start_new_session=True,  # Ctrl-C is for the owner, which stops what it started
            check=False,
        )
    if not started.stdout:
        raise ServerFailed(f"{command[0]} could not be run", log)
    return ServerProcess(int(started.stdout))


class ServerProcess:
    """A process, which need not be a child. Signals never reach a later process with the same id."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._handle: int | None
        try:
            self._handle = os.pidfd_open(pid)
        except ProcessLookupError:
            self._handle = None

    @property
    def running(self) -> bool:
        return not self.wait(0)

    def wait(self, timeout: float) -> bool:
        """Whether it ends within `timeout` seconds."""
        if self._handle is None:
            return True
        if not select.select([self._handle], [], [], timeout)[0]:
            return False
        os.close(self._handle)
        self._handle = None
        return True

    def signal(self, number: signal.Signals) -> None:
        """Send a signal, unless the process has ended."""
        if self._handle is None:
            return
        # Checking first whether it runs would not help: it may end between the check and the signal.
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._handle, number)

    def pause(self) -> None:
        """Stop the process and wait until it has stopped: a busy one runs on for a moment."""
        self.signal(signal.SIGSTOP)
        limit = time.monotonic() + STOP_S
        while self.running and not self._is_stopped() and time.monotonic() < limit:
            time.sleep(0.001)

    def _is_stopped(self) -> bool:
        """Whether all of its threads are stopped."""
        threads = Path(f"/proc/{self.pid}/task").glob("*/stat")
        try:
            states = [path.read_text().rpartition(")")[2].split()[0] for path in threads]
        except OSError:  # a thread has just ended
            return False
        return all(state in "Tt" for state in states)

    def resume(self) -> None:
        self.signal(signal.SIGCONT)

    def end(self, timeout: float) -> None:
        """Ask it to end, and kill it if it has not ended after `timeout` seconds."""
        self.signal(signal.SIGTERM)
        self.resume()
        if not self.wait(timeout):
            self.kill()

    def kill(self) -> None:
        self.signal(signal.SIGKILL)
        self.wait(timeout=10)
