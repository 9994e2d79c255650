import asyncio
from contextlib import asynccontextmanager

import httpx

from tests.servers.ports import free_port
from tests.support.readers import both, head, make_vector
from tidemark.services.board.app import serve as serve_board
from tidemark.services.board.settings import BoardSettings
from tidemark.services.defaults import wall_clock
from tidemark.services.exporter.app import serve as serve_exporter
from tidemark.services.exporter.settings import ExporterSettings
from tidemark.streams.contracts.family import Stream
from tidemark.streams.contracts.identity import LogIdentity
from tidemark.streams.families.footfall import FOOTFALL_PLACE
from tidemark.streams.log import create_log, engine_of
from tidemark.streams.log.port import Entry, Update


@asynccontextmanager
async def run_service(service, port):
    """A client of a service that runs during the block."""
    task = asyncio.create_task(service)
    transport = httpx.AsyncHTTPTransport(retries=8)
    try:
        async with httpx.AsyncClient(transport=transport, base_url=f"http://127.0.0.1:{port}") as client:
            yield client
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def wait_for_answer(client, path, is_expected):
    """The first answer that is as expected."""
    async with asyncio.timeout(20):
        while not is_expected(answer := await client.get(path)):
            continue
    return answer


def visits(entered):
    vector = make_vector(FOOTFALL_PLACE, entered=entered)
    return both(FOOTFALL_PLACE, ("mall.a",), vector, wall_clock())


async def test_exporter_and_board_follow_a_ledger_through_sqlite(tmp_path):
    url = f"sqlite:///{tmp_path}/x.db"
    log = await create_log(url, LogIdentity(partitions=1), wall_clock)
    await log.append(Stream.FACTS, [Entry(0, b"a"), Entry(0, b"b")])
    writer = await engine_of(url).open_state_writer()
    ports = free_port(), free_port()
    exporter = run_service(serve_exporter(ExporterSettings(log=url, exporter_port=ports[0])), ports[0])
    board = run_service(serve_board(BoardSettings(log=url, board_port=ports[1])), ports[1])
    try:
        async with exporter as metrics, board as screen:
            assert (await wait_for_answer(metrics, "/health", lambda answer: True)).status_code == 200
            assert (await metrics.get("/metrics")).status_code == 503
            assert (await screen.get("/api/totals")).status_code == 503
            end = (await log.ends(Stream.FACTS))[0]
            await writer.publish([Update(0, [head(position=end), *visits(41)], end)])
            await wait_for_answer(metrics, "/ready", lambda answer: answer.status_code == 200)
            await writer.publish([Update(0, visits(42), end)])
            line = 'tidemark_footfall_entered_persons{period="month",place="mall.a"} 42.0'
            text = (await wait_for_answer(metrics, "/metrics", lambda answer: line in answer.text)).text
            assert "tidemark_free_disk_bytes" in text
            totals = await wait_for_answer(
                screen,
                "/api/totals",
                lambda answer: '"month":42' in answer.text,
            )
            assert totals.json()["shown"]["content"] == "real"
    finally:
        await writer.close()
        await log.close()
