"""Three Kafka brokers, each of which can fail."""

import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.servers.kafka import SHORT_LIVED, KafkaServer
from tests.servers.kafka_properties import Node, node_on_free_ports


class KafkaCluster:
    """Nodes that are each broker and controller, by default three; topics have three replicas, two in sync.

    `servers` are the nodes. Used like KafkaServer.
    """

    def __init__(
        self,
        folder: Path,
        properties: Mapping[str, str] | None = None,
        *,
        nodes: Sequence[Node] = (),
        jvm: Sequence[str] = SHORT_LIVED,
    ) -> None:
        nodes = nodes or [node_on_free_ports(number) for number in (1, 2, 3)]
        self.servers = [
            KafkaServer(folder / f"node-{node.id}", properties, node=node, cluster=nodes, jvm=jvm)
            for node in nodes
        ]

    @property
    def address(self) -> str:
        """The address for clients: host:port of each node, separated by commas."""
        return ",".join(server.address for server in self.servers)

    @property
    def running(self) -> bool:
        """Whether all nodes are running."""
        return all(server.running for server in self.servers)

    def server(self, number: int) -> KafkaServer:
        """The node with this number, which is how metadata names leaders."""
        return next(server for server in self.servers if server.node.id == number)

    def start(self) -> None:
        """Start, and wait until every node answers and announces all nodes."""
        owner = os.getpid()
        numbers = {server.node.id for server in self.servers}
        try:
            self._call_each(lambda server: server.launch(owner))
            self._call_each(lambda server: server.wait_until_it_answers(numbers))
        except BaseException:
            self.kill()
            raise

    def stop(self) -> None:
        """A clean stop of all at once. The last two take seconds: no node is left to hand over to."""
        self._call_each(KafkaServer.stop)

    def kill(self) -> None:
        """SIGKILL to all, and wait until they are gone."""
        for server in self.servers:
            server.kill()

    def _call_each(self, call: Callable[[KafkaServer], None]) -> None:
        with ThreadPoolExecutor(len(self.servers)) as pool:
            list(pool.map(call, self.servers))

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()
        if error is not None:
            error.add_note(f"the brokers' logs: {', '.join(str(server.log) for server in self.servers)}")
