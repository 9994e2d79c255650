"""A ledger that kills itself with SIGKILL at a chosen step of publishing.

    python -m tests.faults.killable sqlite:///x.db publish.commit 3

dies when it reaches the step for the third time; with a step that never occurs it catches up and
ends normally.
"""

import asyncio
import os
import signal
import sys

from tidemark.services.defaults import wall_clock
from tidemark.streams.ledger.worker import Worker
from tidemark.streams.log import engine_of
from tidemark.streams.log.port import WholeLog


class Executioner:
    """Kills the process when it reaches a step for the n-th time."""

    def __init__(self, step: str, times: int) -> None:
        self._step = step
        self._left = times

    def __call__(self, step: str) -> None:
        if step == self._step:
            self._left -= 1
            if self._left == 0:
                os.kill(os.getpid(), signal.SIGKILL)


async def main(url: str, step: str, times: int) -> None:
    log = await engine_of(url).open_log(wall_clock)
    state = await engine_of(url).open_state_writer(Executioner(step, times))
    worker = Worker(log, state, WholeLog(log.identity.partitions), Eager())
    await worker.restore()
    await worker.catch_up()
    await state.close()
    await log.close()


class Eager:
    """A clock that makes a publish due at every step, so that there are many steps to die at."""

    def __init__(self) -> None:
        self._now = 0.0

    def __call__(self) -> float:
        self._now += 60.0
        return self._now


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))
