"""What the notifier refuses, each with the remedy in its message."""


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
