"""The route that accepts Alertmanager's alerts into the outbox, or refuses them with the reason."""

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
    """The route that receives alerts."""
    router = APIRouter()

    @router.post("/alerts")
    async def receive_alerts(request: Request) -> dict[str, int]:
        return {"received": await intake.receive(request)}

    return router


@dataclass(frozen=True)
class Intake:
    """Checks requests and stores their alerts for the channels that should receive them."""

    secret: str = field(repr=False)
    channels: Channels
    outbox: Outbox
    thread: OneThread
    metrics: Metrics

    async def receive(self, request: Request) -> int:
        """Store the request's alerts durably and return their number. Raises Problem."""
        self._check_secret(request)
        try:
            alerts, left_out = decode_webhook(await _read(request))
        except WebhookInvalid as error:
            raise Problem(
                MALFORMED, str(error), "see webhook_config in Alertmanager's documentation"
            ) from None
        await self._store(alerts)
        self.metrics.received.inc(len(alerts))
        if left_out:
            self.metrics.left_out.inc(left_out)
            log.error("Alertmanager left out alerts; remove max_alerts from its receiver", alerts=left_out)
        return len(alerts)

    def _check_secret(self, request: Request) -> None:
        if not hmac.compare_digest(read_bearer_token(request).encode(), self.secret.encode()):
            raise Problem(
                UNAUTHENTICATED,
                "authorization: the request has no valid secret",
                "set http_config.authorization.credentials_file of the receiver to a file with the "
                "notifier's secret",
            )

    async def _store(self, alerts: list[Alert]) -> None:
        messages = [
            (channel, alert) for alert in alerts for channel in self.channels.find_channels(alert.labels)
        ]
        try:
            await self.thread(lambda: self.outbox.receive(messages))
        except OutboxFull as error:
            raise Problem(FULL, str(error), "Alertmanager sends the alerts again by itself") from None
        except OutboxUnusable as error:
            log.error("outbox cannot be written", error=str(error))
            raise Problem(
                UNAVAILABLE, "the outbox cannot be written", "see the reason in the notifier's log"
            ) from None


async def _read(request: Request) -> bytes:
    """The request's body. Raises Problem when it is too large or takes too long."""
    try:
        return await read_body(request, _MAX_BODY_BYTES, _BODY_TIMEOUT_S)
    except BodyTooLarge:
        raise Problem(
            TOO_LARGE,
            f"body: larger than {_MAX_BODY_BYTES:,} bytes",
            "group alerts by more labels in Alertmanager's route",
        ) from None
    except TimeoutError:
        raise Problem(
            TOO_SLOW, f"body: incomplete after {_BODY_TIMEOUT_S} s", "send the request again"
        ) from None
