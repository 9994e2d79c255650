"""What happens to brokers and on the way to them."""

import asyncio
from collections.abc import Callable

from tests.servers.kafka import KafkaServer

from .broker_view import leader_of
from .deployment import PARTITIONS
from .scene import AssessmentContext


async def broker_killed(scene: AssessmentContext) -> None:
    """SIGKILL, and back after a moment."""
    await _away(scene, scene.rng.choice(scene.place.brokers), KafkaServer.kill)


async def broker_bounced(scene: AssessmentContext) -> None:
    """The clean way: it hands over what it leads, if there is anybody, and comes back at once."""
    await _away(scene, scene.rng.choice(scene.place.brokers), KafkaServer.stop)


async def leader_changed(scene: AssessmentContext) -> None:
    """The node that leads a partition of facts hands it over and stays away for some time."""
    leader = await leader_of(scene.place.cluster.address, "simulated.facts", scene.rng.randrange(PARTITIONS))
    server = scene.place.cluster.server(leader)
    await asyncio.to_thread(server.stop)
    await asyncio.sleep(scene.rng.uniform(3.0, 6.0))
    await asyncio.to_thread(server.start)


async def connections_cut(scene: AssessmentContext) -> None:
    """All at once, some times; new ones may be refused meanwhile."""
    for _ in range(scene.rng.randint(1, 4)):
        proxy = scene.rng.choice(scene.place.proxies)
        proxy.refuse()
        proxy.cut()
        await asyncio.sleep(scene.rng.uniform(0.0, 1.0))
        await proxy.accept()
        await asyncio.sleep(scene.rng.uniform(0.2, 1.0))


async def network_slow(scene: AssessmentContext) -> None:
    """Every byte on the way to and from a broker takes longer."""
    proxy = scene.rng.choice(scene.place.proxies)
    proxy.latency_s = scene.rng.uniform(0.05, 0.5)
    await asyncio.sleep(scene.rng.uniform(2.0, 5.0))
    proxy.latency_s = 0.0


async def _away(scene: AssessmentContext, broker: KafkaServer, leave: Callable[[KafkaServer], None]) -> None:
    await asyncio.to_thread(leave, broker)
    await asyncio.sleep(scene.rng.uniform(0.0, 3.0))
    await asyncio.to_thread(broker.start)
