"""`tidemark schemas`: the event types, their JSON Schemas, and the committed references."""

from pathlib import Path
from typing import Annotated

import typer

from tidemark.services.resources import EXAMPLES
from tidemark.streams.contracts.text import Text
from tidemark.streams.families.schema import key_rule, schema_documents
from tidemark.streams.families.table import EVENT_TYPES, FAMILY_OF

from .console import AsJson, check_failed, print_json, print_line, wrong_use
from .language import Lang
from .markdown import REFRESH
from .names import Names
from .references import build_references, find_stale, load_examples, write_files
from .tables import Column, ColumnKind, print_table

app = typer.Typer(help="List event types, show their JSON Schemas, write or check the references.")

Directory = Annotated[Path, typer.Argument(help="Folder of the references, for example docs/reference.")]


@app.callback(invoke_without_command=True)
def schemas(invocation: typer.Context, as_json: AsJson = False, *, lang: Lang) -> None:
    """List event types, show their JSON Schemas, write or check the references."""
    if invocation.invoked_subcommand is not None:
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
    names = Names(lang)
    columns = (
        Column(Text("类型", "type").in_language(lang)),
        Column(Text("类别", "family").in_language(lang)),
        Column(Text("名称", "name").in_language(lang), ColumnKind.WORDS),
        Column(Text("分区键", "key").in_language(lang), ColumnKind.WORDS, optional=True),
        Column(Text("流", "stream").in_language(lang), optional=True),
        Column(Text("含义", "meaning").in_language(lang), ColumnKind.WORDS, optional=True),
    )
    cells = [
        (
            row["name"],
            row["family"],
            names.name_family(row["family"]),
            row["key"],
            row["stream"],
            row["meaning"],
        )
        for row in rows
    ]
    print_table(columns, cells, lang)
    print_line(
        Text("事件的 type 为 tidemark.<类型>.v1", "the `type` of an event is tidemark.<type>.v1").in_language(
            lang
        )
    )


@app.command()
def show(
    name: Annotated[
        str,
        typer.Argument(metavar="TYPE", help="Event type, for example footfall.counted."),
    ],
) -> None:
    """Print the JSON Schema of an event type."""
    short = name.removeprefix("tidemark.").removesuffix(".v1")
    document = schema_documents().get(short)
    if document is None:
        wrong_use(f"{name} is not an event type; `tidemark schemas` lists them")
    print_json(document)


@app.command("write")
def write_references(directory: Directory) -> None:
    """Write the schemas, the AsyncAPI document and the reference tables."""
    texts = build_references(load_examples(EXAMPLES))
    write_files(directory, texts)
    print_line(f"{len(texts)} files written under {directory}")


@app.command()
def check(directory: Directory, as_json: AsJson = False) -> None:
    """Check the references against the code. Exit code 1 if files are out of date; they are named."""
    outdated = find_stale(directory, build_references(load_examples(EXAMPLES)))
    if as_json:
        print_json({"stale": outdated})
    elif outdated:
        for name in outdated:
            print_line(f"stale: {directory / name}")
        print_line(f"refresh with: {REFRESH}")
    else:
        print_line(f"{directory} is up to date")
    if outdated:
        check_failed()
