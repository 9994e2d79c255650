"""Workers that are suspended inside a transaction, which has been ended when they resume."""

import asyncio
from collections.abc import Sequence

from tidemark.streams.log.kafka.producing import TRANSACTION_TIMEOUT_MS

from .broker_view import IsOpen, watch_transactions
from .context import LIMIT_S, FaultContext
from .programs import Program
from .waiting import wait_until


async def suspend_worker(context: FaultContext) -> None:
    """SIGSTOP beyond the session timeout: others take over, and the worker is refused when it resumes."""
    async with watch_transactions(context.place.cluster.address, "simulated.state.1") as is_open:
        worker = context.rng.choice(context.place.workers)
        others = [other for other in context.place.workers if other is not worker]
        before = [len(other.list_taken_over()) for other in others]
        warned = _count_warnings(worker)

        async def taken_over() -> bool:
            taken = [other.list_taken_over()[seen:] for other, seen in zip(others, before, strict=True)]
            return worker.list_partitions() <= set[int]().union(*taken)

        async def is_refused() -> bool:
            return _count_warnings(worker) > warned

        try:
            await _suspend_in_transaction(context, [worker], is_open)
            await wait_until(taken_over, LIMIT_S)
        finally:
            worker.process.resume()
        await wait_until(is_refused, LIMIT_S)


async def time_out_transaction(context: FaultContext) -> None:
    """Suspend all workers, so that nobody takes over, until the broker aborts their transactions."""
    async with watch_transactions(context.place.cluster.address, "simulated.state.1") as is_open:

        async def is_aborted() -> bool:
            held = (worker.list_partitions() for worker in context.place.workers)
            return not await is_open(set().union(*held))

        try:
            await _suspend_in_transaction(context, context.place.workers, is_open)
            await asyncio.sleep(TRANSACTION_TIMEOUT_MS / 1000)
            await wait_until(is_aborted, LIMIT_S)
        finally:
            for worker in context.place.workers:
                worker.process.resume()


async def _suspend_in_transaction(context: FaultContext, workers: Sequence[Program], is_open: IsOpen) -> None:
    """SIGSTOP at a moment when one of the workers is inside a transaction."""

    async def is_inside() -> bool:
        for worker in workers:
            worker.process.pause()
        held = set[int]().union(*(worker.list_partitions() for worker in workers))
        if await is_open(held) and await is_open(held):
            return True
        for worker in workers:
            worker.process.resume()
        await asyncio.sleep(context.rng.uniform(0.0, 0.4))
        return False

    await wait_until(is_inside, LIMIT_S)


def _count_warnings(worker: Program) -> int:
    """How often it has logged that it lost partitions, or that it starts over."""
    return worker.count_entries("partitions lost") + worker.count_entries("log unavailable, starting over")
