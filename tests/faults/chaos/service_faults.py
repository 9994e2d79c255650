"""What happens to services and to the events themselves."""

import asyncio

from .context import FaultContext
from .deployment import PARTITIONS
from .programs import Program

MAX_VALUE_BYTES = 1_048_000
"""What a broker takes by default is 1,048,588 bytes a batch; the record's own head needs some."""
MOST_GUESTS, LEAVES = 2, 0.3


async def worker_killed(context: FaultContext) -> None:
    """SIGKILL; what it held waits for its session to end, or for the next life to join."""
    await _kill_program(context, context.rng.choice(context.place.workers))


async def gateway_killed(context: FaultContext) -> None:
    """SIGKILL, with requests under way."""
    await _kill_program(context, context.place.gateway)


async def exporter_killed(context: FaultContext) -> None:
    """SIGKILL; the next life shows nothing until it has read all."""
    await _kill_program(context, context.place.exporter)


async def workers_come_and_go(context: FaultContext) -> None:
    """Every second one more joins, or the oldest of them leaves."""
    guests: list[Program] = []
    try:
        for number in range(context.rng.randint(3, 6)):
            if len(guests) == MOST_GUESTS or (guests and context.rng.random() < LEAVES):
                await guests.pop(0).end()
            else:
                guests.append(context.place.worker(f"guest-{number}"))
                await guests[-1].begin()
            await asyncio.sleep(1.0)
    finally:
        await asyncio.gather(*(guest.end() for guest in guests))


async def empty_value(context: FaultContext) -> None:
    """A record whose value has no bytes."""
    await context.feed.poison(context.rng.randrange(PARTITIONS), b"")


async def largest_value(context: FaultContext) -> None:
    """A record as large as a broker takes, of bytes that cannot be compressed."""
    await context.feed.poison(context.rng.randrange(PARTITIONS), context.rng.randbytes(MAX_VALUE_BYTES))


async def _kill_program(context: FaultContext, program: Program) -> None:
    await asyncio.sleep(context.rng.uniform(0.0, 1.0))
    await program.kill()
    await asyncio.sleep(context.rng.uniform(0.0, 2.0))
    await program.begin()
