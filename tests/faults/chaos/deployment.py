"""Tidemark on Kafka as it runs somewhere: brokers behind a network that can fail, and every service.

Two logs: one of a simulation, with ledger workers and the exporter; one that the gateway fills.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.servers.kafka import KafkaServer
from tests.servers.kafka_cluster import KafkaCluster
from tests.servers.kafka_properties import node_on_free_ports
from tests.servers.ports import HOST, free_port
from tests.servers.proxy import Proxy
from tidemark.services.defaults import wall_clock
from tidemark.streams.contracts.identity import LogIdentity
from tidemark.streams.log import create_log

from .programs import Program
from .waiting import until

READY_S = 60.0
PARTITIONS = 6


@dataclass
class Deployment:
    """`log` is the simulation's and `taken` the gateway's."""

    folder: Path
    cluster: KafkaCluster
    proxies: list[Proxy]
    log: str
    taken: str
    workers: list[Program]
    exporter: Program
    exporter_url: str
    gateway: Program
    gateway_url: str

    @property
    def brokers(self) -> list[KafkaServer]:
        return self.cluster.servers

    @property
    def services(self) -> list[Program]:
        """All that must run."""
        return [*self.workers, self.exporter, self.gateway]

    def worker(self, name: str) -> Program:
        """One more ledger worker of the simulation's log, not begun."""
        return Program(self.folder / f"{name}.log", "ledger", "--log", self.log)


@asynccontextmanager
async def run_deployment(folder: Path, nodes: int, workers: int) -> AsyncIterator[Deployment]:
    """All of it for as long as the block. Raises NotInstalled."""
    async with AsyncExitStack() as stack:
        ports = [free_port() for _ in range(nodes)]
        cluster = KafkaCluster(
            folder, nodes=[node_on_free_ports(1 + at, port) for at, port in enumerate(ports)]
        )
        proxies = [
            await stack.enter_async_context(Proxy(port, server.node.port))
            for port, server in zip(ports, cluster.servers, strict=True)
        ]
        stack.callback(cluster.kill)
        await asyncio.to_thread(cluster.start)
        place = _deployment(folder, cluster, proxies)
        place.workers += [place.worker(f"worker-{number}") for number in range(workers)]
        for url, content in ((place.log, "simulated"), (place.taken, "real")):
            log = await create_log(url, LogIdentity(partitions=PARTITIONS, content=content), wall_clock)
            await log.close()
        for program in place.services:
            await program.begin()
            stack.push_async_callback(program.kill)
        await answers(f"{place.gateway_url}/ready")
        yield place


def _deployment(folder: Path, cluster: KafkaCluster, proxies: list[Proxy]) -> Deployment:
    log, taken = (f"kafka://{cluster.address}/{name}" for name in ("simulated", "taken"))
    exporter, gateway = free_port(), free_port()
    return Deployment(
        folder=folder,
        cluster=cluster,
        proxies=proxies,
        log=log,
        taken=taken,
        workers=[],
        exporter=Program(folder / "exporter.log", "exporter", "--log", log, "--exporter-port", str(exporter)),
        exporter_url=f"http://{HOST}:{exporter}",
        gateway=Program(folder / "gateway.log", "gateway", "--log", taken, "--gateway-port", str(gateway)),
        gateway_url=f"http://{HOST}:{gateway}",
    )


async def answers(url: str) -> None:
    """Wait until it answers 200."""
    async with httpx.AsyncClient() as client:

        async def well() -> bool:
            try:
                return (await client.get(url)).status_code == 200
            except httpx.TransportError:
                return False

        await until(well, READY_S)
