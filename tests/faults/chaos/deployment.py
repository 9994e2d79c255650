"""Tidemark on Kafka as in production: brokers behind a network that can fail, and the services.

There are two logs: one of a simulation, with ledger workers and the exporter, and one that the gateway fills.
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
from .waiting import wait_until

READY_S = 60.0
PARTITIONS = 6


@dataclass
class Deployment:
    """`log` is the simulation's log, `gateway_log` the gateway's."""

    folder: Path
    cluster: KafkaCluster
    proxies: list[Proxy]
    log: str
    gateway_log: str
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
        """All programs that must run."""
        return [*self.workers, self.exporter, self.gateway]

    def worker(self, name: str) -> Program:
        """Another ledger worker for the simulation's log, not begun yet."""
        return Program(self.folder / f"{name}.log", "ledger", "--log", self.log)


@asynccontextmanager
async def run_deployment(folder: Path, nodes: int, workers: int) -> AsyncIterator[Deployment]:
    """Run the deployment during the block. Raises NotInstalled."""
    async with AsyncExitStack() as stack:
        ports = [free_port() for _ in range(nodes)]
        cluster = KafkaCluster(
            folder, nodes=[node_on_free_ports(number, port) for number, port in enumerate(ports, 1)]
        )
        proxies = [
            await stack.enter_async_context(Proxy(port, server.node.port))
            for port, server in zip(ports, cluster.servers, strict=True)
        ]
        stack.callback(cluster.kill)
        await asyncio.to_thread(cluster.start)
        place = _deployment(folder, cluster, proxies)
        place.workers += [place.worker(f"worker-{number}") for number in range(workers)]
        for url, content in ((place.log, "simulated"), (place.gateway_log, "real")):
            log = await create_log(url, LogIdentity(partitions=PARTITIONS, content=content), wall_clock)
            await log.close()
        for program in place.services:
            await program.begin()
            stack.push_async_callback(program.kill)
        await wait_until_ready(f"{place.gateway_url}/ready")
        yield place


def _deployment(folder: Path, cluster: KafkaCluster, proxies: list[Proxy]) -> Deployment:
    log, received = (f"kafka://{cluster.address}/{name}" for name in ("simulated", "gateway"))
    exporter, gateway = free_port(), free_port()
    return Deployment(
        folder=folder,
        cluster=cluster,
        proxies=proxies,
        log=log,
        gateway_log=received,
        workers=[],
        exporter=Program(folder / "exporter.log", "exporter", "--log", log, "--exporter-port", str(exporter)),
        exporter_url=f"http://{HOST}:{exporter}",
        gateway=Program(folder / "gateway.log", "gateway", "--log", received, "--gateway-port", str(gateway)),
        gateway_url=f"http://{HOST}:{gateway}",
    )


async def wait_until_ready(url: str) -> None:
    """Wait until the URL answers 200."""
    async with httpx.AsyncClient() as client:

        async def is_ready() -> bool:
            try:
                return (await client.get(url)).status_code == 200
            except httpx.TransportError:
                return False

        await wait_until(is_ready, READY_S)
