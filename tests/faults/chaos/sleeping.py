"""Workers that fall asleep inside a transaction, and wake up to find that it has been ended for them."""

import asyncio
from collections.abc import Sequence

from tidemark.streams.log.kafka.producing import TRANSACTION_TIMEOUT_MS

from .broker_view import IsOpen, transactions_seen
from .context import LIMIT_S, FaultContext
from .programs import Program
from .waiting import until


async def worker_asleep(context: FaultContext) -> None:
    """SIGSTOP past the session's end: others take over, and when it wakes up it is refused."""
    async with transactions_seen(context.place.cluster.address, "simulated.state.1") as is_open:
        worker = context.rng.choice(context.place.workers)
        others = [other for other in context.place.workers if other is not worker]
        before = [len(other.taken_up()) for other in others]
        warned = _warnings(worker)

        async def taken_over() -> bool:
            taken = [other.taken_up()[seen:] for other, seen in zip(others, before, strict=True)]
            return worker.holds() <= set[int]().union(*taken)

        async def is_refused() -> bool:
            return _warnings(worker) > warned

        try:
            await _put_to_sleep(context, [worker], is_open)
            await until(taken_over, LIMIT_S)
        finally:
            worker.process.resume()
        await until(is_refused, LIMIT_S)


async def transaction_timed_out(context: FaultContext) -> None:
    """All workers sleep, so that nobody takes over, until the broker aborts what they began."""
    async with transactions_seen(context.place.cluster.address, "simulated.state.1") as is_open:

        async def is_aborted() -> bool:
            return not await is_open(set().union(*(worker.holds() for worker in context.place.workers)))

        try:
            await _put_to_sleep(context, context.place.workers, is_open)
            await asyncio.sleep(TRANSACTION_TIMEOUT_MS / 1000)
            await until(is_aborted, LIMIT_S)
        finally:
            for worker in context.place.workers:
                worker.process.resume()


async def _put_to_sleep(context: FaultContext, workers: Sequence[Program], is_open: IsOpen) -> None:
    """SIGSTOP at a moment at which one of them is inside a transaction."""

    async def asleep_inside() -> bool:
        for worker in workers:
            worker.process.pause()
        held = set[int]().union(*(worker.holds() for worker in workers))
        if await is_open(held) and await is_open(held):
            return True
        for worker in workers:
            worker.process.resume()
        await asyncio.sleep(context.rng.uniform(0.0, 0.4))
        return False

    await until(asleep_inside, LIMIT_S)


def _warnings(worker: Program) -> int:
    """How often it has said that what it holds is another's, or that it begins anew."""
    return worker.times_said("partitions lost") + worker.times_said("log unavailable, starting over")
