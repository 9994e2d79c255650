"""The HTTP routes. Each validates, translates, and calls one thing."""

from dataclasses import dataclass

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from .access import Access
from .answers import answer_batch, answer_one
from .content import Mode, body_of, events_in, mode_of
from .intake import Intake
from .load import Load
from .metrics import Metrics
from .openapi import EVENTS_OPERATION, EVENTS_RESPONSES, METRICS_RESPONSES, READY_RESPONSES, STATUS_RESPONSES
from .readiness import Readiness
from .settings import GatewaySettings


@dataclass(frozen=True)
class Parts:
    """What the routes call."""

    settings: GatewaySettings
    access: Access
    load: Load
    intake: Intake
    readiness: Readiness
    metrics: Metrics


def routes(parts: Parts) -> APIRouter:
    """The gateway's routes."""
    router = APIRouter(default_response_class=Response)

    @router.post(
        "/v1/events",
        status_code=202,
        summary="Send events",
        responses=EVENTS_RESPONSES,
        openapi_extra=EVENTS_OPERATION,
    )
    async def send_events(request: Request) -> Response:
        """Send one CloudEvent or a batch. The answer comes when what it accepts is durable."""
        sender = parts.access.sender_of(request)
        mode = mode_of(request.headers)
        parts.metrics.requests.labels(mode).inc()
        async with body_of(request, parts.load, parts.settings) as body:
            raws = events_in(mode, request.headers, body, parts.settings.max_batch_events)
            verdicts = await parts.intake.take(raws, sender)
        return answer_batch(verdicts) if mode is Mode.BATCH else answer_one(verdicts[0])

    @router.get("/health", summary="Is the process alive?", responses=STATUS_RESPONSES)
    async def health() -> Response:
        """Answers as long as the process runs."""
        return Response(b'{"status":"alive"}', media_type="application/json")

    @router.get("/ready", summary="Can events be accepted?", responses=READY_RESPONSES)
    async def ready() -> Response:
        """Checks the committer, the log and the free space."""
        await parts.readiness.check()
        return Response(b'{"status":"ready"}', media_type="application/json")

    @router.get("/metrics", summary="The gateway's own metrics", responses=METRICS_RESPONSES)
    async def metrics() -> Response:
        """Prometheus text format; nothing here is a business value."""
        return Response(generate_latest(parts.metrics.registry), media_type=CONTENT_TYPE_LATEST)

    return router
