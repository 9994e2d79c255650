"""The notifier's wiring: the one place that knows all its parts."""

import asyncio
from random import SystemRandom

from fastapi import FastAPI
from prometheus_client import generate_latest

from tidemark.services.background import OneThread
from tidemark.services.defaults import wall_clock
from tidemark.services.gazetteer import load_places
from tidemark.services.http import create_plain_app, open_listener, run_server
from tidemark.services.plan import read_plan
from tidemark.streams.contracts.civil import Civil
from tidemark.streams.contracts.family import DAY
from tidemark.streams.storage import ignore_step

from .channels import load_channels, load_secret
from .delivery import DeliveryLimits, Dispatcher, keep_delivering
from .metrics import Metrics
from .outbox import Limits, Outbox
from .routes import Intake, create_router
from .senders import AppriseSender
from .settings import NotifierSettings
from .wording import Names, Wording

_PAUSE_S = 0.5
_DELETE_EVERY_S = 60


def create_app(intake: Intake, outbox: Outbox, thread: OneThread, metrics: Metrics) -> FastAPI:
    """The HTTP application over an open outbox, which is accessed only through the thread."""

    async def check_ready() -> None:
        """The outbox is open before the server listens, so a server that answers is ready."""

    async def read_metrics() -> bytes:
        metrics.show_backlog(await thread(outbox.measure_backlog), wall_clock())
        return generate_latest(metrics.registry)

    app = create_plain_app("Tidemark notifier", check_ready, read_metrics, metrics.refused)
    app.include_router(create_router(intake))
    return app


async def serve(settings: NotifierSettings) -> None:
    """Receive alerts and deliver them until cancelled.

    Raises NotifierMisconfigured, OutboxUnusable, or OSError when the address cannot be listened on.
    """
    plan = read_plan()
    secret = load_secret(settings.notifier_secret_file)
    channels = load_channels(settings.notifier_channels, plan.parents)
    sender = AppriseSender(channels.all, settings.notifier_send_timeout_s)
    wording = Wording(Names(load_places(), plan.catalogue), Civil(settings.zone))
    metrics = Metrics([channel.name for channel in channels.all])
    limits = DeliveryLimits(settings.notifier_max_tries, round(settings.notifier_max_age_s * 1000))
    thread = OneThread()
    outbox = Outbox(
        settings.notifier_outbox,
        wall_clock,
        Limits(settings.notifier_max_messages, round(settings.notifier_window_s * 1000)),
        ignore_step,
    )
    try:
        dispatcher = Dispatcher(
            outbox, sender, wording, limits, metrics, clock=wall_clock, draw=SystemRandom().random
        )
        app = create_app(Intake(secret, channels, outbox, thread, metrics), outbox, thread, metrics)
        address = (settings.notifier_host, settings.notifier_port)
        with open_listener("notifier", *address, channels=len(channels.all)) as listener:
            async with asyncio.TaskGroup() as group:
                group.create_task(keep_delivering(dispatcher, channels.all, thread, _PAUSE_S))
                group.create_task(_keep_deleting_old(outbox, thread, settings.notifier_kept_days * DAY))
                group.create_task(run_server(app, listener))
    finally:
        thread.close()
        outbox.close()


async def _keep_deleting_old(outbox: Outbox, thread: OneThread, retention_ms: int) -> None:
    while True:
        await thread(lambda: outbox.delete_old(retention_ms))
        await asyncio.sleep(_DELETE_EVERY_S)
