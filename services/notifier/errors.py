"""The notifier's refusals and errors; each message contains the remedy."""

from tidemark.services.http import Kind, retry_after


def _kind(name: str, status: int) -> Kind:
    return Kind(name, status, "The alerts were not accepted", retry_after(1))


UNAUTHENTICATED = _kind("unauthenticated", 401)
TOO_LARGE = _kind("too-large", 413)
TOO_SLOW = _kind("too-slow", 408)
MALFORMED = _kind("malformed", 400)
FULL = _kind("full", 503)
UNAVAILABLE = _kind("unavailable", 503)
KINDS = (UNAUTHENTICATED, TOO_LARGE, TOO_SLOW, MALFORMED, FULL, UNAVAILABLE)
"""Why a request is refused."""


class NotifierMisconfigured(Exception):
    """The secret or the channels cannot be used; the message gives the reason and the remedy."""


class WebhookInvalid(ValueError):
    """The request is not what Alertmanager sends; the message names the field."""


class OutboxUnusable(Exception):
    """The outbox's file cannot be used, or another notifier holds it; the message gives the remedy."""


class OutboxMissing(OutboxUnusable):
    """There is no outbox at this path."""


class OutboxFull(Exception):
    """The outbox has reached its limit of unsent messages; nothing of the request was stored."""
