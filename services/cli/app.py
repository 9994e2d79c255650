"""The `tidemark` command: every service and every tool behind one door.

What a command needs is imported when it is called, so that `tidemark --help` is quick.
"""

import logging
import sys

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


def main() -> None:
    """Run the command line; errors that say what to do are printed, not traced."""
    load_dotenv(".env")  # of the current folder; on its own it looks beside this file
    app.callback()(configure_logs)  # before a command, not for --help
    try:
        app()
    except Exception as error:
        code = exit_code(error)
        if code is None:
            raise
        from rich.markup import escape

        from .console import err

        err.print(f"[red]error:[/red] {escape(str(error))}", highlight=False)
        sys.exit(code)


def configure_logs() -> None:
    """Structured logs on standard error: for people on a terminal, as JSON otherwise."""
    import structlog

    terminal = sys.stderr.isatty()
    # The Kafka client tells every retry, thousands a second; what comes of them is told by its callers.
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.format_exc_info,
            structlog.dev.ConsoleRenderer() if terminal else structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


def exit_code(error: Exception) -> int | None:
    """How an error ends the command that it is the message of; None for one that is a bug."""
    from tidemark.services.gateway.sources import SourcesError
    from tidemark.services.notifier.errors import NotifierMisconfigured, OutboxMissing, OutboxUnusable
    from tidemark.streams.contracts.identity import IdentityInvalid
    from tidemark.streams.indicators.targets.loading import CatalogueInvalid
    from tidemark.streams.ledger.fold import OtherFoldVersion
    from tidemark.streams.log.port import LogAddressInvalid, LogError, LogExists, LogMissing

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
