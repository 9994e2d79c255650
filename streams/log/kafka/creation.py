"""Making a log on Kafka, and what else needs an admin's rights."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import msgspec
from aiokafka.admin import AIOKafkaAdminClient

from tidemark.streams.contracts.family import Stream
from tidemark.streams.contracts.identity import LogIdentity
from tidemark.streams.log.errors import LogExists

from .address import KafkaAddress
from .connecting import connect
from .control import GENERATION, IDENTITY, Control, write_control
from .errors import translated
from .topics import GIVEN_ARRIVAL, Topic, Topics, arrival_settings, log_topics, state_topics

FIRST_GENERATION = 1


@asynccontextmanager
async def administered(address: KafkaAddress) -> AsyncIterator[Topics]:
    """The broker's topics. Raises LogError."""
    with translated(address):
        admin = AIOKafkaAdminClient(**address.client_settings())
        try:
            await connect(address, admin)
            yield Topics(admin)
        finally:
            await admin.close()


async def missing_topics(address: KafkaAddress, identity: LogIdentity) -> list[Topic]:
    """What `apply_topics` would make. Raises TopicsDiffer, LogExists, LogError."""
    async with administered(address) as topics:
        wanted = log_topics(address, identity)
        missing = await topics.missing(wanted)
    generation = FIRST_GENERATION
    if all(topic.name != address.topic("control") for topic in missing):
        generation = await _generation_of(address, identity) or FIRST_GENERATION
    async with administered(address) as topics:
        return missing + await topics.missing(state_topics(address, identity.partitions, generation))


async def apply_topics(
    address: KafkaAddress, identity: LogIdentity, replication: int | None = None
) -> list[Topic]:
    """Make the topics that are missing and say which. Safe to run again; raises as above."""
    missing = await missing_topics(address, identity)
    async with administered(address) as topics:
        await topics.create(missing, replication)
    if not await _generation_of(address, identity):
        await write_control(
            address, {GENERATION: b"%d" % FIRST_GENERATION, IDENTITY: msgspec.json.encode(identity)}
        )
    return missing


@asynccontextmanager
async def arrivals_kept(address: KafkaAddress, identity: LogIdentity) -> AsyncIterator[None]:
    """While a log is copied here its records keep their arrival times; afterwards the broker sets them.

    Records keep what they were given: the kind of time stands in each batch.
    """
    await _set_arrival(address, GIVEN_ARRIVAL)
    try:
        yield
    finally:
        await _set_arrival(address, arrival_settings(identity.content))


async def _set_arrival(address: KafkaAddress, settings: dict[str, str]) -> None:
    async with administered(address) as topics:
        for stream in Stream:
            await topics.configure(address.topic(stream.value), settings)


async def _generation_of(address: KafkaAddress, identity: LogIdentity) -> int:
    """The generation served, 0 for a log that is not finished. Raises LogExists for another log."""
    control = await Control.open(address)
    try:
        found = control.identity
        if found is not None and found != identity:
            raise LogExists(
                f"{address.servers}, {address.name}: holds a log of {found.content} events of "
                f"{found.district}, zone {found.zone}, {found.partitions} partitions; open it as it is or "
                "choose another name in the URL"
            )
        return control.generation if found else 0
    finally:
        await control.close()
