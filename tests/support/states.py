"""The published state of a log, to compare byte by byte."""

from tidemark.streams.contracts.published import Kind
from tidemark.streams.log import engine_of
from tidemark.streams.log.port import StateReader


async def cells_of(reader: StateReader) -> list[tuple[int, bytes, bytes | None]]:
    """Every published cell: (partition, key, value) in order."""
    return [(partition, row.key, row.value) for partition, row in await reader.rows(Kind.CELL)]


async def published_cells(url: str) -> list[tuple[int, bytes, bytes | None]]:
    """Every cell published for the log at an address."""
    reader = await engine_of(url).open_state_reader()
    try:
        return await cells_of(reader)
    finally:
        await reader.close()
