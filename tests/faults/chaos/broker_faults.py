"""Faults of brokers and of the network to them."""

import asyncio
from collections.abc import Callable

from tests.servers.kafka import KafkaServer

from .broker_view import find_leader
from .context import FaultContext
from .deployment import PARTITIONS


async def kill_broker(context: FaultContext) -> None:
    """SIGKILL, and a start after a moment."""
    await _remove(context, context.rng.choice(context.place.brokers), KafkaServer.kill)


async def restart_broker(context: FaultContext) -> None:
    """A clean stop, in which the broker hands over its partitions if it can, and a start."""
    await _remove(context, context.rng.choice(context.place.brokers), KafkaServer.stop)


async def change_leader(context: FaultContext) -> None:
    """Stop the leader of a partition of facts, which hands the partition over, for some seconds."""
    leader = await find_leader(
        context.place.cluster.address, "simulated.facts", context.rng.randrange(PARTITIONS)
    )
    server = context.place.cluster.server(leader)
    await asyncio.to_thread(server.stop)
    await asyncio.sleep(context.rng.uniform(3.0, 6.0))
    await asyncio.to_thread(server.start)


async def cut_connections(context: FaultContext) -> None:
    """Cut all connections through a proxy, several times, and refuse new ones for a moment."""
    for _ in range(context.rng.randint(1, 4)):
        proxy = context.rng.choice(context.place.proxies)
        proxy.refuse()
        proxy.cut()
        await asyncio.sleep(context.rng.uniform(0.0, 1.0))
        await proxy.accept()
        await asyncio.sleep(context.rng.uniform(0.2, 1.0))


async def slow_network(context: FaultContext) -> None:
    """Delay every byte to and from a broker."""
    proxy = context.rng.choice(context.place.proxies)
    proxy.latency_s = context.rng.uniform(0.05, 0.5)
    await asyncio.sleep(context.rng.uniform(2.0, 5.0))
    proxy.latency_s = 0.0


async def _remove(context: FaultContext, broker: KafkaServer, leave: Callable[[KafkaServer], None]) -> None:
    await asyncio.to_thread(leave, broker)
    await asyncio.sleep(context.rng.uniform(0.0, 3.0))
    await asyncio.to_thread(broker.start)
