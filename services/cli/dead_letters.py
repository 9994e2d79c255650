"""`tidemark dead-letters`: records that were not accepted, to be read, repaired and sent again."""

import base64
from datetime import UTC
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.table import Table

from tidemark.services.defaults import DEFAULT_LOG, wall_clock
from tidemark.streams.contracts.admission import Rules
from tidemark.streams.contracts.civil import instant
from tidemark.streams.contracts.published import DeadLetter, Kind, dead_key
from tidemark.streams.families.codec import InvalidEvent, decode
from tidemark.streams.log import engine_of, open_readers
from tidemark.streams.log.port import Entry, EventLog, Receipt, close_after

from .console import AsJson, LogUrl, out, print_json, run, wrong_use

app = typer.Typer(help="Records that were not accepted: read, repair, send again.", no_args_is_help=True)

Place = Annotated[str, typer.Argument(help="Where it lies, as `list` prints it: PARTITION:OFFSET")]


@app.command("list")
def list_letters(
    log: LogUrl = DEFAULT_LOG,
    reason: Annotated[str, typer.Option(help="Only those with this reason.")] = "",
    limit: Annotated[int, typer.Option(min=1, help="Rows shown in the table; --json gives all.")] = 50,
    as_json: AsJson = False,
) -> None:
    """List dead letters: where, when, why, and whether they were sent again."""
    letters, resent = run(_letters(log))
    chosen = [letter for letter in letters if reason in ("", letter.reason)]
    if as_json:
        print_json([_described(letter, resent) for letter in chosen])
        return
    table = Table("at", "arrived (UTC)", "reason", "detail", "sent again", box=None)
    for letter in chosen[:limit]:
        arrived = instant(letter.arrival_ms).astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")
        again = resent.get(_receipt_name(letter), "")
        table.add_row(_place(letter), arrived, letter.reason, letter.detail, again)
    out.print(table)
    out.print(f"{len(chosen):,} dead letters" + (f", {limit} shown" if len(chosen) > limit else ""))


@app.command()
def show(place: Place, log: LogUrl = DEFAULT_LOG, as_json: AsJson = False) -> None:
    """Show one dead letter with its bytes, for example to save and edit them."""
    letters, resent = run(_letters(log, place))
    letter = letters[0]
    if as_json:
        print_json(_described(letter, resent))
        return
    out.print(f"{letter.reason}: {letter.detail}", markup=False, highlight=False)
    out.print(letter.raw.decode(errors="backslashreplace"), markup=False, highlight=False, soft_wrap=True)


@app.command()
def resend(
    place: Place,
    log: LogUrl = DEFAULT_LOG,
    edited: Annotated[
        Path | None, typer.Option(help="File with the repaired event; the record's own bytes if left out.")
    ] = None,
    again: Annotated[bool, typer.Option("--again", help="Send although it was sent again before.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check only, append nothing.")] = False,
) -> None:
    """Append the repaired event to the log. The dead letter stays, marked as sent again."""
    letters, resent = run(_letters(log, place))
    letter = letters[0]
    if not again and _receipt_name(letter) in resent:
        wrong_use(f"{place} was sent again at {resent[_receipt_name(letter)]}; repeat it with --again")
    try:
        raw = edited.read_bytes() if edited else letter.raw
    except OSError as error:
        wrong_use(f"--edited: {error}")
    where = run(_resend(log, letter, raw, dry_run))
    out.print(f"{'would be' if dry_run else 'was'} appended {where}", highlight=False)


async def _letters(url: str, place: str = "") -> tuple[list[DeadLetter], dict[str, str]]:
    """Dead letters (one, if a place is given) and what was sent again, by receipt name."""
    partition, offset = _parse(place) if place else (None, None)
    async with open_readers(url, wall_clock) as (events, reader):
        rows = await reader.rows(Kind.DEAD, dead_key(offset) if offset is not None else b"")
        resent = {receipt.name: receipt.value for receipt in await events.receipts()}
    letters = [
        msgspec.json.decode(row.value, type=DeadLetter)
        for owner, row in rows
        if row.value is not None and partition in (None, owner)
    ]
    if place and not letters:
        wrong_use(f"there is no dead letter at {place}; see `tidemark dead-letters list`")
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
        wrong_use(f"still not acceptable: {error}; repair it in a file and give that with --edited")
    if events.identity.content != "mixed" and event.simulated != (events.identity.content == "simulated"):
        wrong_use(f"simulated: the log holds {events.identity.content} events only; correct the field")
    partition = Rules(events.identity).home_of(event)
    return Entry(partition, raw), f"to partition {partition} of {event.family.stream}"


def _parse(place: str) -> tuple[int, int]:
    partition, _, offset = place.partition(":")
    if not (partition.isdecimal() and offset.isdecimal()):
        wrong_use(f"{place!r} is no place; give PARTITION:OFFSET as `tidemark dead-letters list` prints it")
    return int(partition), int(offset)


def _place(letter: DeadLetter) -> str:
    return f"{letter.partition}:{letter.offset}"


def _receipt_name(letter: DeadLetter) -> str:
    return f"dead-letter/{_place(letter)}"


def _described(letter: DeadLetter, resent: dict[str, str]) -> dict[str, object]:
    return {
        "at": _place(letter),
        "arrival_ms": letter.arrival_ms,
        "reason": letter.reason,
        "detail": letter.detail,
        "raw_base64": base64.b64encode(letter.raw).decode(),
        "sent_again": resent.get(_receipt_name(letter)),
    }
