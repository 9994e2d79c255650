"""Alertmanager's webhook, version 4."""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

import msgspec

from .errors import WebhookInvalid

Status = Literal["firing", "resolved"]


class Alert(msgspec.Struct, frozen=True, rename="camel"):
    """An alert; `ends_at` has a meaning only if the alert is resolved."""

    status: Status
    fingerprint: str
    starts_at: datetime
    ends_at: datetime
    labels: Mapping[str, str]
    annotations: Mapping[str, str]

    def __post_init__(self) -> None:
        if not self.fingerprint:
            raise ValueError("fingerprint: is empty; send the fingerprint that Alertmanager computes")
        if "alertname" not in self.labels:
            raise ValueError("labels.alertname: is missing; give every alert a name")
        if self.starts_at.tzinfo is None or self.ends_at.tzinfo is None:
            raise ValueError("startsAt, endsAt: no UTC offset; add one, for example Z")

    @property
    def name(self) -> str:
        """The alert's name."""
        return self.labels["alertname"]


class _Webhook(msgspec.Struct, frozen=True, rename="camel"):
    version: Literal["4"]
    alerts: list[Alert]
    truncated_alerts: int = 0


def decode_webhook(body: bytes) -> tuple[list[Alert], int]:
    """The alerts of a request, and the number that Alertmanager left out of it. Raises WebhookInvalid."""
    try:
        webhook = msgspec.json.decode(body, type=_Webhook)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise WebhookInvalid(f"{error}; send Alertmanager's webhook, version 4") from None
    return webhook.alerts, webhook.truncated_alerts
