"""Appends the rows of a file to the log in batches, each with a receipt of the row reached."""

from collections.abc import Callable, Generator
from contextlib import closing
from hashlib import sha256
from typing import NamedTuple

import msgspec

from tidemark.streams.contracts.admission import Rules
from tidemark.streams.contracts.envelope import Event
from tidemark.streams.contracts.identity import LogIdentity
from tidemark.streams.families.codec import encode
from tidemark.streams.families.table import FAMILY_OF, TYPE_BY_NAME
from tidemark.streams.log.port import Entry, EventLog, Receipt

from .errors import ImportRefused, RowInvalid, TooManyRejects
from .files import InputFile
from .mapping import Mapping
from .rejects import RejectFile
from .rows import Row, read_rows
from .translate import Translator

BATCH = 5_000
"""Rows between two appends: the rows held in memory, and repeated after an interruption."""


class ImportPosition(msgspec.Struct):
    """The progress of a file's import, which is the value of its receipt. `row` counts the rows read,
    except blank rows."""

    row: int = 0
    events: int = 0
    skipped: int = 0
    rejected: int = 0
    done: bool = False
    at_ms: int = 0


class Outcome(NamedTuple):
    """The result of a row: an event, a problem, or neither if the row is skipped."""

    row: Row
    event: Event | None = None
    problem: RowInvalid | None = None


class Hooks(NamedTuple):
    """The import's clock, in milliseconds; a callback that receives the number of bytes read; and the
    most rows that may be rejected (None: any number)."""

    now: Callable[[], int]
    progress: Callable[[int], object]
    max_rejects: int | None = None


class Summary(NamedTuple):
    """The positions before and after this run."""

    before: ImportPosition
    after: ImportPosition


def translate_rows(file: InputFile, mapping: Mapping) -> Generator[Outcome]:
    """The outcome of each row, in the file's order; nothing is appended."""
    translator = Translator(mapping)
    for row in read_rows(file, mapping):
        try:
            yield Outcome(row, event=translator.translate(row))
        except RowInvalid as problem:
            yield Outcome(row, problem=problem)


def compute_receipt_name(file: InputFile, mapping: Mapping) -> str:
    """`import/<sha256 of the uncompressed file>/<sha256 of the mapping's meaning>`.

    Comments and layout of the mapping make no difference, nor does its section [log].
    """
    meaning = msgspec.json.encode(msgspec.structs.replace(mapping, log=None))
    return f"import/{file.compute_digest()}/{sha256(meaning).hexdigest()}"


def check_log(mapping: Mapping, identity: LogIdentity) -> None:
    """Raise ImportRefused if the file's events do not belong in the log."""
    if identity.content == "simulated":
        raise ImportRefused("the log accepts simulated events only; use a log with real or mixed content")
    if mapping.log and mapping.log.zone != identity.zone:
        raise ImportRefused(
            f"the log's time zone is {identity.zone}, but the mapping is for {mapping.log.zone}; "
            "use a log of that zone, or change [log] zone or --create-zone"
        )


async def import_file(
    file: InputFile, mapping: Mapping, log: EventLog, rejects: RejectFile, hooks: Hooks
) -> Summary:
    """Append the events of all rows that the log does not have yet.

    Every run reads from the first row, so that counter differences and rejected rows are the same as
    in an uninterrupted run, and appends from the row after the receipt's. Raises ImportRefused,
    TooManyRejects, LogError.
    """
    check_log(mapping, log.identity)
    version = file.read_version()
    name = compute_receipt_name(file, mapping)
    receipt = await log.receipt(name)
    before = msgspec.json.decode(receipt, type=ImportPosition) if receipt else ImportPosition()
    if before.done:
        return Summary(before, before)
    rules = Rules(log.identity)
    stream = FAMILY_OF[TYPE_BY_NAME[mapping.type]].stream
    reached = ImportPosition()
    batch: list[Entry] = []

    async def flush() -> None:
        reached.at_ms = hooks.now()
        await log.append(stream, batch, Receipt(name, msgspec.json.encode(reached).decode()))
        batch.clear()

    with closing(translate_rows(file, mapping)) as outcomes:
        for outcome in outcomes:
            _count(reached, outcome)
            if outcome.problem is not None:
                rejects.write(outcome.row, outcome.problem)
                _check_rejects(reached, hooks.max_rejects)
            if reached.row > before.row:
                if outcome.event is not None:
                    batch.append(Entry(rules.home_of(outcome.event), encode(outcome.event)))
                if reached.row % BATCH == 0:
                    await flush()
            if reached.row % BATCH == 0:
                hooks.progress(file.count_bytes_read())
    if file.read_version() != version:
        raise ImportRefused(f"{file.path}: changed while it was read; import it again when it is complete")
    reached.done = True
    await flush()
    return Summary(before, reached)


def _count(reached: ImportPosition, outcome: Outcome) -> None:
    reached.row += 1
    reached.events += outcome.event is not None
    reached.rejected += outcome.problem is not None
    reached.skipped += outcome.event is None and outcome.problem is None


def _check_rejects(reached: ImportPosition, allowed: int | None) -> None:
    if allowed is not None and reached.rejected > allowed:
        raise TooManyRejects(
            f"row {reached.row}: more than {allowed} rows rejected so far; correct the file or the mapping"
        )
