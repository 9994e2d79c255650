"""tidemark schemas: the event types, their JSON Schemas, and the committed references."""

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Column, Table

from tidemark.services.resources import EXAMPLES
from tidemark.streams.families.schema import key_rule, schema_documents
from tidemark.streams.families.table import EVENT_TYPES, FAMILY_OF

from .console import AsJson, check_failed, out, print_json, wrong_use
from .markdown import REFRESH
from .references import load_examples, references, stale, write

app = typer.Typer(help="Event types, their JSON Schemas, and the references under docs/reference.")

Directory = Annotated[Path, typer.Argument(help="Where the references lie, for example docs/reference.")]


@app.callback(invoke_without_command=True)
def schemas(context: typer.Context, as_json: AsJson = False) -> None:
    """List the event types; with a command, show, write or check their schemas."""
    if context.invoked_subcommand is not None:
        return
    rows = [
        {
            "name": kind.name,
            "type": kind.type_name,
            "family": FAMILY_OF[kind].name,
            "stream": FAMILY_OF[kind].stream.value,
            "key": key_rule(kind),
            "meaning": kind.meaning,
        }
        for kind in EVENT_TYPES
    ]
    if as_json:
        print_json(rows)
        return
    name, key = Column("name", no_wrap=True), Column("key", overflow="fold")
    table = Table(name, "family", "stream", key, "meaning", title="Event types: tidemark.<name>.v1")
    for row in rows:
        table.add_row(row["name"], row["family"], row["stream"], row["key"], row["meaning"])
    out.print(table)


@app.command()
def show(
    name: Annotated[str, typer.Argument(metavar="TYPE", help="footfall.counted or its full type.")],
) -> None:
    """Print one type's JSON Schema."""
    short = name.removeprefix("tidemark.").removesuffix(".v1")
    document = schema_documents().get(short)
    if document is None:
        wrong_use(f"{name} is not an event type; `tidemark schemas` lists them")
    print_json(document)


@app.command("write")
def write_references(directory: Directory) -> None:
    """Write the schemas, the AsyncAPI document and the tables."""
    texts = references(load_examples(EXAMPLES))
    write(directory, texts)
    out.print(f"{len(texts)} files written under {directory}")


@app.command()
def check(directory: Directory, as_json: AsJson = False) -> None:
    """Exit with 1 and name the files that no longer say what the contracts say."""
    found = stale(directory, references(load_examples(EXAMPLES)))
    if as_json:
        print_json({"stale": found})
    elif found:
        for name in found:
            out.print(f"stale: {directory / name}", soft_wrap=True)
        out.print(f"refresh with: {REFRESH}")
    else:
        out.print(f"{directory} says what the contracts say")
    if found:
        check_failed()
