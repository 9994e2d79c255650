"""The `tidemark` command: every service and every tool behind one door."""

import logging
import sys

import structlog
import typer
from dotenv import load_dotenv
from rich.markup import escape

from tidemark.services.board.app import serve as serve_board
from tidemark.services.board.settings import BoardSettings
from tidemark.services.exporter.app import serve as serve_exporter
from tidemark.services.exporter.settings import ExporterSettings
from tidemark.services.gateway.app import serve as serve_gateway
from tidemark.services.gateway.settings import GatewaySettings
from tidemark.services.gateway.sources import SourcesError
from tidemark.services.notifier.app import serve as serve_notifier
from tidemark.services.notifier.errors import NotifierMisconfigured, OutboxMissing, OutboxUnusable
from tidemark.services.notifier.settings import NotifierSettings
from tidemark.streams.contracts.identity import IdentityInvalid
from tidemark.streams.indicators.loading import CatalogueInvalid
from tidemark.streams.ledger.fold import OtherFoldVersion
from tidemark.streams.log.errors import LogAddressInvalid, LogError, LogExists, LogMissing

from . import annotations, dashboards, dead_letters, logs, notifications, schemas, sources, targets, topics
from .backtest import backtest
from .console import CHECK_FAILED, WRONG_USE, err
from .demo import demo
from .explain import explain
from .history import history
from .imports import import_file
from .ledger import ledger, rebuild
from .report import report
from .service import service_command
from .simulate import simulate
from .totals import totals
from .verify import verify

app = typer.Typer(
    help="Exact, live totals of a business district's events on the way to its 2030 targets.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

SERVICES, CHECKS, DATA, GRAFANA = "Services", "Totals and checks", "Events and logs", "Grafana"

app.command(rich_help_panel=SERVICES)(demo)
app.command("gateway", rich_help_panel=SERVICES, help="Take in events over HTTP.")(
    service_command(GatewaySettings, serve_gateway)
)
app.command(rich_help_panel=SERVICES)(ledger)
app.command("exporter", rich_help_panel=SERVICES, help="Show the totals to Prometheus.")(
    service_command(ExporterSettings, serve_exporter)
)
app.command("board", rich_help_panel=SERVICES, help="Show the totals on a wall screen.")(
    service_command(BoardSettings, serve_board)
)
app.command("notifier", rich_help_panel=SERVICES, help="Bring alerts to people.")(
    service_command(NotifierSettings, serve_notifier)
)
app.add_typer(notifications.app, name="notifications", rich_help_panel=SERVICES)
app.command(rich_help_panel=CHECKS)(totals)
app.command(rich_help_panel=CHECKS)(explain)
app.command(rich_help_panel=CHECKS)(verify)
app.command(rich_help_panel=CHECKS)(rebuild)
app.command(rich_help_panel=CHECKS)(backtest)
app.command(rich_help_panel=CHECKS)(report)
app.add_typer(targets.app, name="targets", rich_help_panel=CHECKS)
app.add_typer(dead_letters.app, name="dead-letters", rich_help_panel=CHECKS)
app.command(rich_help_panel=DATA)(simulate)
app.command("import", rich_help_panel=DATA)(import_file)
app.command(rich_help_panel=DATA)(history)
app.command(rich_help_panel=DATA)(logs.backup)
app.command(rich_help_panel=DATA)(logs.restore)
app.add_typer(logs.app, name="log", rich_help_panel=DATA)
app.add_typer(topics.app, name="topics", rich_help_panel=DATA)
app.add_typer(schemas.app, name="schemas", rich_help_panel=DATA)
app.add_typer(sources.app, name="sources", rich_help_panel=DATA)
app.add_typer(dashboards.app, name="dashboards", rich_help_panel=GRAFANA)
app.add_typer(annotations.app, name="annotations", rich_help_panel=GRAFANA)


def main() -> None:
    """Run the command line; errors that say what to do are printed, not traced."""
    load_dotenv()
    configure_logs()
    try:
        app()
    except (
        LogMissing,
        LogExists,
        LogAddressInvalid,
        IdentityInvalid,
        SourcesError,
        CatalogueInvalid,
        NotifierMisconfigured,
        OutboxMissing,
    ) as error:
        _end(error, WRONG_USE)
    except (LogError, OutboxUnusable, OtherFoldVersion, OSError) as error:
        _end(error, CHECK_FAILED)


def configure_logs() -> None:
    """Structured logs on standard error: for people on a terminal, as JSON otherwise."""
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


def _end(error: Exception, code: int) -> None:
    err.print(f"[red]error:[/red] {escape(str(error))}", highlight=False)
    sys.exit(code)
