"""Faults of services and of the events themselves."""

import asyncio

from .context import FaultContext
from .deployment import PARTITIONS
from .programs import Program

MAX_VALUE_BYTES = 1_048_000
"""A broker accepts batches of 1,048,588 bytes by default; the record's header needs some of them."""
MOST_GUESTS, LEAVES = 2, 0.3


async def kill_worker(context: FaultContext) -> None:
    """SIGKILL; its partitions wait until its session ends, or until its next run joins."""
    await _kill_program(context, context.rng.choice(context.place.workers))


async def kill_gateway(context: FaultContext) -> None:
    """SIGKILL during requests."""
    await _kill_program(context, context.place.gateway)


async def kill_exporter(context: FaultContext) -> None:
    """SIGKILL; the next run shows nothing until it has read everything."""
    await _kill_program(context, context.place.exporter)


async def add_and_remove_workers(context: FaultContext) -> None:
    """Every second another worker joins, or the oldest guest leaves."""
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


async def append_empty_value(context: FaultContext) -> None:
    """A record whose value has no bytes."""
    await context.feed.poison(context.rng.randrange(PARTITIONS), b"")


async def append_largest_value(context: FaultContext) -> None:
    """A record as large as a broker accepts, of bytes that cannot be compressed."""
    await context.feed.poison(context.rng.randrange(PARTITIONS), context.rng.randbytes(MAX_VALUE_BYTES))


async def _kill_program(context: FaultContext, program: Program) -> None:
    await asyncio.sleep(context.rng.uniform(0.0, 1.0))
    await program.kill()
    await asyncio.sleep(context.rng.uniform(0.0, 2.0))
    await program.begin()
