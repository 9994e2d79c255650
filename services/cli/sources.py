"""`tidemark sources`: which sources may send events to the gateway, and their tokens."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from tidemark.services.gateway.sources import SourcesError, add_source, load_sources, remove_source
from tidemark.streams.contracts.text import Text

from .console import wrong_use
from .language import Lang
from .names import Names
from .tables import SEPARATOR, Column, ColumnKind, print_table

app = typer.Typer(
    help="Manage the sources that may send events to the gateway, and their tokens.", no_args_is_help=True
)

File = Annotated[Path, typer.Option("--file", envvar="TIDEMARK_SOURCES", help="The sources file, in TOML.")]
SourceId = Annotated[
    str, typer.Argument(help="The `source` of its events; with / at the end, a prefix of them.")
]
RESTART = "Restart the gateway for this to take effect."
NO_END = Text("长期", "no end")


@contextmanager
def _refuse_wrong_sources() -> Iterator[None]:
    """End the command with the message of a SourcesError."""
    try:
        yield
    except SourcesError as error:
        wrong_use(str(error))


def _parse_instant(text: str | None) -> datetime | None:
    try:
        return None if text is None else datetime.fromisoformat(text)
    except ValueError:
        raise SourcesError(
            f"valid-until: {text!r} is not a time with an offset; write it like 2027-01-01T00:00:00+08:00"
        ) from None


@app.command()
def add(
    source_id: SourceId,
    file: File,
    family: Annotated[list[str], typer.Option(help="A family that it may send; repeat the option for more.")],
    valid_until: Annotated[
        str | None,
        typer.Option(
            help="Last moment at which the token is valid, in RFC 3339 with an offset. (default: no end)"
        ),
    ] = None,
) -> None:
    """Add a source and print its token. The token is not stored and cannot be shown again.

    Example: tidemark sources add /counters/ --family footfall --file var/secrets/sources.toml
    """
    with _refuse_wrong_sources():
        token = add_source(file, source_id, family, _parse_instant(valid_until))
    typer.echo(token)
    typer.echo(f"This is the token of {source_id}; it is shown only once. {RESTART}", err=True)


@app.command("list")
def list_sources(file: File, *, lang: Lang) -> None:
    """List the sources. Tokens are not stored."""
    with _refuse_wrong_sources():
        sources = load_sources(file).all
    names = Names(lang)
    columns = (
        Column(Text("来源", "source").in_language(lang)),
        Column(Text("类别", "families").in_language(lang), ColumnKind.WORDS),
        Column(Text("名称", "names").in_language(lang), ColumnKind.WORDS, optional=True),
        Column(Text("有效期至", "valid until").in_language(lang)),
    )
    rows = [
        (
            source.id,
            ", ".join(source.families),
            SEPARATOR.in_language(lang).join(filter(None, map(names.name_family, source.families))),
            source.valid_until.isoformat() if source.valid_until else NO_END.in_language(lang),
        )
        for source in sources
    ]
    print_table(columns, rows, lang)


@app.command()
def remove(source_id: SourceId, file: File) -> None:
    """Remove a source; its token is refused from then on."""
    with _refuse_wrong_sources():
        remove_source(file, source_id)
    typer.echo(f"{source_id} is removed. {RESTART}", err=True)
