"""The faults, each one a coroutine that does harm and lets what it broke come back."""

import asyncio
from collections.abc import Awaitable, Callable
from random import Random
from typing import NamedTuple

from aiokafka import AIOKafkaConsumer, TopicPartition

from streams.log.kafka_producing import TRANSACTION_TIMEOUT_MS
from tests.servers.kafka import KafkaServer

from .deployment import Deployment
from .feed import Feed
from .programs import Program

LIMIT_S = 90.0
MAX_VALUE_BYTES = 1_000_000
"""What a broker takes by default is 1,048,588 bytes a batch; the record's own head needs some."""


class Scene(NamedTuple):
    """Where it happens, what is fed meanwhile, and what decides."""

    place: Deployment
    feed: Feed
    rng: Random


Fault = Callable[[Scene], Awaitable[None]]


async def worker_killed(scene: Scene) -> None:
    """SIGKILL; what it held waits for its session to end, or for the next life to join."""
    await _killed(scene, scene.rng.choice(scene.place.workers))


async def gateway_killed(scene: Scene) -> None:
    """SIGKILL, with requests under way."""
    await _killed(scene, scene.place.gateway)


async def exporter_killed(scene: Scene) -> None:
    """SIGKILL; the next life shows nothing until it has read all."""
    await _killed(scene, scene.place.exporter)


async def worker_asleep(scene: Scene) -> None:
    """SIGSTOP past the session's end; when it wakes up, others have its partitions and it is refused."""
    worker = await _holding(scene)
    held = worker.holds()
    others = [other for other in scene.place.workers if other is not worker]
    worker.process.pause()
    try:
        await _until(lambda: held <= set().union(*(other.holds() for other in others)))
    finally:
        worker.process.resume()
    await _until(lambda: worker.times_said("partitions lost") > 0)


async def workers_come_and_go(scene: Scene) -> None:
    """Every second one more joins, or the oldest of them leaves."""
    guests: list[Program] = []
    for number in range(scene.rng.randint(3, 6)):
        if len(guests) == 2 or (guests and scene.rng.random() < 0.3):
            await guests.pop(0).end()
        else:
            guest = scene.place.worker(f"guest-{number}")
            await guest.begin()
            guests.append(guest)
        await asyncio.sleep(1.0)
    await asyncio.gather(*(guest.end() for guest in guests))


async def broker_killed(scene: Scene) -> None:
    """SIGKILL, and back after a moment."""
    await _away(scene, scene.rng.choice(scene.place.brokers), KafkaServer.kill)


async def broker_bounced(scene: Scene) -> None:
    """The clean way: it hands over what it leads, if there is anybody, and comes back at once."""
    await _away(scene, scene.rng.choice(scene.place.brokers), KafkaServer.stop)


async def leader_changed(scene: Scene) -> None:
    """The node that leads a partition of facts goes; the others choose another."""
    partition = TopicPartition("simulated.facts", scene.rng.randrange(len(scene.feed.partitions)))
    ...


async def connections_cut(scene: Scene) -> None:
    """All at once, some times; new ones may be refused meanwhile."""
    for _ in range(scene.rng.randint(1, 4)):
        proxy = scene.rng.choice(scene.place.proxies)
        proxy.refuse()
        proxy.cut()
        await asyncio.sleep(scene.rng.uniform(0.0, 1.0))
        await proxy.accept()
        await asyncio.sleep(scene.rng.uniform(0.2, 1.0))


async def network_slow(scene: Scene) -> None:
    """Every byte on the way to and from a broker takes longer."""
    proxy = scene.rng.choice(scene.place.proxies)
    proxy.latency_s = scene.rng.uniform(0.05, 0.5)
    await asyncio.sleep(scene.rng.uniform(2.0, 5.0))
    proxy.latency_s = 0.0
