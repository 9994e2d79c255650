"""`tidemark import`: the rows of a CSV or NDJSON file become events in the log, each once."""

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
from tidemark.streams.log.port import EventLog, LogMissing, close_after

from .console import AsJson, LogUrl, check_failed, count_progress, err, out, print_json, run, wrong_use


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
    file: Annotated[Path, typer.Argument(help="CSV or NDJSON, plain or gzip.")],
    *,
    mapping: Annotated[
        str, typer.Option(help="What its rows mean: a file, or the name of a mapping that ships.")
    ],
    log: LogUrl = DEFAULT_LOG,
    create_zone: Annotated[
        str, typer.Option(help="Civil zone of the log: to create it with if there is none, and to insist on.")
    ] = "",
    rejects: Annotated[
        Path | None,
        typer.Option(help="Where rejected rows go; if left out, here, as FILE.rejected.csv or .ndjson."),
    ] = None,
    max_rejects: Annotated[int | None, typer.Option(min=0, help="Stop after more rejected rows.")] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show events and all rejected rows, append nothing.")
    ] = False,
    show: Annotated[int, typer.Option(min=0, help="How many events --dry-run shows.")] = 5,
    as_json: AsJson = False,
) -> None:
    """Import a file into the log. Importing it again changes nothing; an interrupted import,
    run again, goes on where it stopped. Exit code 1 if rows were rejected."""
    try:
        meaning = _mapping(mapping, create_zone)
        if dry_run:
            rejected = _preview(InputFile(file), meaning, show, as_json)
        else:
            target = rejects or Path(f"{file.name}.rejected.{meaning.input.format}")
            if target.resolve() == file.resolve():
                raise ImportRefused(f"--rejects: {target} is the file to import; choose another")
            report = _imported(InputFile(file), meaning, log, target, max_rejects)
            _print(report, as_json)
            rejected = 0 if report.already_imported else report.rejected
    except TooManyRejects as error:
        err.print(f"[red]stopped:[/red] {escape(str(error))}", highlight=False)
        check_failed()
    except ImportRefused as error:
        wrong_use(str(error))
    if rejected:
        check_failed()


def _mapping(name: str, zone: str) -> Mapping:
    path = resolve_name(name, MAPPINGS)
    try:
        mapping = load_mapping(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ImportRefused(
            f"--mapping: {name}: there is no such file, nor does a mapping of this name ship "
            f"({list_names(MAPPINGS)}); give a mapping in TOML and UTF-8"
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
    with closing(outcomes(file, mapping)) as found:
        for row, event, problem in found:
            counts["rows"] += 1
            if event is not None:
                counts["events"] += 1
                if counts["events"] <= show:
                    _say(encode(event).decode())
            elif problem is not None:
                counts["rejected"] += 1
                _say(_rejected(row, problem, as_json))
            else:
                counts["skipped"] += 1
    if as_json:
        _say(msgspec.json.encode(counts).decode())
    else:
        _say(", ".join(f"{count:,} {name}" for name, count in counts.items()) + "; nothing appended")
    return counts["rejected"]


def _say(text: str) -> None:
    out.print(text, markup=False, highlight=False, soft_wrap=True)


def _rejected(row: Row, problem: RowInvalid, as_json: bool) -> str:
    told = describe_reject(row, problem)
    if as_json:
        return msgspec.json.encode(told).decode()
    return f"line {row.line}: {problem}\n    {told['row']}"


def _imported(file: InputFile, mapping: Mapping, url: str, rejects: Path, allowed: int | None) -> Report:
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
    async with close_after(await _log(url, mapping)) as events:
        return await importing.import_file(file, mapping, events, rejects, hooks)


async def _log(url: str, mapping: Mapping) -> EventLog:
    try:
        return await engine_of(url).open_log(wall_clock)
    except LogMissing as error:
        if mapping.log is None:
            raise ImportRefused(f"{error}; or state its zone with --create-zone, and it is created") from None
    identity = LogIdentity(district=mapping.log.district, zone=mapping.log.zone)
    err.print(
        f"There was no log at {url}; created it for {identity.district}, {identity.zone}.", highlight=False
    )
    return await create_log(url, identity, wall_clock)


def _print(report: Report, as_json: bool) -> None:
    if as_json:
        print_json(report)
        return
    if report.already_imported:
        _say(f"already imported: {report.rows:,} rows on {report.imported_at}; nothing appended")
        return
    if report.went_on_after_row:
        _say(f"went on after row {report.went_on_after_row:,}")
    _say(f"{report.rows:,} rows ({report.rows_per_second:,} a second)")
    _say(f"{report.events:,} events, {report.skipped:,} skipped, {report.rejected:,} rejected")
    if report.rejects_file:
        _say(f"rejected rows, each with its reason: {report.rejects_file}")
