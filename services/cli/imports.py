"""`tidemark import`: append the rows of a CSV or NDJSON file to the log as events, each once."""

import time
from contextlib import closing
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.markup import escape
from rich.progress import DownloadColumn

from tidemark.services.defaults import DEFAULT_LOG, wall_clock
from tidemark.services.importer import importing
from tidemark.services.importer.errors import ImportRefused, RowInvalid, TooManyRejects
from tidemark.services.importer.files import InputFile
from tidemark.services.importer.importing import Hooks, Summary, outcomes
from tidemark.services.importer.loading import load_mapping, with_zone
from tidemark.services.importer.mapping import Mapping
from tidemark.services.importer.rejects import RejectFile, describe_reject
from tidemark.services.importer.rows import Row
from tidemark.services.resources import MAPPINGS, list_names, resolve_name
from tidemark.streams.contracts.civil import instant
from tidemark.streams.contracts.identity import LogIdentity
from tidemark.streams.families.codec import encode
from tidemark.streams.log import create_log, engine_of
from tidemark.streams.log.errors import LogMissing
from tidemark.streams.log.port import EventLog, close_after

from .console import AsJson, LogUrl, check_failed, count_progress, err, print_json, print_line, run, wrong_use


class Report(msgspec.Struct):
    """What `--json` prints of an import; counts are of the whole file."""

    file: str
    already_imported: bool
    imported_at: str
    went_on_after_row: int
    rows: int
    events: int
    skipped: int
    rejected: int
    rejects_file: str | None
    seconds: float
    rows_per_second: int


def import_file(  # noqa: PLR0913  each is a flag
    file: Annotated[Path, typer.Argument(help="CSV or NDJSON file, plain or gzip.")],
    *,
    mapping: Annotated[
        str, typer.Option(help="Mapping of rows to events: a TOML file, or the name of one that ships.")
    ],
    log: LogUrl = DEFAULT_LOG,
    create_zone: Annotated[
        str,
        typer.Option(
            help="Create the log with this time zone if it does not exist; refuse a log of another zone."
        ),
    ] = "",
    rejects: Annotated[
        Path | None,
        typer.Option(help="File for rejected rows. (default: FILE.rejected.csv or .ndjson in this folder)"),
    ] = None,
    max_rejects: Annotated[
        int | None, typer.Option(min=0, help="Stop when more rows than this are rejected.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show the first events and all rejected rows, append nothing.")
    ] = False,
    show: Annotated[int, typer.Option(min=0, help="Number of events that --dry-run shows.")] = 5,
    as_json: AsJson = False,
) -> None:
    """Import a file into the log. Exit code 1 if rows were rejected.

    Importing a file again changes nothing. An interrupted import continues where it stopped when it
    is run again.

    Example: tidemark import counts.csv --mapping melbourne-pedestrians --dry-run
    """
    try:
        meaning = _load_mapping(mapping, create_zone)
        if dry_run:
            rejected = _preview(InputFile(file), meaning, show, as_json)
        else:
            target = rejects or Path(f"{file.name}.rejected.{meaning.input.format}")
            if target.resolve() == file.resolve():
                raise ImportRefused(f"--rejects: {target} is the file to import; choose another")
            report = _run_import(InputFile(file), meaning, log, target, max_rejects)
            _print(report, as_json)
            rejected = 0 if report.already_imported else report.rejected
    except TooManyRejects as error:
        err.print(f"[red]stopped:[/red] {escape(str(error))}", highlight=False)
        check_failed()
    except ImportRefused as error:
        wrong_use(str(error))
    if rejected:
        check_failed()


def _load_mapping(name: str, zone: str) -> Mapping:
    path = resolve_name(name, MAPPINGS)
    try:
        mapping = load_mapping(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ImportRefused(
            f"--mapping: {name} is neither a file nor a mapping that ships ({list_names(MAPPINGS)}); "
            "give a mapping in TOML and UTF-8"
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise ImportRefused(f"--mapping: {path}: {error}; give a mapping in TOML and UTF-8") from None
    return with_zone(mapping, zone) if zone else mapping


def _preview(file: InputFile, mapping: Mapping, show: int, as_json: bool) -> int:
    """Print the first events and every rejected row; return how many were rejected.

    A file that cannot be read to its end is refused first.
    """
    file.digest()
    counts = {"rows": 0, "events": 0, "skipped": 0, "rejected": 0}
    with closing(outcomes(file, mapping)) as rows:
        for row, event, problem in rows:
            counts["rows"] += 1
            if event is not None:
                counts["events"] += 1
                if counts["events"] <= show:
                    print_line(encode(event).decode())
            elif problem is not None:
                counts["rejected"] += 1
                print_line(_describe_reject(row, problem, as_json))
            else:
                counts["skipped"] += 1
    if as_json:
        print_line(msgspec.json.encode(counts).decode())
    else:
        print_line(", ".join(f"{count:,} {name}" for name, count in counts.items()) + "; nothing appended")
    return counts["rejected"]


def _describe_reject(row: Row, problem: RowInvalid, as_json: bool) -> str:
    reject = describe_reject(row, problem)
    if as_json:
        return msgspec.json.encode(reject).decode()
    return f"line {row.line}: {problem}\n    {reject['row']}"


def _run_import(file: InputFile, mapping: Mapping, url: str, rejects: Path, allowed: int | None) -> Report:
    started = time.monotonic()
    with (
        count_progress("importing", file.version()[0], DownloadColumn()) as on_progress,
        RejectFile(rejects) as rejected,
    ):
        hooks = Hooks(wall_clock, on_progress, allowed)
        before, after = run(_append(file, mapping, url, rejected, hooks))
    seconds = time.monotonic() - started
    return Report(
        file=str(file.path),
        already_imported=before.done,
        imported_at=instant(after.at_ms).isoformat(timespec="seconds"),
        went_on_after_row=0 if before.done else before.row,
        rows=after.row,
        events=after.events,
        skipped=after.skipped,
        rejected=after.rejected,
        rejects_file=str(rejects) if after.rejected and not before.done else None,
        seconds=round(seconds, 3),
        rows_per_second=0 if before.done else round(after.row / max(seconds, 0.001)),
    )


async def _append(file: InputFile, mapping: Mapping, url: str, rejects: RejectFile, hooks: Hooks) -> Summary:
    async with close_after(await _open_log(url, mapping)) as events:
        return await importing.import_file(file, mapping, events, rejects, hooks)


async def _open_log(url: str, mapping: Mapping) -> EventLog:
    try:
        return await engine_of(url).open_log(wall_clock)
    except LogMissing as error:
        if mapping.log is None:
            raise ImportRefused(
                f"{error}; or give its time zone with --create-zone to have it created"
            ) from None
    identity = LogIdentity(district=mapping.log.district, zone=mapping.log.zone)
    err.print(f"No log at {url}; created it for {identity.district}, {identity.zone}.", highlight=False)
    return await create_log(url, identity, wall_clock)


def _print(report: Report, as_json: bool) -> None:
    if as_json:
        print_json(report)
        return
    if report.already_imported:
        print_line(f"already imported: {report.rows:,} rows on {report.imported_at}; nothing appended")
        return
    if report.went_on_after_row:
        print_line(f"continued after row {report.went_on_after_row:,}")
    print_line(f"{report.rows:,} rows ({report.rows_per_second:,} a second)")
    print_line(f"{report.events:,} events, {report.skipped:,} skipped, {report.rejected:,} rejected")
    if report.rejects_file:
        print_line(f"rejected rows, each with its reason: {report.rejects_file}")
