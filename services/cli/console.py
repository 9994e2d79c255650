"""What all commands share: options, standard output and error, exit codes, coroutines, progress."""

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
err = Console(stderr=True, soft_wrap=True)

CHECK_FAILED = 1
WRONG_USE = 2

LogUrl = Annotated[
    str,
    typer.Option(
        "--log",
        envvar="TIDEMARK_LOG",
        help="Address of the event log: sqlite:///var/x.db or kafka://host:9092/name.",
        show_default=True,
    ),
]
District = Annotated[str, typer.Option(help="District whose events the log takes in.")]
Zone = Annotated[str, typer.Option(help="Time zone of its days and months.")]
Partitions = Annotated[
    int, typer.Option(min=1, max=1024, help="Number of partitions; it cannot be changed later.")
]
EventsAre = Annotated[Content, typer.Option(help="Whether its events are real, simulated, or both.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]


def keep_group() -> None:
    """The callback of a group with one command, which typer would otherwise collapse into the group."""


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run a command's coroutine to its end."""
    return asyncio.run(work)


def print_json(value: Any) -> None:
    """One JSON document on standard output, indented, Chinese kept readable."""
    print(msgspec.json.format(msgspec.json.encode(value), indent=2).decode())  # noqa: T201  not for rich to wrap


def is_terminal() -> bool:
    """Whether standard output is a terminal; colours that are forced do not make it one."""
    return out.file.isatty()


def print_line(text: str, style: str = "") -> None:
    """One line on standard output as it is: not wrapped, cut or coloured by what it holds."""
    out.print(text, style=style or None, markup=False, highlight=False, soft_wrap=True)


def print_error(text: str) -> None:
    """What went wrong, on standard error, as one line."""
    err.print(f"[red]error:[/red] {escape(text)}", highlight=False)


def wrong_use(message: str) -> NoReturn:
    """End because the command was called wrongly."""
    print_error(message)
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
