"""What the commands for Grafana share: its address, the token, and errors."""

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
    typer.Option(
        "--grafana", envvar="TIDEMARK_GRAFANA", help="Address of Grafana, including its path if it has one."
    ),
]
TokenFile = Annotated[
    Path | None,
    typer.Option(
        envvar="TIDEMARK_GRAFANA_TOKEN_FILE",
        help="File with the token of a service account that has the Editor role.",
    ),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Change nothing in Grafana, show what would change.")]


@contextmanager
def grafana_at(url: str, token_file: Path | None) -> Iterator[GrafanaApi]:
    """A client for a command; ends it where the address or the token's file is wrong."""
    token = _read_token(token_file) if token_file else None
    try:
        with connect(url, token) as grafana:
            yield grafana
    except GrafanaAddressInvalid as error:
        wrong_use(f"--grafana: {error}")


def _read_token(file: Path) -> str:
    try:
        token = file.read_text().strip()
    except (OSError, UnicodeDecodeError) as error:
        wrong_use(f"--token-file: {file} cannot be read ({type(error).__name__}); give a text file")
    # The client's error message would quote, and so print, a token that is not a valid header value.
    if not (token.isascii() and token.isprintable() and token.split() == [token]):
        wrong_use(f"--token-file: {file} does not contain a token; write the token into it on one line")
    return token
