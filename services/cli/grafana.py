"""What the commands that talk to Grafana share: where it is, the token, and how they end."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from grafana_client import GrafanaApi

from tidemark.services.grafana.connection import GrafanaAddressInvalid, connect

from .console import wrong_use

DEFAULT_GRAFANA = "http://127.0.0.1:3000"

GrafanaUrl = Annotated[
    str,
    typer.Option("--grafana", envvar="TIDEMARK_GRAFANA", help="Address of Grafana, with its path if any."),
]
TokenFile = Annotated[
    Path | None,
    typer.Option(
        envvar="TIDEMARK_GRAFANA_TOKEN_FILE",
        help="File that holds the token of a service account with the role Editor.",
    ),
]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Change nothing in Grafana, show what would be changed.")
]


@contextmanager
def grafana_at(url: str, token_file: Path | None) -> Iterator[GrafanaApi]:
    """A client for a command; ends it where the address or the token's file is wrong."""
    token = _token(token_file) if token_file else None
    try:
        with connect(url, token) as grafana:
            yield grafana
    except GrafanaAddressInvalid as error:
        wrong_use(f"--grafana: {error}")


def _token(file: Path) -> str:
    try:
        token = file.read_text().strip()
    except (OSError, UnicodeDecodeError) as error:
        wrong_use(f"--token-file: {file} cannot be read ({type(error).__name__}); give a text file")
    # What is no header value would be quoted in the client's complaint, and so printed.
    if not (token.isascii() and token.isprintable() and token.split() == [token]):
        wrong_use(f"--token-file: {file} holds no token; write it there on one line")
    return token
