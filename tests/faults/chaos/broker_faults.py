"""What happens to brokers and on the way to them."""

import asyncio
from collections.abc import Callable

from tests.servers.kafka import KafkaServer

from .broker_view import leader_of
from .context import FaultContext
from .deployment import PARTITIONS


async def broker_killed(context: FaultContext) -> None:
    """SIGKILL, and back after a moment."""
    await _away(context, context.rng.choice(context.place.brokers), KafkaServer.kill)


async def broker_bounced(context: FaultContext) -> None:
    """The clean way: it hands over what it leads, if there is anybody, and comes back at once."""
    await _away(context, context.rng.choice(context.place.brokers), KafkaServer.stop)


async def leader_changed(context: FaultContext) -> None:
    """The node that leads a partition of facts hands it over and stays away for some time."""
    leader = await leader_of(
        context.place.cluster.address, "simulated.facts", context.rng.randrange(PARTITIONS)
    )
    server = context.place.cluster.server(leader)
    await asyncio.to_thread(server.stop)
    await asyncio.sleep(context.rng.uniform(3.0, 6.0))
    await asyncio.to_thread(server.start)


async def connections_cut(context: FaultContext) -> None:
    """All at once, some times; new ones may be refused meanwhile."""
    for _ in range(context.rng.randint(1, 4)):
        proxy = context.rng.choice(context.place.proxies)
        proxy.refuse()
        proxy.cut()
        await asyncio.sleep(context.rng.uniform(0.0, 1.0))
        await proxy.accept()
        await asyncio.sleep(context.rng.uniform(0.2, 1.0))


async def network_slow(context: FaultContext) -> None:
    """Every byte on the way to and from a broker takes longer."""
    proxy = context.rng.choice(context.place.proxies)
    proxy.latency_s = context.rng.uniform(0.05, 0.5)
    await asyncio.sleep(context.rng.uniform(2.0, 5.0))
    proxy.latency_s = 0.0


async def _away(context: FaultContext, broker: KafkaServer, leave: Callable[[KafkaServer], None]) -> None:
    await asyncio.to_thread(leave, broker)
    await asyncio.sleep(context.rng.uniform(0.0, 3.0))
    await asyncio.to_thread(broker.start)
