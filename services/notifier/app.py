"""The notifier's wiring: the one place that knows all its parts."""

import asyncio
from collections.abc import Callable
from random import SystemRandom
from typing import NamedTuple

import structlog
from fastapi import FastAPI, Request, Response
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4, generate_latest

from tidemark.services.background import DRAIN_S, OneThread, problem
from tidemark.services.clock import wall_clock
from tidemark.services.gazetteer import load_places
from tidemark.services.http import listen, run_server
from tidemark.services.plan import read_plan
from tidemark.streams.contracts.civil import Civil
from tidemark.streams.contracts.family import DAY
from tidemark.streams.storage import ignore_step

from .channels import load_channels, load_secret
from .delivery import Chances, Courier, Patience, keep_delivering
from .metrics import Metrics
from .names import Names
from .outbox import Limits, Outbox
from .routes import Intake, Refused
from .senders import AppriseSender
from .settings import NotifierSettings
from .wording import Wording

log = structlog.get_logger()

_PAUSE_S = 0.5
_FORGET_EVERY_S = 60


class Parts(NamedTuple):
    """What the HTTP application works with."""

    intake: Intake
    outbox: Outbox
    thread: OneThread
    metrics: Metrics


def create_app(parts: Parts, clock: Callable[[], int]) -> FastAPI:
    """The HTTP application over an open outbox; `clock` tells milliseconds since 1970."""
    app = FastAPI(title="Tidemark notifier", docs_url=None, redoc_url=None, openapi_url=None)

    @app.post("/alerts")
    async def alerts(request: Request) -> dict[str, int]:
        return {"received": await parts.intake.take(request)}

    @app.exception_handler(Refused)
    async def on_refused(_request: Request, refused: Refused) -> Response:
        parts.metrics.refused.labels(refused.reason).inc()
        title = "The alerts were not taken"
        return problem(refused.reason, refused.status, title, refused.detail, refused.remedy)

    # The outbox is open before the server listens, so whoever is answered finds it ready.
    @app.get("/health")
    @app.get("/ready")
    async def ready() -> dict[str, str]:
        return {"status": "ready"}

    @app.get("/metrics")
    async def metrics() -> Response:
        parts.metrics.show(await parts.thread(parts.outbox.standing), clock())
        return Response(generate_latest(parts.metrics.registry), media_type=CONTENT_TYPE_PLAIN_0_0_4)

    return app


async def serve(settings: NotifierSettings) -> None:
    """Take in alerts and send them on until cancelled.

    Raises NotifierMisconfigured, OutboxUnusable, or OSError when the address cannot be listened on.
    """
    plan = read_plan()
    secret = load_secret(settings.notifier_secret_file)
    channels = load_channels(settings.notifier_channels, plan.parents)
    sender = AppriseSender(channels.all, settings.notifier_send_timeout_s)
    wording = Wording(Names(load_places(), plan.catalogue), Civil(settings.zone))
    metrics = Metrics(channel.name for channel in channels.all)
    patience = Patience(settings.notifier_max_tries, round(settings.notifier_max_age_s * 1000))
    chances = Chances(wall_clock, SystemRandom().random)
    thread = OneThread()
    outbox = Outbox(
        settings.notifier_outbox,
        wall_clock,
        Limits(settings.notifier_max_messages, round(settings.notifier_window_s * 1000)),
        ignore_step,
    )
    try:
        courier = Courier(outbox, sender, wording, patience, chances, metrics)
        parts = Parts(Intake(secret, channels, outbox, thread, metrics), outbox, thread, metrics)
        with listen(settings.notifier_host, settings.notifier_port) as listener:
            host, port, *_ = listener.getsockname()
            log.info("notifier listens", host=host, port=port, channels=len(channels.all))
            async with asyncio.TaskGroup() as group:
                group.create_task(keep_delivering(courier, channels.all, thread, _PAUSE_S))
                group.create_task(_keep_forgetting(outbox, thread, settings.notifier_kept_days * DAY))
                group.create_task(run_server(create_app(parts, wall_clock), listener, DRAIN_S))
    finally:
        thread.close()
        outbox.close()


async def _keep_forgetting(outbox: Outbox, thread: OneThread, kept_ms: int) -> None:
    while True:
        await thread(lambda: outbox.forget(kept_ms))
        await asyncio.sleep(_FORGET_EVERY_S)
