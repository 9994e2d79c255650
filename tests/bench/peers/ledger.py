"""Tidemark's ledger on the topic that all peers read. Its cells include the three totals and more."""

from datetime import timedelta

from aiokafka import AIOKafkaConsumer, TopicPartition

from tests.bench.peers.facts import PARTITIONS, ZONE, Totals
from tests.bench.peers.run import Run
from tests.bench.peers.topics import delete_topics
from tests.support.commands import TIDEMARK
from tidemark.streams.contracts.civil import Grain, format_period, instant
from tidemark.streams.contracts.identity import LogIdentity
from tidemark.streams.contracts.published import CellKey, Kind, decode_vector
from tidemark.streams.families.footfall import FOOTFALL_PLACE, FOOTFALL_SENSOR
from tidemark.streams.families.table import decode_key
from tidemark.streams.log import engine_of

IDENTITY = LogIdentity(partitions=PARTITIONS, content="simulated", zone=ZONE.key)
QUARTER = timedelta(minutes=15)


def url(run: Run) -> str:
    """The log whose facts are the run's topic."""
    return f"kafka://{run.broker}/{run.name}"


def command(run: Run) -> list[str]:
    """The command, as a user runs it."""
    return [str(TIDEMARK), "ledger", "--log", url(run), "--until-caught-up", "--json"]


def group(run: Run) -> str:
    """The consumer group that its transactions commit to."""
    return f"{run.name}.ledger"


async def prepare(run: Run) -> None:
    """Delete what the previous run published, and reset its group, which shows progress, to the start."""
    await delete_topics(run.admin, f"{run.name}.", but=run.topic)
    await engine_of(url(run)).apply_topics(IDENTITY)
    consumer = AIOKafkaConsumer(bootstrap_servers=run.broker, group_id=group(run), enable_auto_commit=False)
    consumer.assign([TopicPartition(run.topic, partition) for partition in range(PARTITIONS)])
    await consumer.start()
    try:
        await consumer.commit(dict.fromkeys(consumer.assignment(), 0))
    finally:
        await consumer.stop()


async def read_totals(run: Run) -> Totals:
    """Read the cells of the three totals, summed over partitions."""
    reader = await engine_of(url(run)).open_state_reader()
    try:
        rows = [row for _, row in await reader.rows(Kind.CELL)]
    finally:
        await reader.close()
    summed: Totals = {}
    for row in rows:
        name = _name(decode_key(row.key))
        if name and row.value is not None:
            summed[name] = summed.get(name, 0) + decode_vector(row.value)[0]
    return summed


def _name(key: CellKey) -> str:
    """The other peers' name for the cell; empty if they do not have it."""
    kept = (key.measure.name, key.grain)
    if kept == (FOOTFALL_PLACE.name, Grain.QUARTER):
        start = instant(key.period * (QUARTER // timedelta(milliseconds=1))).astimezone(ZONE)
        return f"{key.dimensions[0]} {start:%Y-%m-%dT%H:%M}"
    if kept in ((FOOTFALL_PLACE.name, Grain.DAY), (FOOTFALL_SENSOR.name, Grain.DAY)):
        return f"{key.dimensions[-1]} {format_period(Grain.DAY, key.period)}"
    return ""
