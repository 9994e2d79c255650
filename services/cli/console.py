"""What every command shares: where it prints, how it ends, and how it runs a coroutine."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Annotated, Any, NoReturn, TypeVar

import msgspec
import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    TextColumn,
    TimeRemainingColumn,
)

from tidemark.streams.contracts.identity import Content

T = TypeVar("T")

out = Console(soft_wrap=True)
err = Console(stderr=True)

CHECK_FAILED = 1
WRONG_USE = 2

LogUrl = Annotated[
    str,
    typer.Option(
        "--log",
        envvar="TIDEMARK_LOG",
        help="Address of the event log: sqlite:///var/x.db or kafka://host:9092/name",
        show_default=True,
    ),
]
District = Annotated[str, typer.Option(help="The district whose events it takes in.")]
Zone = Annotated[str, typer.Option(help="Civil zone of its days and months.")]
Partitions = Annotated[int, typer.Option(min=1, max=1024, help="Never changed afterwards.")]
EventsAre = Annotated[Content, typer.Option(help="What its events are.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs instead of a table.")]


def keep_group() -> None:
    """The callback of a group with one command, of which typer would make a command without a name."""


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run a command's coroutine to its end."""
    return asyncio.run(work)


def print_json(value: Any) -> None:
    """One JSON document on standard output, indented, Chinese kept readable."""
    print(msgspec.json.format(msgspec.json.encode(value), indent=2).decode())  # noqa: T201  not for rich to wrap


def wrong_use(message: str) -> NoReturn:
    """End because the command was called wrongly."""
    err.print(f"[red]error:[/red] {escape(message)}", highlight=False)
    raise typer.Exit(WRONG_USE)


def check_failed() -> NoReturn:
    """End because what was checked does not hold."""
    raise typer.Exit(CHECK_FAILED)


@contextmanager
def count_progress(
    what: str, total: int, column: ProgressColumn | None = None
) -> Iterator[Callable[[int], None]]:
    """A progress bar; called with how many of the total are done, which the column shows."""
    with progress(what, column) as bar:
        task = bar.add_task("", total=total)
        yield lambda done: bar.update(task, completed=done)


def progress(what: str, column: ProgressColumn | None = None) -> Progress:
    """A progress bar on standard error, where that is a terminal; standard output stays clean."""
    return Progress(
        TextColumn(what),
        BarColumn(),
        column or MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=err,
        transient=True,
        disable=not err.is_terminal,
    )
