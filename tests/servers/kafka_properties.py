"""The settings of the tests' brokers: quick to start, quick to rebalance, small."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.servers.ports import HOST, free_port


@dataclass(frozen=True)
class Node:
    """A broker's number and its ports on 127.0.0.1; clients use the advertised port."""

    id: int
    port: int
    internal_port: int
    controller_port: int
    advertised_port: int

    @property
    def address(self) -> str:
        return f"{HOST}:{self.advertised_port}"


def node_on_free_ports(number: int = 1, advertised_port: int | None = None) -> Node:
    """The advertised port is the broker's own unless another is given, such as a proxy's."""
    port = free_port()
    return Node(number, port, free_port(), free_port(), advertised_port or port)


def server_properties(node: Node, nodes: Sequence[Node], data: Path) -> dict[str, str]:
    """server.properties of one node of a cluster in which each is broker and controller.

    Clients use the listener CLIENT; brokers use INTERNAL, which is neither secured nor behind a proxy.
    """
    replicas = str(min(3, len(nodes)))
    in_sync = str(min(2, len(nodes)))
    return {
        "process.roles": "broker,controller",
        "node.id": str(node.id),
        "controller.quorum.voters": ",".join(f"{each.id}@{HOST}:{each.controller_port}" for each in nodes),
        "listeners": f"CLIENT://{HOST}:{node.port},INTERNAL://{HOST}:{node.internal_port},"
        f"CONTROLLER://{HOST}:{node.controller_port}",
        "advertised.listeners": f"CLIENT://{node.address},INTERNAL://{HOST}:{node.internal_port}",
        "listener.security.protocol.map": "CLIENT:PLAINTEXT,INTERNAL:PLAINTEXT,CONTROLLER:PLAINTEXT",
        "inter.broker.listener.name": "INTERNAL",
        "controller.listener.names": "CONTROLLER",
        "log.dirs": str(data),
        "auto.create.topics.enable": "false",
        "num.partitions": "1",
        "default.replication.factor": replicas,
        "min.insync.replicas": in_sync,
        "offsets.topic.num.partitions": "2",
        "offsets.topic.replication.factor": replicas,
        "transaction.state.log.num.partitions": "2",
        "transaction.state.log.replication.factor": replicas,
        "transaction.state.log.min.isr": in_sync,
        "share.coordinator.state.topic.num.partitions": "1",
        "share.coordinator.state.topic.replication.factor": replicas,
        "share.coordinator.state.topic.min.isr": in_sync,
        "transaction.abort.timed.out.transaction.cleanup.interval.ms": "500",
        "group.initial.rebalance.delay.ms": "0",
        "group.min.session.timeout.ms": "1000",
        "broker.heartbeat.interval.ms": "250",
        "broker.session.timeout.ms": "2000",
        "log.retention.hours": "-1",
        "num.network.threads": "2",
        "num.io.threads": "4",
        "background.threads": "2",
        "log.cleaner.dedupe.buffer.size": "8388608",
    }


def write_properties(path: Path, properties: Mapping[str, str]) -> None:
    """Write a `name=value` per line; backslashes and line breaks are escaped as Java reads them."""
    escaped = {name: value.replace("\\", "\\\\").replace("\n", "\\n") for name, value in properties.items()}
    path.write_text("".join(f"{name}={value}\n" for name, value in escaped.items()))
