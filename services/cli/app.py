"""The `tidemark` command, with all services and tools.

What a command needs is imported when it is called, so that `tidemark --help` is quick.
"""

import os
import sys
from io import TextIOWrapper

import typer
from dotenv import load_dotenv

from .commands import LazyGroup, add_commands

app = typer.Typer(
    cls=LazyGroup,
    help="Exact, live totals of a business district's events on the way to its 2030 targets.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
add_commands(app)

_SIGPIPE = 141
"""The exit code of a program that a closed pipe ends: 128 and the signal's number."""


def main() -> None:
    """Run the command line; errors that say what to do are printed, not traced."""
    load_dotenv(".env")  # of the current folder; on its own it looks beside this file
    app.callback()(_prepare_command)  # before a command, not for --help
    try:
        app()
    except BrokenPipeError:  # the reader has seen enough, as in `tidemark totals | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(_SIGPIPE)
    except Exception as error:
        code = exit_code(error)
        if code is None:
            raise
        from .console import print_error

        print_error(str(error))
        sys.exit(code)


def _prepare_command() -> None:
    """Escape characters that standard output cannot encode, and log warnings until a service logs more."""
    from .log_output import show_warnings

    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    show_warnings()


def exit_code(error: Exception) -> int | None:
    """The exit code for an error whose message says what to do; None for a bug."""
    from tidemark.services.gateway.sources import SourcesError
    from tidemark.services.notifier.errors import NotifierMisconfigured, OutboxMissing, OutboxUnusable
    from tidemark.streams.contracts.identity import IdentityInvalid
    from tidemark.streams.indicators.targets.loading import CatalogueInvalid
    from tidemark.streams.ledger.fold import OtherFoldVersion
    from tidemark.streams.log.errors import LogAddressInvalid, LogError, LogExists, LogMissing

    from .console import CHECK_FAILED, WRONG_USE

    match error:
        case (
            LogMissing()
            | LogExists()
            | LogAddressInvalid()
            | IdentityInvalid()
            | SourcesError()
            | CatalogueInvalid()
            | NotifierMisconfigured()
            | OutboxMissing()
        ):
            return WRONG_USE
        case LogError() | OutboxUnusable() | OtherFoldVersion() | OSError():
            return CHECK_FAILED
    return None
