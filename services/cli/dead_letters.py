"""`tidemark dead-letters`: records that were not accepted, to be read, repaired and sent again."""

import base64
from datetime import UTC
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from tidemark.services.defaults import DEFAULT_LOG, wall_clock
from tidemark.streams.contracts.admission import Rules
from tidemark.streams.contracts.civil import instant
from tidemark.streams.contracts.published import DeadLetter, Kind, dead_key
from tidemark.streams.families.codec import InvalidEvent, decode
from tidemark.streams.log import engine_of, open_readers
from tidemark.streams.log.port import Entry, EventLog, Receipt, close_after

from .console import AsJson, LogUrl, print_json, print_line, run, wrong_use
from .tables import Column, ColumnKind, print_table

app = typer.Typer(help="Read, repair and resend records that were not accepted.", no_args_is_help=True)

Position = Annotated[str, typer.Argument(help="The dead letter, as `list` prints it: PARTITION:OFFSET.")]


@app.command("list")
def list_letters(
    log: LogUrl = DEFAULT_LOG,
    reason: Annotated[str, typer.Option(help="List only those with this reason.")] = "",
    limit: Annotated[
        int, typer.Option(min=1, help="Maximum number of rows in the table; --json prints all.")
    ] = 50,
    as_json: AsJson = False,
) -> None:
    """List dead letters: where, when, why, and whether they were resent."""
    letters, resent = run(_read_letters(log))
    chosen = [letter for letter in letters if reason in ("", letter.reason)]
    if as_json:
        print_json([_document(letter, resent) for letter in chosen])
        return
    if chosen:
        columns = (
            Column("at"),
            Column("arrived (UTC)"),
            Column("reason"),
            Column("resent", optional=True),
            Column("detail", ColumnKind.WORDS),
        )
        rows = [
            (
                _position(letter),
                instant(letter.arrival_ms).astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S"),
                letter.reason,
                resent.get(_receipt_name(letter)),
                letter.detail,
            )
            for letter in chosen[:limit]
        ]
        print_table(columns, rows)
    print_line(f"{len(chosen):,} dead letters" + (f", {limit:,} shown" if len(chosen) > limit else ""))


@app.command()
def show(position: Position, log: LogUrl = DEFAULT_LOG, as_json: AsJson = False) -> None:
    """Show one dead letter with its bytes, for example to save and edit them."""
    letters, resent = run(_read_letters(log, position))
    letter = letters[0]
    if as_json:
        print_json(_document(letter, resent))
        return
    print_line(f"{letter.reason}: {letter.detail}")
    print_line(letter.raw.decode(errors="backslashreplace"))


@app.command()
def resend(
    position: Position,
    log: LogUrl = DEFAULT_LOG,
    edited: Annotated[
        Path | None, typer.Option(help="File with the repaired event. (default: the record's own bytes)")
    ] = None,
    again: Annotated[bool, typer.Option("--again", help="Resend although it was resent before.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check the event, append nothing.")] = False,
) -> None:
    """Append the repaired event to the log. The dead letter stays, marked as resent.

    Example: tidemark dead-letters resend 3:1207 --edited repaired.json --dry-run
    """
    letters, resent = run(_read_letters(log, position))
    letter = letters[0]
    if not again and _receipt_name(letter) in resent:
        wrong_use(
            f"{position} was already resent at {resent[_receipt_name(letter)]}; give --again to repeat it"
        )
    try:
        raw = edited.read_bytes() if edited else letter.raw
    except OSError as error:
        wrong_use(f"--edited: {error}")
    where = run(_resend(log, letter, raw, dry_run))
    print_line(f"{'would be' if dry_run else 'was'} appended {where}")


async def _read_letters(url: str, position: str = "") -> tuple[list[DeadLetter], dict[str, str]]:
    """Dead letters (one, if a position is given) and when they were resent, by receipt name."""
    partition, offset = _parse(position) if position else (None, None)
    async with open_readers(url, wall_clock) as (events, reader):
        rows = await reader.rows(Kind.DEAD, dead_key(offset) if offset is not None else b"")
        resent = {receipt.name: receipt.value for receipt in await events.receipts()}
    letters = [
        msgspec.json.decode(row.value, type=DeadLetter)
        for owner, row in rows
        if row.value is not None and partition in (None, owner)
    ]
    if position and not letters:
        wrong_use(f"there is no dead letter at {position}; `tidemark dead-letters list` lists them")
    return letters, resent


async def _resend(url: str, letter: DeadLetter, raw: bytes, dry_run: bool) -> str:
    async with close_after(await engine_of(url).open_log(wall_clock)) as events:
        entry, where = _entry(events, raw)
        if not dry_run:
            at = instant(wall_clock()).isoformat(timespec="seconds")
            stream = decode(raw).family.stream
            await events.append(stream, [entry], Receipt(_receipt_name(letter), at))
        return where


def _entry(events: EventLog, raw: bytes) -> tuple[Entry, str]:
    try:
        event = decode(raw)
    except InvalidEvent as error:
        wrong_use(f"still not accepted: {error}; repair the event in a file and pass it with --edited")
    if events.identity.content != "mixed" and event.simulated != (events.identity.content == "simulated"):
        wrong_use(f"simulated: the log holds {events.identity.content} events only; correct the field")
    partition = Rules(events.identity).home_of(event)
    return Entry(partition, raw), f"to partition {partition} of {event.family.stream}"


def _parse(position: str) -> tuple[int, int]:
    partition, _, offset = position.partition(":")
    if not (partition.isdecimal() and offset.isdecimal()):
        wrong_use(
            f"{position!r} is not a position; give PARTITION:OFFSET as `tidemark dead-letters list` prints it"
        )
    return int(partition), int(offset)


def _position(letter: DeadLetter) -> str:
    return f"{letter.partition}:{letter.offset}"


def _receipt_name(letter: DeadLetter) -> str:
    return f"dead-letter/{_position(letter)}"


def _document(letter: DeadLetter, resent: dict[str, str]) -> dict[str, object]:
    return {
        "at": _position(letter),
        "arrival_ms": letter.arrival_ms,
        "reason": letter.reason,
        "detail": letter.detail,
        "raw_base64": base64.b64encode(letter.raw).decode(),
        "sent_again": resent.get(_receipt_name(letter)),
    }
