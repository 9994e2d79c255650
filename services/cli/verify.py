"""`tidemark verify`: compare the published totals with what they should be."""

import time
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from tidemark.services.defaults import DEFAULT_LOG, wall_clock
from tidemark.streams.contracts.civil import Civil
from tidemark.streams.contracts.family import Stream
from tidemark.streams.contracts.published import Kind
from tidemark.streams.contracts.text import Language, Text
from tidemark.streams.families.table import decode_key
from tidemark.streams.ledger.worker import Worker
from tidemark.streams.log import open_readers
from tidemark.streams.log.memory import MemoryState
from tidemark.streams.log.port import EventLog, StateReader, WholeLog
from tidemark.streams.view.feeds import positions
from tidemark.streams.view.view import build_view

from .console import (
    AsJson,
    LogUrl,
    check_failed,
    count_progress,
    print_json,
    print_line,
    run,
    wrong_use,
)
from .language import Lang
from .names import Names
from .tables import Column, ColumnKind, print_table
from .verification import (
    Difference,
    Truth,
    Verdict,
    compare_partitions,
    count_records,
    verify_states,
    verify_truth,
)

SHOWN = 20
_OTHERS = {"counts": Text("各类计数", "Counts of records"), "rows": Text("已发布的行", "Published rows")}
"""Names of what is compared in addition to families."""
TRUTH_FORMAT = 1


def verify(
    log: LogUrl = DEFAULT_LOG,
    truth: Annotated[
        Path | None,
        typer.Option(
            help="Compare with this ground truth, which `tidemark simulate --truth` wrote. "
            "(default: fold the whole log again in memory and compare with the result)"
        ),
    ] = None,
    as_json: AsJson = False,
    *,
    lang: Lang,
) -> None:
    """Compare every published total with what it should be. Exit code 1 if any differs."""
    verdict = run(_verify(log, truth))
    if as_json:
        print_json(verdict)
    else:
        print_verdict(verdict, lang)
    if verdict.differences:
        check_failed()


def print_verdict(verdict: Verdict, language: Language) -> None:
    """Print how much was compared and what differs."""
    names = Names(language)
    columns = (
        Column(Text("类别", "family").in_language(language)),
        Column(Text("名称", "name").in_language(language), ColumnKind.WORDS, optional=True),
        Column(Text("比对数", "compared").in_language(language), ColumnKind.NUMBER),
    )
    others = {key: text.in_language(language) for key, text in _OTHERS.items()}
    rows = [
        (family, names.name_family(family) or others.get(family), f"{number:,}")
        for family, number in verdict.compared.items()
    ]
    print_table(columns, rows, language)
    for difference in verdict.differences[:SHOWN]:
        print_line(_describe_difference(difference, language), "red")
    count = len(verdict.differences)
    if count > SHOWN:
        more = Text(
            f"…… 另有 {count - SHOWN:,} 处；--json 全部列出",
            f"… and {count - SHOWN:,} more; --json prints all",
        )
        print_line(more.in_language(language))
    summary = Text(
        f"比对 {verdict.total:,} 项，差异 {count:,} 处", f"{verdict.total:,} compared, {count:,} differences"
    )
    print_line(summary.in_language(language), "bold red" if count else "bold green")


def _describe_difference(difference: Difference, language: Language) -> str:
    nothing = Text("无", "nothing").in_language(language)
    expected, actual = (
        nothing if value is None else value for value in (difference.expected, difference.actual)
    )
    return f"{difference.what} {difference.key}" + Text(
        f"：应为 {expected}，实为 {actual}", f": expected {expected}, found {actual}"
    ).in_language(language)


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
            verdict.differences[:0] = compare_partitions("records folded", expected.ends, counts)
        verdict.differences[:0] = compare_partitions("position", ends, positions(heads, len(ends)))
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
        wrong_use(f"--truth: {path} has format {truth.format}; write it again with `tidemark simulate`")
    return truth


async def verify_refold(events: EventLog, reader: StateReader) -> Verdict:
    """Fold the whole log again, in memory, and compare every row byte by byte."""
    fresh = MemoryState()
    worker = Worker(events, fresh, WholeLog(events.identity.partitions), time.monotonic)
    with count_progress("folding again", sum(await events.ends(Stream.FACTS))) as on_progress:
        await worker.catch_up(on_progress)
    return verify_states(await _read_rows(fresh), await _read_rows(reader))


async def _read_rows(reader: StateReader) -> dict[bytes, bytes]:
    return {
        b"%d %s %s" % (partition, row.kind.name.lower().encode(), row.key): row.value
        for kind in Kind
        for partition, row in await reader.rows(kind)
        if row.value is not None
    }
