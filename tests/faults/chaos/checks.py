"""The checks after the faults, when the workers have caught up."""

import asyncio
from pathlib import Path

from structlog.testing import capture_logs

from tests.support.commands import succeed
from tests.support.gateways import read_stored
from tidemark.services.defaults import wall_clock
from tidemark.streams.contracts.family import Stream
from tidemark.streams.contracts.published import Kind, decode_head
from tidemark.streams.families.codec import decode
from tidemark.streams.ledger.worker import Worker
from tidemark.streams.log import engine_of, open_readers
from tidemark.streams.log.copying import copy_log, open_for_copy
from tidemark.streams.log.port import Page, WholeLog
from tidemark.streams.view.feeds import feeds
from tidemark.streams.view.follower import read_view

from .waiting import wait_until

CAUGHT_UP_S = 120.0

Rows = dict[tuple[Kind, int, bytes], bytes | None]


async def wait_until_caught_up(url: str) -> None:
    """Wait until the totals include all records of a log."""
    async with open_readers(url, wall_clock) as (log, reader):
        ends = dict(enumerate(await log.ends(Stream.FACTS)))
        page = Page(0, 0, [])
        positions = dict.fromkeys(ends, 0)

        async def all_folded() -> bool:
            nonlocal page
            page = await reader.poll(page.generation, page.version)
            for partition, row in page.rows:
                if row.kind is Kind.HEAD and row.value is not None:
                    positions[partition] = decode_head(row.value).position
            return positions == ends

        await wait_until(all_folded, CAUGHT_UP_S)


async def run_verify(url: str, truth: Path) -> None:
    """Check that `tidemark verify` finds no difference from the truth in a file."""
    await asyncio.to_thread(succeed, "verify", "--log", url, "--truth", truth)


async def fold_and_count(url: str) -> int:
    """Fold a log that no worker follows and verify it; returns the number of accepted events."""
    await asyncio.to_thread(succeed, "ledger", "--log", url, "--until-caught-up")
    await asyncio.to_thread(succeed, "verify", "--log", url)
    async with open_readers(url, wall_clock) as (log, reader):
        view = await read_view(reader, log.identity.zone, {})
    return sum(feed.accepted for feed in feeds(view.heads.values()).values())


async def fold_embedded(url: str, copy: str) -> Rows:
    """Copy what is new in the log to the embedded engine and fold it there; returns the published rows."""
    log = await engine_of(url).open_log(wall_clock)
    try:
        async with open_for_copy(copy, log.identity, wall_clock) as target:
            await copy_log(log, target, lambda _done: None)
            state = await engine_of(copy).open_state_writer()
            try:
                assignment = WholeLog(log.identity.partitions)
                with capture_logs():
                    await Worker(target, state, assignment, asyncio.get_running_loop().time).catch_up()
            finally:
                await state.close()
    finally:
        await log.close()
    return await read_published_rows(copy)


async def read_published_rows(url: str) -> Rows:
    """Every cell and latest value published for a log."""
    reader = await engine_of(url).open_state_reader()
    try:
        return {
            (kind, partition, row.key): row.value
            for kind in (Kind.CELL, Kind.LATEST)
            for partition, row in await reader.rows(kind)
        }
    finally:
        await reader.close()


async def read_ids(url: str) -> set[str]:
    """The id of every fact in a log."""
    log = await engine_of(url).open_log(wall_clock)
    try:
        return {decode(raw).id for raw in await read_stored(log)}
    finally:
        await log.close()
