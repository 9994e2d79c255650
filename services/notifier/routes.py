"""Takes Alertmanager's requests into the outbox, or says why not."""

import asyncio
import hmac

import structlog
from fastapi import Request

from tidemark.services.background import OneThread

from .channels import Channels
from .errors import OutboxFull, OutboxUnusable, WebhookInvalid
from .metrics import Metrics
from .outbox import Outbox
from .webhook import Alert, decode_webhook

log = structlog.get_logger()

_MAX_BODY_BYTES = 4 << 20
_BODY_TIMEOUT_S = 30


class Refused(Exception):
    """A request that is not taken: a reason for the metric, a status, what is wrong, what to do."""

    def __init__(self, reason: str, status: int, detail: str, remedy: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.status = status
        self.detail = detail
        self.remedy = remedy


class Intake:
    """Who may bring alerts, and to which channels they go."""

    def __init__(
        self, secret: str, channels: Channels, outbox: Outbox, thread: OneThread, metrics: Metrics
    ) -> None:
        self._secret = secret.encode()
        self._channels = channels
        self._outbox = outbox
        self._thread = thread
        self._metrics = metrics

    async def take(self, request: Request) -> int:
        """How many alerts the request brought, all durable now. Raises Refused."""
        self._check_secret(request)
        try:
            alerts, left_out = decode_webhook(await _body(request))
        except WebhookInvalid as error:
            raise Refused("malformed", 400, str(error), "see Alertmanager's webhook_config") from None
        await self._store(alerts)
        self._metrics.received.inc(len(alerts))
        if left_out:
            self._metrics.left_out.inc(left_out)
            log.error("Alertmanager left out alerts; take max_alerts out of its receiver", alerts=left_out)
        return len(alerts)

    def _check_secret(self, request: Request) -> None:
        scheme, _, secret = request.headers.get("authorization", "").partition(" ")
        given = secret.strip().encode() if scheme.lower() == "bearer" else b""
        if not hmac.compare_digest(given, self._secret):
            raise Refused(
                "unauthenticated",
                401,
                "authorization: no valid secret came with the request",
                "let http_config.authorization.credentials_file of the receiver hold the notifier's secret",
            )

    async def _store(self, alerts: list[Alert]) -> None:
        wanted = [(channel, alert) for alert in alerts for channel in self._channels.of(alert.labels)]
        try:
            await self._thread(lambda: self._outbox.receive(wanted))
        except OutboxFull as error:
            raise Refused("full", 503, str(error), "Alertmanager sends it again") from None
        except OutboxUnusable as error:
            log.error("outbox cannot be written", error=str(error))
            raise Refused(
                "unavailable", 503, "the outbox cannot be written", "see the notifier's log"
            ) from None


async def _body(request: Request) -> bytes:
    """The request's body. Raises Refused when it is too large or takes too long."""
    body = bytearray()
    try:
        async with asyncio.timeout(_BODY_TIMEOUT_S):
            async for part in request.stream():
                body += part
                if len(body) > _MAX_BODY_BYTES:
                    raise Refused(
                        "too-large",
                        413,
                        f"body: more than {_MAX_BODY_BYTES} bytes",
                        "group alerts by more labels",
                    )
    except TimeoutError:
        raise Refused(
            "too-slow", 408, f"body: not whole after {_BODY_TIMEOUT_S} s", "send it again"
        ) from None
    return bytes(body)
