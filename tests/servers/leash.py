"""`python -m tests.servers.leash OWNER COMMAND…`: runs the command for as long as its owner lives.

The owner, a process id, may end in any way, SIGKILL included: the command is then killed. It is killed as
well when this watcher is. The program itself goes to the background at once, so that nobody has to wait for
it; its output is the command's process id, and what the command says goes to its error output. Linux only.
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
    """Runs the command until it ends or its owner has; both are watched by file descriptor."""
    libc = ctypes.CDLL(None)
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=sys.stderr,
        preexec_fn=lambda: libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL),  # noqa: PLW1509 (no threads here)
    ) as process:
        print(process.pid, flush=True)
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # whoever reads the process id sees the end
        ended, _, _ = select.select([owner_ended, os.pidfd_open(process.pid)], [], [])
        if owner_ended in ended:
            process.kill()
    print(f"ended with code {process.returncode}", file=sys.stderr)


def main() -> None:
    owner, *command = sys.argv[1:]
    owner_ended = os.pidfd_open(int(owner))  # an owner that is gone already is an error: nothing is started
    if os.fork() == 0:
        watch(owner_ended, command)


if __name__ == "__main__":
    main()
