"""Runs a hostile month through all of Tidemark and writes every result in a form that can be compared.

The month is simulated with every kind of fault, folded by a ledger that is restarted halfway, and read by
every reader, with the clock stopped at the month's end. All of it is done through commands and services as a
user starts them, so that the code behind them may change. `python -m tests.golden` writes the results:

- `state.tsv`: a row for each part of the log and the published state: kind, partition, prefix of the keys,
  number of rows, and SHA-256 over the rows in the order of their keys.
- `dead_letters.jsonl`: partition, offset, arrival, reason, detail, SHA-256 of the raw record.
- `answers/`: the complete answer of each reader (gzip).
"""

import asyncio
import gzip
import hashlib
import io
import json
import os
import re
import sys
import time
from base64 import b64decode
from collections.abc import Awaitable, Callable, Iterable
from contextlib import redirect_stdout, suppress
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import httpx

from tests.servers.ports import HOST, free_port
from tidemark.services.board.app import serve as serve_board
from tidemark.services.board.settings import BoardSettings
from tidemark.services.cli.app import main as tidemark
from tidemark.services.exporter.app import serve as serve_exporter
from tidemark.services.exporter.settings import ExporterSettings
from tidemark.streams.contracts.family import Stream
from tidemark.streams.contracts.published import Kind
from tidemark.streams.log import engine_of

LOG = "sqlite:///month.db"
"""Relative to the working directory, so that no answer contains a path of this machine."""

END_NS = int(datetime(2026, 1, 31, 15, 59, 59, tzinfo=UTC).timestamp()) * 1_000_000_000
"""The last second of the month in Shanghai, at which the clock is stopped."""

READY_WITHIN_S = 60.0
MONTH = ("--scenario", "quiet", "--seed", "7", "--faults", "hostile", "--from", "2026-01-01")

COMMANDS = {
    "totals.json": ["totals", "--json"],
    "totals_of_a_day.json": ["totals", "--json", "--period", "2026-01-31", "--by", "place"],
    "targets.json": ["targets", "--json", "--as-of", "2026-01-31"],
    "dead_letters.json": ["dead-letters", "list", "--json"],
    "explained_visits.json": ["explain", "--json", "footfall.place", "day", "2026-01-15", "mall.one_avenue"],
    "history.txt": ["history", "--openmetrics", "--from", "2026-01-30", "--to", "2026-01-30"],
}
"""The commands that read the log, by the name of their answer."""

Row = tuple[bytes, bytes]
Groups = dict[tuple[str, int, str], list[Row]]


def observe_month(folder: Path) -> None:
    """Run the month in an empty folder and write the results there. Needs a process of its own: it changes
    the working directory, stops the clock and tunes the garbage collector."""
    os.chdir(folder)
    for name in [name for name in os.environ if name.startswith("TIDEMARK_")]:
        del os.environ[name]
    time.time_ns = lambda: END_NS
    for end in ("2026-01-16", "2026-02-01"):
        run_command("simulate", *MONTH, "--to", end, "--log", LOG)
        run_command("ledger", "--until-caught-up", "--log", LOG)
    groups, letters = asyncio.run(read_log(LOG))
    Path("state.tsv").write_text(state_table(groups), "utf-8")
    Path("dead_letters.jsonl").write_text(letter_lines(letters), "utf-8")
    answers = Path("answers")
    answers.mkdir()
    for name, text in read_answers():
        # Without a name or time in the file, so that the same text gives the same bytes.
        (answers / f"{name}.gz").write_bytes(gzip.compress(text.encode(), mtime=0))


def run_command(*arguments: str) -> str:
    """Run `tidemark` with these arguments and return its output. Raises AssertionError if it fails."""
    sys.argv = ["tidemark", *arguments]
    code: object = 0
    with redirect_stdout(io.StringIO()) as printed:
        try:
            tidemark()
        except SystemExit as end:
            code = end.code
    assert not code, f"{arguments} ended with {code}"
    return printed.getvalue()


async def read_log(url: str) -> tuple[Groups, list[bytes]]:
    """The rows of the log and of the published state in groups, and the dead letters in order."""
    groups: Groups = {}
    log = await engine_of(url).open_log(lambda: 0)
    reader = await engine_of(url).open_state_reader()
    try:
        for stream in Stream:
            for partition, end in enumerate(await log.ends(stream)):
                records = (await log.read(stream, partition, 0, end)).records
                group = groups.setdefault((f"log {stream.value}", partition, ""), [])
                group += [(b"%d %d" % (offset, arrival), raw) for offset, arrival, raw in records]
        for kind in Kind:
            for partition, row in await reader.rows(kind):
                assert row.value is not None
                name = (f"state {kind.name.lower()}", partition, key_group(kind, row.key))
                groups.setdefault(name, []).append((row.key, row.value))
        return groups, [row.value or b"" for _, row in await reader.rows(Kind.DEAD)]
    finally:
        await reader.close()
        await log.close()


def key_group(kind: Kind, key: bytes) -> str:
    """Measure and grain of a cell, family of a latest value or an entity."""
    if kind is Kind.CELL:
        return " ".join(json.loads(key)[:2])
    return str(json.loads(key)[0]) if kind in (Kind.LATEST, Kind.ENTITY) else ""


def state_table(groups: Groups) -> str:
    """A line for each group: kind, partition, group, rows, digest."""
    lines = [
        f"{kind}\t{partition}\t{group}\t{len(rows)}\t{digest(rows)}"
        for (kind, partition, group), rows in sorted(groups.items())
    ]
    heads = [value for (kind, _, _), rows in groups.items() if kind == "state head" for _, value in rows]
    versions = {str(json.loads(head)["fold_version"]) for head in heads}
    return "\n".join([f"fold version\t{' '.join(versions)}", *lines, ""])


def digest(rows: Iterable[Row]) -> str:
    """SHA-256 over the lengths and bytes of keys and values, by key."""
    total = hashlib.sha256()
    for key, value in sorted(rows):
        total.update(b"%d %d\n%s%s" % (len(key), len(value), key, value))
    return total.hexdigest()


def letter_lines(letters: Iterable[bytes]) -> str:
    """A line of JSON for each dead letter; its raw bytes as a digest."""
    lines = []
    for raw in letters:
        letter = json.loads(raw)
        letter["raw"] = hashlib.sha256(b64decode(letter["raw"])).hexdigest()
        lines.append(json.dumps(list(letter.values()), ensure_ascii=False) + "\n")
    return "".join(lines)


def read_answers() -> Iterable[tuple[str, str]]:
    """The name and text of each reader's answer."""
    for name, command in COMMANDS.items():
        yield name, run_command(*command, "--log", LOG)
    yield "schemas.json", run_command("schemas", "--json")
    run_command("report", "--period", "2026-01", "--as-of", "2026-01-31", "--log", LOG)
    yield "report.html", without_charts(Path("report-2026-01.html").read_text("utf-8"))
    port = free_port()
    exporter = ExporterSettings(_env_file=None, log=LOG, exporter_port=port)
    yield "exporter.txt", without_disk(asyncio.run(ask_service(serve_exporter(exporter), port, "/metrics")))
    board = BoardSettings(_env_file=None, log=LOG, board_port=port)
    yield "board.json", asyncio.run(ask_service(serve_board(board), port, "/api/totals"))


def without_charts(page: str) -> str:
    """The report without pictures, which depend on the machine's fonts, and without Tidemark's version."""
    return re.sub(r"data:image/svg\+xml;base64,[^\"]*", "", page).replace(version("tidemark"), "VERSION")


def without_disk(exposition: str) -> str:
    """The metrics without the free disk space and Tidemark's version."""
    text = re.sub(r"(?m)^(tidemark_free_disk_bytes) .*$", r"\1 0", exposition)
    return text.replace(version("tidemark"), "VERSION")


async def ask_service(service: Awaitable[None], port: int, path: str) -> str:
    """Wait until a service is ready, read a path from it and stop it."""
    task = asyncio.ensure_future(service)
    try:
        async with (
            httpx.AsyncClient(base_url=f"http://{HOST}:{port}") as client,
            asyncio.timeout(READY_WITHIN_S),
        ):
            while not await answers(client, "/ready") and not task.done():  # noqa: ASYNC110
                await asyncio.sleep(0.05)
            response = await client.get(path)
            return response.raise_for_status().text
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def answers(client: httpx.AsyncClient, path: str) -> bool:
    """Whether the path answers with success."""
    try:
        return (await client.get(path)).is_success
    except httpx.TransportError:
        return False


def first_difference(expected: Path, actual: Path) -> str | None:
    """The first difference between two folders of results, in words; None if there is none.

    The log comes first, then the state, then the readers' answers, so the first difference is the cause.
    """
    readings: list[tuple[str, Callable[[Path], str]]] = [
        (name, lambda file: file.read_text("utf-8")) for name in ("state.tsv", "dead_letters.jsonl")
    ]
    names = {file.name for folder in (expected, actual) for file in (folder / "answers").iterdir()}
    readings += [
        (f"answers/{name}", lambda file: gzip.decompress(file.read_bytes()).decode())
        for name in sorted(names)
    ]
    for name, read in readings:
        if not (expected / name).exists() or not (actual / name).exists():
            return f"{name}: is in one of the folders only"
        before, after = read(expected / name).split("\n"), read(actual / name).split("\n")
        for number, (was, now) in enumerate(zip(before, after, strict=False), 1):
            if was != now:
                return f"{name}, line {number}:\n  was {was[:500]}\n  is  {now[:500]}"
        if len(before) != len(after):
            return f"{name}: had {len(before)} lines, has {len(after)}"
    return None
