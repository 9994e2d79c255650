"""`tidemark ledger` and `tidemark rebuild`: fold the log into published totals."""

from functools import partial
from typing import Annotated

import typer

from tidemark.services.defaults import DEFAULT_LOG, LOOPBACK
from tidemark.services.ledger import app as service
from tidemark.services.ledger.settings import LedgerSettings

from .console import AsJson, LogUrl, count_progress, print_json, print_line, run
from .log_output import show_service_logs
from .service import choose_settings, until_signalled


def ledger(
    url: LogUrl = DEFAULT_LOG,
    until_caught_up: Annotated[
        bool, typer.Option("--until-caught-up", help="Fold up to the log's present end, then exit.")
    ] = False,
    instance: Annotated[
        str | None,
        typer.Option(
            envvar="TIDEMARK_INSTANCE",
            help="On Kafka, a permanent name of this worker; restarted under it, it keeps its partitions.",
        ),
    ] = None,
    metrics_port: Annotated[
        int | None,
        typer.Option(
            envvar="TIDEMARK_LEDGER_PORT",
            min=0,
            max=65_535,
            help="Serve the worker's own metrics on this port. (default: not served)",
        ),
    ] = None,
    metrics_host: Annotated[
        str, typer.Option(envvar="TIDEMARK_LEDGER_HOST", help="Address to serve the metrics on.")
    ] = LOOPBACK,
    as_json: AsJson = False,
) -> None:
    """Keep exact running totals of the log. Ctrl-C stops it cleanly.

    On Kafka several may run, at most one for each partition; they divide the partitions among them.
    """
    settings = choose_settings(
        LedgerSettings, log=url, instance=instance, ledger_host=metrics_host, ledger_port=metrics_port
    )
    if until_caught_up:
        _print_folded(run(service.catch_up(settings, _show_progress)), as_json)
    else:
        show_service_logs()
        run(until_signalled(service.serve(settings)))


def rebuild(url: LogUrl = DEFAULT_LOG, as_json: AsJson = False) -> None:
    """Rebuild the totals from the whole log, beside those being served, then serve the new ones."""
    _print_folded(run(service.rebuild(url, _show_progress)), as_json)


_show_progress = partial(count_progress, "folding")


def _print_folded(folded: service.Folded, as_json: bool) -> None:
    records, seconds, sizes = folded
    if as_json:
        print_json({"records": records, "seconds": round(seconds, 2), **sizes})
    else:
        print_line(
            f"{records:,} records folded in {seconds:.1f} s; "
            f"{sizes['cells']:,} cells, {sizes['entities']:,} entities, {sizes['ids']:,} ids remembered"
        )
