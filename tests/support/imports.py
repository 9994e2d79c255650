"""What the importer's tests share: a log in memory, a run of the importer, and what it appended."""

from collections.abc import Sequence
from pathlib import Path

from tidemark.services.importer.files import InputFile
from tidemark.services.importer.importing import Hooks, Summary, import_file, outcomes
from tidemark.services.importer.loading import load_mapping
from tidemark.services.importer.mapping import Mapping
from tidemark.services.importer.rejects import RejectFile
from tidemark.streams.contracts.envelope import Event
from tidemark.streams.contracts.family import Stream
from tidemark.streams.contracts.identity import Content, LogIdentity
from tidemark.streams.families.codec import decode
from tidemark.streams.log.memory import MemoryLog
from tidemark.streams.log.port import Entry, EventLog, Receipt

from .log_contents import partition_of_log

MAPPINGS = Path("seeds/mappings")
MELBOURNE = Path("seeds/samples/melbourne-pedestrians-2014-12.csv")
NOW_MS = 1_767_225_600_000
LONG = 1_000_000


def seed_mapping(name: str) -> Mapping:
    return load_mapping((MAPPINGS / f"{name}.toml").read_text(encoding="utf-8"))


def memory_log(zone: str = "Asia/Shanghai", content: Content = "real") -> MemoryLog:
    return MemoryLog(LogIdentity(zone=zone, content=content), lambda: NOW_MS)


class FailingLog(MemoryLog):
    """A log that fails once `appends_left` appends are used up."""

    def __init__(self, identity: LogIdentity) -> None:
        super().__init__(identity, lambda: NOW_MS)
        self.appends_left = LONG

    async def append(
        self, stream: Stream, entries: Sequence[Entry], receipt: Receipt | None = None
    ) -> list[int]:
        if self.appends_left == 0:
            raise InterruptedError("killed")
        self.appends_left -= 1
        return await super().append(stream, entries, receipt)


class ForgetfulLog(MemoryLog):
    """A log without receipts: the negative control of importing twice."""

    async def append(
        self, stream: Stream, entries: Sequence[Entry], receipt: Receipt | None = None
    ) -> list[int]:
        return await super().append(stream, entries)


async def run(
    path: Path, mapping: Mapping, log: EventLog, rejects: Path, max_rejects: int | None = None
) -> Summary:
    hooks = Hooks(now=lambda: NOW_MS, progress=lambda _position: None, max_rejects=max_rejects)
    with RejectFile(rejects) as rejected:
        return await import_file(InputFile(path), mapping, log, rejected, hooks)


async def read_appended(log: EventLog, stream: Stream = Stream.FACTS) -> list[list[bytes]]:
    """The values of each partition, in its order."""
    return [
        [record.value for record in await partition_of_log(log, stream, partition)]
        for partition in range(log.identity.partitions)
    ]


async def events_in(log: MemoryLog) -> list[Event]:
    return [decode(value) for values in await read_appended(log) for value in values]


def translate_file(path: Path, mapping: Mapping) -> tuple[list[Event], list[tuple[int, str, str]]]:
    """The events of a file, and (line, field, problem) of each rejected row."""
    translated = list(outcomes(InputFile(path), mapping))
    return (
        [outcome.event for outcome in translated if outcome.event is not None],
        [(o.row.line, o.problem.field, o.problem.problem) for o in translated if o.problem is not None],
    )
