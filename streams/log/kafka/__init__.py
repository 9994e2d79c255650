"""The engine of logs on Apache Kafka: topics `NAME.facts`, `NAME.signals`, `NAME.control` and the state's.

address.py parses the URL; client.py, producing.py and reading.py connect to the brokers for everything
else here, with a limit on every wait; control.py stores the log's identity, generation and receipts.
"""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import msgspec

from tidemark.streams.contracts.family import Stream
from tidemark.streams.contracts.identity import LogIdentity
from tidemark.streams.log.engine import MIN_FREE_BYTES, Manifest, Progress, Rights, Topic
from tidemark.streams.log.errors import LogAddressInvalid, LogExists, LogUnsupported
from tidemark.streams.log.port import close_after
from tidemark.streams.storage import OnStep, ignore_step

from .address import parse_kafka
from .control import GENERATION, IDENTITY, Control, write_control
from .group import KafkaAssignment
from .log import KafkaLog
from .state_reader import KafkaStateReader
from .state_writer import KafkaStateWriter
from .topics import GIVEN_ARRIVAL, arrival_settings, log_topics, open_topics, state_topics

FIRST_GENERATION = 1


class KafkaEngine:
    """The Engine of kafka://host:9092/name. Creating topics takes rights that services do not have."""

    made_by_services = False

    def __init__(self, url: str) -> None:
        self._url = url
        self.address = parse_kafka(url)

    async def create(self, identity: LogIdentity) -> None:
        await self.apply_topics(identity)

    async def open_log(
        self, clock: Callable[[], int], min_free_bytes: int = MIN_FREE_BYTES, on_step: OnStep = ignore_step
    ) -> KafkaLog:
        return await KafkaLog.open(self.address, clock)

    async def open_state_writer(self, on_step: OnStep = ignore_step) -> KafkaStateWriter:
        return await KafkaStateWriter.open(self.address)

    async def begin_rebuild(self, on_step: OnStep = ignore_step) -> KafkaStateWriter:
        return await KafkaStateWriter.rebuild(self.address)

    async def open_state_reader(self) -> KafkaStateReader:
        return await KafkaStateReader.open(self.address)

    async def join(self, partitions: int, instance: str | None = None) -> KafkaAssignment:
        return await KafkaAssignment.join(self.address, instance)

    @asynccontextmanager
    async def keep_arrivals(self, identity: LogIdentity) -> AsyncIterator[None]:
        """Records keep these times afterwards: each batch says what kind of time it holds."""
        await self._set_arrival(GIVEN_ARRIVAL)
        try:
            yield
        finally:
            await self._set_arrival(arrival_settings(identity.content))

    def free_bytes(self) -> None:
        return None

    def back_up(self, target: Path, progress: Progress) -> Manifest:
        raise self._no_file()

    def restore(self, source: Path, replace: bool = False) -> Manifest:
        raise self._no_file()

    async def apply_topics(
        self, identity: LogIdentity, replication: int | None = None, dry_run: bool = False
    ) -> list[Topic]:
        missing = await self._find_missing_topics(identity)
        if dry_run:
            return missing
        async with open_topics(self.address) as topics:
            await topics.create(missing, replication)
        if not await self._read_generation(identity):
            values = {GENERATION: b"%d" % FIRST_GENERATION, IDENTITY: msgspec.json.encode(identity)}
            await write_control(self.address, values)
        return missing

    async def apply_rights(self, rights: Rights, dry_run: bool) -> list[str]:
        with _admin_extra():
            from .rights import apply_rights  # noqa: PLC0415  an optional extra
        return await apply_rights(self.address, rights, dry_run)

    async def _find_missing_topics(self, identity: LogIdentity) -> list[Topic]:
        async with open_topics(self.address) as topics:
            missing = await topics.find_missing(log_topics(self.address, identity))
        generation = FIRST_GENERATION
        if all(topic.name != self.address.topic("control") for topic in missing):
            generation = await self._read_generation(identity) or FIRST_GENERATION
        async with open_topics(self.address) as topics:
            return missing + await topics.find_missing(
                state_topics(self.address, identity.partitions, generation)
            )

    async def _set_arrival(self, settings: dict[str, str]) -> None:
        with _admin_extra():
            from .admin import change_settings  # noqa: PLC0415  an optional extra
        await change_settings(self.address, [self.address.topic(stream.value) for stream in Stream], settings)

    async def _read_generation(self, identity: LogIdentity) -> int:
        """The generation served, 0 for a log that is not finished. Raises LogExists for another log."""
        async with close_after(await Control.open(self.address)) as control:
            existing = control.identity
            if existing is not None and existing != identity:
                raise LogExists(
                    f"{self.address.servers}, {self.address.name}: already holds a log of {existing.content} "
                    f"events of {existing.district}, zone {existing.zone}, {existing.partitions} partitions; "
                    "open it as it is or choose another name in the URL"
                )
            return control.generation if existing else 0

    def _no_file(self) -> LogAddressInvalid:
        return LogAddressInvalid(
            f"{self._url}: is not a file; copy the log into one with `tidemark log copy`"
        )


@contextmanager
def _admin_extra() -> Iterator[None]:
    """A block of imports that need the extra kafka-admin. Raises LogUnsupported where it is missing."""
    try:
        yield
    except ModuleNotFoundError as error:
        if error.name != "confluent_kafka":
            raise
        raise LogUnsupported(
            "changing rights and topic settings on Kafka needs confluent-kafka, which is not installed; "
            "install it with: pip install 'tidemark[kafka-admin]'"
        ) from error
