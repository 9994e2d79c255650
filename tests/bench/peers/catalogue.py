"""The peers compared: their guarantees, and how to run each of them."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from tests.bench.peers import ledger, rows
from tests.bench.peers.facts import PARTITIONS, Totals
from tests.bench.peers.install import JARS, PYTHON
from tests.bench.peers.run import PROGRAMS, Run
from tests.bench.peers.topics import Row, read_totals
from tidemark.streams.log.engine import Topic
from tidemark.streams.log.kafka.topics import Topics

RAW = "raw aiokafka"
TIDEMARK = "Tidemark's ledger"


async def _prepare_nothing(_run: Run) -> None:
    pass


async def _read_none(_run: Run) -> None:
    return None


@dataclass(frozen=True)
class Peer:
    """A way to compute the three totals.

    `most`: the greatest number of events, so that a slow peer ends within a minute. `totals` reads the
    totals it published; None if it has none. `group` is the consumer group it commits to.
    """

    name: str
    guarantee: str
    aggregates: str
    command: Callable[[Run], list[str]]
    totals: Callable[[Run], Awaitable[Totals | None]] = _read_none
    prepare: Callable[[Run], Awaitable[None]] = _prepare_nothing
    group: Callable[[Run], str] = lambda run: run.group
    most: int = 100_000_000


def _python(program: str) -> Callable[[Run], list[str]]:
    return lambda run: [str(PYTHON), str(PROGRAMS / program), *run.arguments]


def _java(store: str) -> Callable[[Run], list[str]]:
    return lambda run: ["java", "-Xmx1g", "-cp", f"{JARS}/*", "Totals", store, *run.values]


def _read(row: Row) -> Callable[[Run], Awaitable[Totals | None]]:
    async def read(run: Run) -> Totals:
        return await read_totals(run.broker, run.admin, run.group, row)

    return read


def _topics(*names: str) -> Callable[[Run], Awaitable[None]]:
    """Create these topics before the run, for a peer that does not create its output topics."""

    async def make(run: Run) -> None:
        await Topics(run.admin).create(
            [Topic(f"{run.group}-{name}", PARTITIONS, {"cleanup.policy": "compact"}) for name in names]
        )

    return make


PEERS = [
    Peer(RAW, "none: only reads and counts", "0", _python("raw_aiokafka.py")),
    Peer(
        "bare confluent-kafka",
        "none: a crash loses the sums",
        "3",
        _python("bare_confluent.py"),
        totals=_read(rows.bare),
        prepare=_topics("totals"),
    ),
    Peer(
        "Kafka Streams, memory",
        "exactly-once (v2)",
        "3",
        _java("memory"),
        totals=_read(rows.kafka_streams),
    ),
    Peer(
        "Kafka Streams, RocksDB",
        "exactly-once (v2)",
        "3",
        _java("rocksdb"),
        totals=_read(rows.kafka_streams),
    ),
    Peer(
        "Quix Streams",
        "exactly-once",
        "3, places per sensor",
        _python("quix.py"),
        totals=_read(rows.quix),
        most=200_000,
    ),
    Peer(
        "stock Faust, 3 Tables",
        "at least once",
        "3, places per partition",
        _python("stock_faust.py"),
        totals=_read(rows.faust),
        prepare=_topics("place-quarter-changelog", "place-day-changelog", "sensor-day-changelog"),
        most=20_000,
    ),
    Peer(
        TIDEMARK,
        "exactly-once, duplicates dropped",
        "3 and more",
        ledger.command,
        totals=ledger.read_totals,
        prepare=ledger.prepare,
        group=ledger.group,
    ),
]
