"""`python -m tests.servers.leash OWNER COMMAND…`: runs the command as long as its owner is running.

OWNER is a process id. When that process ends in any way, SIGKILL included, the command is killed; it is also
killed when this watcher is. The program itself goes to the background at once, so the caller need not wait
for it; it prints the command's process id, and the command's output goes to its standard error. Linux only.
"""

import ctypes
import os
import select
import signal
import subprocess
import sys
from collections.abc import Sequence

PR_SET_PDEATHSIG = 1  # linux/prctl.h


def watch(owner_ended: int, command: Sequence[str]) -> None:
    """Run the command until it or its owner ends; both are watched by file descriptor."""
    libc = ctypes.CDLL(None)
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=sys.stderr,
        preexec_fn=lambda: libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL),  # noqa: PLW1509 (no threads here)
    ) as process:
        print(process.pid, flush=True)
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # the reader of the process id sees the end of file
        ended, _, _ = select.select([owner_ended, os.pidfd_open(process.pid)], [], [])
        if owner_ended in ended:
            process.kill()
    print(f"ended with code {process.returncode}", file=sys.stderr)


def main() -> None:
    owner, *command = sys.argv[1:]
    owner_ended = os.pidfd_open(int(owner))  # fails if the owner is gone already: nothing is started
    if os.fork() == 0:
        watch(owner_ended, command)


if __name__ == "__main__":
    main()
