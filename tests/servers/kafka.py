"""An Apache Kafka broker for a test, which can be started, stopped, killed, and started again."""

import asyncio
import os
import subprocess
import time
from collections.abc import Mapping, Sequence, Set
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Self

from aiokafka.conn import create_conn
from aiokafka.errors import KafkaError
from aiokafka.protocol.metadata import MetadataRequest

from tests.servers.kafka_properties import Node, node_on_free_ports, server_properties, write_properties
from tests.servers.ports import HOST
from tests.servers.process import ServerFailed, ServerProcess, start
from tests.servers.require import KAFKA_ARCHIVE, kafka_classpath, program

CLUSTER_ID = "dGlkZW1hcmstdGVzdHMtLQ"  # 16 bytes in base64, as the storage format requires
START_TIMEOUT_S = 60.0
STOP_TIMEOUT_S = 20.0
SHORT_LIVED = (
    "-Xmx512m",
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",
    f"-XX:SharedArchiveFile={KAFKA_ARCHIVE}",
)
MEASURED = ("-Xms1g", "-Xmx1g", "-XX:+UseG1GC")
LOGGING = (
    "-Dorg.slf4j.simpleLogger.showDateTime=true",
    "-Dorg.slf4j.simpleLogger.dateTimeFormat=HH:mm:ss.SSS",
)


class KafkaServer:
    """A broker and its folder. Its ports, data and log stay the same across restarts.

    `properties` are added to server.properties and override those of the tests. `jvm` is SHORT_LIVED, quick
    to start, or MEASURED, for benchmarks. As a context manager it runs during the block; an error that leaves
    the block names the log. Raises NotInstalled if Java or the jars are missing.
    """

    def __init__(
        self,
        folder: Path,
        properties: Mapping[str, str] | None = None,
        *,
        node: Node | None = None,
        cluster: Sequence[Node] = (),
        jvm: Sequence[str] = SHORT_LIVED,
    ) -> None:
        self.node = node or node_on_free_ports()
        self.folder = folder
        self.log = folder / "broker.log"
        self._java = [program("java"), *jvm, *LOGGING, "-cp", kafka_classpath()]
        self._settings = folder / "server.properties"
        self._process: ServerProcess | None = None
        folder.mkdir(parents=True, exist_ok=True)
        write_properties(
            self._settings,
            {
                **server_properties(self.node, cluster or [self.node], folder / "data"),
                **(properties or {}),
            },
        )

    @property
    def address(self) -> str:
        """The address for clients: host:port."""
        return self.node.address

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.running

    def start(self, owner: int | None = None) -> None:
        """Start, and wait until the broker answers. It ends with its owner, by default this process."""
        try:
            self.launch(owner or os.getpid())
            self.wait_until_it_answers()
        except BaseException:
            self.kill()
            raise

    def launch(self, owner: int) -> None:
        """Start the process and do not wait."""
        assert not self.running, "the broker is already running"
        if not (self.folder / "data" / "meta.properties").exists():
            self._format()
        command = [*self._java, "kafka.Kafka", str(self._settings)]
        self._process = start(command, self.log, owner)

    def _format(self) -> None:
        command = [*self._java, "kafka.tools.StorageTool", "format"]
        command += ["--cluster-id", CLUSTER_ID, "--config", str(self._settings)]
        with self.log.open("ab") as log:
            done = subprocess.run(command, stdout=log, stderr=log, timeout=START_TIMEOUT_S, check=False)
        if done.returncode:
            raise ServerFailed("Kafka's storage could not be formatted", self.log)

    def wait_until_it_answers(self, nodes: Set[int] = frozenset()) -> None:
        """Wait until it announces itself and these nodes. Raises ServerFailed if it ends or is too slow."""
        deadline = time.monotonic() + START_TIMEOUT_S
        while not self.live_nodes() >= nodes | {self.node.id}:
            if not self.running:
                raise ServerFailed("the broker ended", self.log)
            if time.monotonic() > deadline:
                raise ServerFailed(f"the broker does not answer after {START_TIMEOUT_S:.0f} s", self.log)
            time.sleep(0.05)

    def live_nodes(self) -> Set[int]:
        """The numbers of the brokers that it announces to clients; empty if it does not answer."""
        with ThreadPoolExecutor(1) as pool:  # the caller may be inside an event loop
            return pool.submit(asyncio.run, _live_nodes(self.node.internal_port)).result()

    def stop(self) -> None:
        """A clean stop: the broker hands over and closes its files. Killed if that takes too long."""
        if self._process:
            self._process.end(STOP_TIMEOUT_S)

    def kill(self) -> None:
        """SIGKILL, and wait until it is gone."""
        if self._process:
            self._process.kill()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()  # nobody reads its data again
        if error is not None:
            error.add_note(f"the broker's log: {self.log}")


async def _live_nodes(port: int) -> Set[int]:
    try:
        connection = await create_conn(HOST, port, request_timeout_ms=2_000)
    except (OSError, KafkaError, TimeoutError):
        return frozenset()
    try:
        answer = await connection.send(MetadataRequest([]))
    except (OSError, KafkaError, TimeoutError):
        return frozenset()
    finally:
        connection.close()
    return {number for number, *_ in answer.brokers}
