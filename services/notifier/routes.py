"""The route by which Alertmanager's alerts come into the outbox, or are refused with the reason."""

import hmac
from dataclasses import dataclass, field

import structlog
from fastapi import APIRouter, Request

from tidemark.services.background import OneThread
from tidemark.services.http import BodyTooLarge, Problem, read_bearer_token, read_body

from .channels import Channels
from .errors import (
    FULL,
    MALFORMED,
    TOO_LARGE,
    TOO_SLOW,
    UNAUTHENTICATED,
    UNAVAILABLE,
    OutboxFull,
    OutboxUnusable,
    WebhookInvalid,
)
from .metrics import Metrics
from .outbox import Outbox
from .webhook import Alert, decode_webhook

log = structlog.get_logger()

_MAX_BODY_BYTES = 4 << 20
_BODY_TIMEOUT_S = 30


def create_router(intake: "Intake") -> APIRouter:
    """The route that takes alerts."""
    router = APIRouter()

    @router.post("/alerts")
    async def take_alerts(request: Request) -> dict[str, int]:
        return {"received": await intake.take(request)}

    return router


@dataclass(frozen=True)
class Intake:
    """Who may bring alerts, and to which channels they go."""

    secret: str = field(repr=False)
    channels: Channels
    outbox: Outbox
    thread: OneThread
    metrics: Metrics

    async def take(self, request: Request) -> int:
        """How many alerts the request brought, all durable now. Raises Problem."""
        self._check_secret(request)
        try:
            alerts, left_out = decode_webhook(await _read(request))
        except WebhookInvalid as error:
            raise Problem(MALFORMED, str(error), "see Alertmanager's webhook_config") from None
        await self._store(alerts)
        self.metrics.received.inc(len(alerts))
        if left_out:
            self.metrics.left_out.inc(left_out)
            log.error("Alertmanager left out alerts; take max_alerts out of its receiver", alerts=left_out)
        return len(alerts)

    def _check_secret(self, request: Request) -> None:
        if not hmac.compare_digest(read_bearer_token(request).encode(), self.secret.encode()):
            raise Problem(
                UNAUTHENTICATED,
                "authorization: no valid secret came with the request",
                "let http_config.authorization.credentials_file of the receiver hold the notifier's secret",
            )

    async def _store(self, alerts: list[Alert]) -> None:
        messages = [(channel, alert) for alert in alerts for channel in self.channels.of(alert.labels)]
        try:
            await self.thread(lambda: self.outbox.receive(messages))
        except OutboxFull as error:
            raise Problem(FULL, str(error), "Alertmanager sends it again") from None
        except OutboxUnusable as error:
            log.error("outbox cannot be written", error=str(error))
            raise Problem(UNAVAILABLE, "the outbox cannot be written", "see the notifier's log") from None


async def _read(request: Request) -> bytes:
    """The request's body. Raises Problem when it is too large or takes too long."""
    try:
        return await read_body(request, _MAX_BODY_BYTES, _BODY_TIMEOUT_S)
    except BodyTooLarge:
        raise Problem(
            TOO_LARGE, f"body: more than {_MAX_BODY_BYTES} bytes", "group alerts by more labels"
        ) from None
    except TimeoutError:
        raise Problem(TOO_SLOW, f"body: not whole after {_BODY_TIMEOUT_S} s", "send it again") from None
