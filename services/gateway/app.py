"""The gateway's wiring: the only module that knows all of its parts."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import structlog
from fastapi import FastAPI

from tidemark.services.defaults import wall_clock
from tidemark.services.http import add_endpoints, answer_problems, expose, open_listener, run_server
from tidemark.streams.contracts.identity import LogIdentity
from tidemark.streams.log import create_log, engine_of
from tidemark.streams.log.errors import LogMissing
from tidemark.streams.log.port import EventLog, close_after

from .access import Access, is_loopback
from .admission import Admission
from .committer import Committer
from .intake import Intake
from .load import Load
from .metrics import Metrics
from .openapi import ENDPOINTS, describe
from .problems import answer_all_errors
from .routes import Readiness, create_router
from .settings import GatewaySettings
from .sources import Sources, SourcesError, load_sources

log = structlog.get_logger()


def create_app(
    event_log: EventLog, settings: GatewaySettings, sources: Sources, clock: Callable[[], int]
) -> FastAPI:
    """The HTTP application over an open log; `clock` returns milliseconds since 1970."""
    load = Load(settings.max_queue_events, settings.max_queue_bytes)
    metrics = Metrics(load)
    committer = Committer(event_log, load, metrics)
    admission = Admission(event_log.identity, settings.max_event_bytes, clock)
    intake = Intake(admission, committer, metrics, settings.commit_timeout_s)
    readiness = Readiness(event_log, committer, settings)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        committer.start()
        try:
            yield
        finally:
            await committer.close(settings.drain_timeout_s)

    app = FastAPI(
        title="Tidemark gateway",
        version="1",
        description="CloudEvents 1.0 over HTTP, acknowledged once durable; errors are problems (RFC 9457).",
        lifespan=lifespan,
        redoc_url=None,
        redirect_slashes=False,
    )
    app.openapi = lambda: describe(app)  # type: ignore[method-assign]
    app.include_router(create_router(settings, Access(sources, clock), load, intake, metrics))
    add_endpoints(app, readiness.check, expose(metrics.registry), ENDPOINTS)
    answer_problems(app, metrics.refused)
    answer_all_errors(app)
    return app


async def serve(settings: GatewaySettings) -> None:
    """Open the log, creating it if absent, and serve until cancelled.

    Raises SourcesError, LogError, or OSError when the gateway cannot listen on its address.
    """
    sources = load_sources(settings.sources) if settings.sources else Sources()
    check_exposure(settings.gateway_host, sources)
    async with close_after(await _open(settings)) as event_log:
        await run(event_log, settings, sources)


async def run(event_log: EventLog, settings: GatewaySettings, sources: Sources) -> None:
    """Serve over an open log until cancelled; admitted events are appended before this returns."""
    app = create_app(event_log, settings, sources, wall_clock)
    address, district = (settings.gateway_host, settings.gateway_port), event_log.identity.district
    with open_listener("gateway", *address, district=district) as listener:
        await run_server(app, listener, settings.drain_timeout_s)
    log.info("gateway stopped")


async def _open(settings: GatewaySettings) -> EventLog:
    """The existing log or, if its file is missing, a new log with the settings' identity.

    Kafka topics are created only by `tidemark topics apply`, which has the rights to do so.
    """
    try:
        return await engine_of(settings.log).open_log(wall_clock, settings.min_free_bytes)
    except LogMissing:
        if not engine_of(settings.log).made_by_services:
            raise
        identity = LogIdentity(settings.district, settings.zone, settings.partitions, settings.content)
        return await create_log(settings.log, identity, wall_clock, settings.min_free_bytes)


def check_exposure(host: str, sources: Sources) -> None:
    """Raise SourcesError if other machines can reach the address while no source is configured."""
    if not sources.all and not is_loopback(host):
        raise SourcesError(
            f"TIDEMARK_GATEWAY_HOST: {host} is reachable by other machines and no source is configured; "
            "add one with `tidemark sources add` and set TIDEMARK_SOURCES, or listen on 127.0.0.1"
        )
