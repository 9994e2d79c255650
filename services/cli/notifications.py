"""`tidemark notifications`: list and retry messages that could not be delivered."""

from pathlib import Path
from typing import Annotated

import typer

from tidemark.services.defaults import wall_clock
from tidemark.services.notifier.outbox import UndeliveredMessage, list_undelivered, retry_undelivered
from tidemark.streams.contracts.civil import instant

from .console import AsJson, print_json, print_line
from .tables import Column, ColumnKind, print_table

app = typer.Typer(help="List and retry alert messages that could not be delivered.", no_args_is_help=True)

OutboxFile = Annotated[
    Path, typer.Option("--outbox", envvar="TIDEMARK_NOTIFIER_OUTBOX", help="The notifier's outbox file.")
]
DEFAULT_OUTBOX = Path("var/notifier.db")


@app.command("list")
def list_command(outbox: OutboxFile = DEFAULT_OUTBOX, as_json: AsJson = False) -> None:
    """List the messages that the notifier gave up on: for whom, about what, and why."""
    messages = list_undelivered(outbox)
    if as_json:
        print_json([_document(message) for message in messages])
        return
    if messages:
        columns = (
            Column("channel"),
            Column("received (UTC)"),
            Column("alert"),
            Column("status", optional=True),
            Column("reason", ColumnKind.WORDS),
        )
        rows = [
            (
                message.channel,
                instant(message.received_ms).strftime("%Y-%m-%d %H:%M:%S"),
                message.alert.name,
                message.alert.status,
                message.reason,
            )
            for message in messages
        ]
        print_table(columns, rows)
    print_line(f"{len(messages):,} undelivered messages")


@app.command()
def retry(outbox: OutboxFile = DEFAULT_OUTBOX) -> None:
    """Queue all undelivered messages; the running notifier sends them again."""
    print_line(f"{retry_undelivered(outbox, wall_clock()):,} messages queued for another try")


def _document(message: UndeliveredMessage) -> dict[str, object]:
    return {
        "channel": message.channel,
        "reason": message.reason,
        "received": instant(message.received_ms).isoformat(),
        "alert": message.alert.name,
        "status": message.alert.status,
        "labels": dict(message.alert.labels),
    }
