"""`python -m tests.servers kafka`: runs Apache Kafka in the foreground, for experiments; Ctrl-C stops it."""

import argparse
import signal
import sys
import tempfile
import time
from pathlib import Path

from tests.servers.kafka_cluster import KafkaCluster
from tests.servers.kafka_properties import node_on_free_ports
from tests.servers.process import ServerFailed
from tests.servers.require import NotInstalled


def parse_property(text: str) -> tuple[str, str]:
    name, separator, value = text.partition("=")
    if not separator:
        raise argparse.ArgumentTypeError(f"{text}: write it as name=value")
    return name, value


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.servers", description=__doc__)
    parser.add_argument("server", choices=["kafka"])
    parser.add_argument("--nodes", type=int, choices=[1, 3], default=1)
    parser.add_argument(
        "--properties",
        nargs="*",
        type=parse_property,
        default=[],
        metavar="NAME=VALUE",
        help="for brokers",
    )
    return parser.parse_args()


def serve(folder: Path, nodes: int, properties: dict[str, str]) -> None:
    """Run the brokers until this is interrupted or a broker has ended. Raises ServerFailed, NotInstalled."""
    numbers = range(1, nodes + 1)
    with KafkaCluster(folder, properties, nodes=[node_on_free_ports(number) for number in numbers]) as kafka:
        print(kafka.address, flush=True)
        while kafka.running:
            time.sleep(0.2)
        ended = next(server for server in kafka.servers if not server.running)
        raise ServerFailed("a broker has ended", ended.log)


def main() -> int:
    arguments = parse_arguments()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with tempfile.TemporaryDirectory(prefix="tidemark-kafka-") as folder:
            serve(Path(folder), arguments.nodes, dict(arguments.properties))
    except KeyboardInterrupt:
        return 0
    except (NotInstalled, ServerFailed) as error:
        print(error, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
