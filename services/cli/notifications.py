"""`tidemark notifications`: messages that no channel took, to be read and tried again."""

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from tidemark.services.defaults import wall_clock
from tidemark.services.notifier.outbox import Notification, dead_letters, try_again
from tidemark.streams.contracts.civil import instant

from .console import AsJson, out, print_json

app = typer.Typer(help="Alert messages that no channel took: read, try again.", no_args_is_help=True)

OutboxFile = Annotated[
    Path, typer.Option("--outbox", envvar="TIDEMARK_NOTIFIER_OUTBOX", help="File of the notifier's outbox.")
]
DEFAULT_OUTBOX = Path("var/notifier.db")


@app.command("list")
def list_letters(outbox: OutboxFile = DEFAULT_OUTBOX, as_json: AsJson = False) -> None:
    """List the messages that were given up: for whom, about what, and why."""
    letters = dead_letters(outbox)
    if as_json:
        print_json([_described(letter) for letter in letters])
        return
    table = Table("channel", "received (UTC)", "alert", "status", "reason", box=None)
    for letter in letters:
        at = instant(letter.received_ms).strftime("%Y-%m-%d %H:%M:%S")
        table.add_row(letter.channel, at, letter.alert.name, letter.alert.status, letter.reason)
    out.print(table)
    out.print(f"{len(letters):,} messages given up")


@app.command()
def retry(outbox: OutboxFile = DEFAULT_OUTBOX) -> None:
    """Let the notifier try them all again."""
    out.print(f"{try_again(outbox, wall_clock()):,} messages wait to be sent again")


def _described(letter: Notification) -> dict[str, object]:
    return {
        "channel": letter.channel,
        "reason": letter.reason,
        "received": instant(letter.received_ms).isoformat(),
        "alert": letter.alert.name,
        "status": letter.alert.status,
        "labels": dict(letter.alert.labels),
    }
