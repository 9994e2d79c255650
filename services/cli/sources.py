"""`tidemark sources`: who may send events, and their tokens."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from tidemark.services.gateway.sources import SourcesError, add_source, load_sources, remove_source

from .console import out, wrong_use

app = typer.Typer(help="Who may send events to the gateway, and their tokens.", no_args_is_help=True)

File = Annotated[Path, typer.Option("--file", envvar="TIDEMARK_SOURCES", help="The sources file, in TOML")]
SourceId = Annotated[str, typer.Argument(help="The source it sends as; a prefix of them when it ends in /")]
RESTART = "Restart the gateway for it to take effect."


@contextmanager
def _wrong_use() -> Iterator[None]:
    """Say what is wrong and exit with 2."""
    try:
        yield
    except SourcesError as error:
        wrong_use(str(error))


def _instant(text: str | None) -> datetime | None:
    try:
        return None if text is None else datetime.fromisoformat(text)
    except ValueError:
        raise SourcesError(f"valid-until: {text!r} is no time; write 2027-01-01T00:00:00+08:00") from None


@app.command()
def add(
    source_id: SourceId,
    file: File,
    family: Annotated[list[str], typer.Option(help="A family it may send; repeat for more")],
    valid_until: Annotated[str | None, typer.Option(help="Last moment, RFC 3339 with an offset")] = None,
) -> None:
    """Add a source and print its token, which is not kept and cannot be shown again."""
    with _wrong_use():
        token = add_source(file, source_id, family, _instant(valid_until))
    typer.echo(token)
    typer.echo(f"This is the token of {source_id}; it is shown this once. {RESTART}", err=True)


@app.command("list")
def list_sources(file: File) -> None:
    """Show the sources; tokens are not kept."""
    table = Table("source", "families", "valid until")
    with _wrong_use():
        known = load_sources(file).all
    for source in known:
        until = source.valid_until.isoformat() if source.valid_until else "for ever"
        table.add_row(source.id, ", ".join(source.families), until)
    out.print(table)


@app.command()
def remove(source_id: SourceId, file: File) -> None:
    """Take a source's right to send away."""
    with _wrong_use():
        remove_source(file, source_id)
    typer.echo(f"{source_id} is removed. {RESTART}", err=True)
