"""`tidemark verify`: are the published totals what they should be?"""

import time
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.table import Table

from tidemark.services.defaults import DEFAULT_LOG, wall_clock
from tidemark.streams.contracts.civil import Civil
from tidemark.streams.contracts.family import Stream
from tidemark.streams.contracts.published import Kind
from tidemark.streams.families.table import decode_key
from tidemark.streams.ledger.worker import Worker
from tidemark.streams.log import open_readers
from tidemark.streams.log.memory import MemoryState
from tidemark.streams.log.port import EventLog, StateReader, WholeLog
from tidemark.streams.view.feeds import positions
from tidemark.streams.view.view import build_view

from .console import AsJson, LogUrl, check_failed, count_progress, out, print_json, run, wrong_use
from .verification import Difference, Truth, Verdict, by_partition, count_records, verify_states, verify_truth

SHOWN = 20
TRUTH_FORMAT = 1


def verify(
    log: LogUrl = DEFAULT_LOG,
    truth: Annotated[
        Path | None,
        typer.Option(help="The simulator's ground truth; without it the log is folded anew and compared."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Compare every published total with what it should be. Exit code 1 if any differs."""
    verdict = run(_verify(log, truth))
    report(verdict, as_json)
    if verdict.differences:
        check_failed()


def report(verdict: Verdict, as_json: bool) -> None:
    """Print how much was compared and what differs."""
    if as_json:
        print_json(verdict)
        return
    table = Table("family", "compared", box=None)
    for family, number in verdict.compared.items():
        table.add_row(family, f"{number:,}")
    out.print(table)
    for difference in verdict.differences[:SHOWN]:
        out.print(_line(difference), style="red", highlight=False, markup=False, soft_wrap=True)
    if len(verdict.differences) > SHOWN:
        out.print(f"… and {len(verdict.differences) - SHOWN:,} more; --json shows all")
    style = "bold red" if verdict.differences else "bold green"
    out.print(f"{verdict.total:,} compared, {len(verdict.differences):,} differences", style=style)


def _line(difference: Difference) -> str:
    return f"{difference.what} {difference.key}: expected {difference.expected}, found {difference.found}"


async def _verify(url: str, truth: Path | None) -> Verdict:
    async with open_readers(url, wall_clock) as (events, reader):
        page, civil = await reader.poll(0, 0), Civil(events.identity.zone)
        heads = build_view(page, civil, {}).heads
        ends = await events.ends(Stream.FACTS)
        if truth is None:
            verdict = await verify_refold(events, reader)
        else:
            expected = read_truth(truth)
            verdict = verify_truth(expected, page, civil)
            counts = [count_records(heads[p]) if p in heads else 0 for p in range(len(ends))]
            verdict.differences[:0] = by_partition("records folded", expected.ends, counts)
        verdict.differences[:0] = by_partition("position", ends, positions(heads, len(ends)))
        return verdict


def read_truth(path: Path) -> Truth:
    """Read a truth file; ends the command with a clear message when it is not one."""
    try:
        truth = msgspec.json.decode(path.read_bytes(), type=Truth)
        for key in truth.cells:
            decode_key(key.encode())
        for key in truth.records:
            msgspec.json.decode(key, type=tuple[str, ...])
    except OSError as error:
        wrong_use(f"--truth: {error}; give the file that `tidemark simulate --truth` wrote")
    except (msgspec.DecodeError, ValueError) as error:
        wrong_use(
            f"--truth: {path} is not a truth file ({error}); write one with `tidemark simulate --truth`"
        )
    if truth.format != TRUTH_FORMAT:
        wrong_use(f"--truth: {path} has format {truth.format}; write it anew with `tidemark simulate`")
    return truth


async def verify_refold(events: EventLog, reader: StateReader) -> Verdict:
    """Fold the whole log anew, in memory, and compare every row byte by byte."""
    fresh = MemoryState()
    worker = Worker(events, fresh, WholeLog(events.identity.partitions), time.monotonic)
    with count_progress("folding anew", sum(await events.ends(Stream.FACTS))) as on_progress:
        await worker.catch_up(on_progress)
    return verify_states(await _rows(fresh), await _rows(reader))


async def _rows(reader: StateReader) -> dict[bytes, bytes]:
    return {
        b"%d %s %s" % (partition, row.kind.name.lower().encode(), row.key): row.value
        for kind in Kind
        for partition, row in await reader.rows(kind)
        if row.value is not None
    }
