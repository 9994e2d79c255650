"""`tidemark ledger` and `tidemark rebuild`: the state made from the log."""

from functools import partial
from typing import Annotated

import typer

from tidemark.services.defaults import DEFAULT_LOG, LOOPBACK
from tidemark.services.ledger import app as service
from tidemark.services.ledger.settings import LedgerSettings

from .console import AsJson, LogUrl, count_progress, out, print_json, run
from .service import choose_settings, until_signalled


def ledger(
    url: LogUrl = DEFAULT_LOG,
    until_caught_up: Annotated[
        bool, typer.Option("--until-caught-up", help="End when the log's present end is reached.")
    ] = False,
    instance: Annotated[
        str | None,
        typer.Option(
            envvar="TIDEMARK_INSTANCE",
            help="On Kafka, a lasting name of this worker: restarted under it, it keeps its partitions.",
        ),
    ] = None,
    metrics_port: Annotated[
        int | None,
        typer.Option(
            envvar="TIDEMARK_LEDGER_PORT",
            min=0,
            max=65_535,
            help="Serve the worker's own metrics here while it follows the log. [default: nowhere]",
        ),
    ] = None,
    metrics_host: Annotated[
        str, typer.Option(envvar="TIDEMARK_LEDGER_HOST", help="Address to serve them on.")
    ] = LOOPBACK,
    as_json: AsJson = False,
) -> None:
    """Keep the running totals up with the log, exactly. Ctrl-C ends it cleanly.

    On Kafka run as many as there are partitions at most: they share the work.
    """
    settings = choose_settings(
        LedgerSettings, log=url, instance=instance, ledger_host=metrics_host, ledger_port=metrics_port
    )
    if until_caught_up:
        _print_folded(run(service.catch_up(settings, _show_progress)), as_json)
    else:
        run(until_signalled(service.serve(settings)))


def rebuild(url: LogUrl = DEFAULT_LOG, as_json: AsJson = False) -> None:
    """Make the totals anew from the whole log, beside those being served, then serve the new ones."""
    _print_folded(run(service.rebuild(url, _show_progress)), as_json)


_show_progress = partial(count_progress, "folding")


def _print_folded(folded: service.Folded, as_json: bool) -> None:
    records, seconds, sizes = folded
    if as_json:
        print_json({"records": records, "seconds": round(seconds, 2), **sizes})
    else:
        out.print(
            f"{records:,} records folded in {seconds:.1f} s; "
            f"{sizes['cells']:,} cells, {sizes['entities']:,} entities, {sizes['ids']:,} ids remembered"
        )
