"""Apply the access rights in acls.toml to Tidemark's users on Kafka.

    python deploy/kafka/acls.py --dry-run --log 'kafka://host:9093/tidemark?ca_file=ca.pem&sasl=…'

Needs the extra kafka-admin. The URL names a user who may alter the cluster. Missing rights are added, and
rights of these users that are not in the table are removed. Rights of other users are left alone; a second
run changes nothing.
"""

import asyncio
import logging
import tomllib
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from tidemark.streams.log import engine_of
from tidemark.streams.log.errors import LogAddressInvalid, LogError, RightsInvalid

TABLE = Path(__file__).with_name("acls.toml")


def main(
    log: Annotated[str, typer.Option(envvar="TIDEMARK_LOG", help="The log, as kafka://host:port/name?…")],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show the changes without applying them.")
    ] = False,
) -> None:
    """Apply the access rights in acls.toml to Tidemark's users on Kafka."""
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)  # the outcome of its retries is reported below
    try:
        rights = tomllib.loads(TABLE.read_text("utf-8"))
        lines = asyncio.run(engine_of(log).apply_rights(rights, dry_run))
    except (LogAddressInvalid, RightsInvalid) as error:
        _end(error, 2)
    except LogError as error:
        _end(error, 1)
    for line in lines:
        typer.echo(line)
    typer.echo(f"{len(lines)} rights {'would change' if dry_run else 'changed'}")


def _end(error: Exception, code: int) -> NoReturn:
    typer.echo(f"error: {error}", err=True)
    raise typer.Exit(code)


if __name__ == "__main__":
    typer.run(main)
