"""What the notifier refuses, each with the remedy in its message."""

from tidemark.services.http import Kind, retry_after


def _kind(name: str, status: int) -> Kind:
    return Kind(name, status, "The alerts were not taken", retry_after(1))


UNAUTHENTICATED = _kind("unauthenticated", 401)
TOO_LARGE = _kind("too-large", 413)
TOO_SLOW = _kind("too-slow", 408)
MALFORMED = _kind("malformed", 400)
FULL = _kind("full", 503)
UNAVAILABLE = _kind("unavailable", 503)
KINDS = (UNAUTHENTICATED, TOO_LARGE, TOO_SLOW, MALFORMED, FULL, UNAVAILABLE)
"""Why a request is refused."""


class NotifierMisconfigured(Exception):
    """The secret or the channels cannot be used; the message says why and what to do."""


class WebhookInvalid(ValueError):
    """The request is not what Alertmanager sends; the message names the field."""


class OutboxUnusable(Exception):
    """The outbox's file cannot be used, or another notifier has it; the message says what to do."""


class OutboxMissing(OutboxUnusable):
    """There is no outbox at this path."""


class OutboxFull(Exception):
    """The outbox holds as many unsent messages as it may; nothing of the request was taken."""
