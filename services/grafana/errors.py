"""What Grafana, or the way to it, does not allow."""


class GrafanaError(Exception):
    """A call that came to nothing; the message says what was tried, why it failed and what to do."""


class GrafanaRefuses(GrafanaError):
    """This call is refused; others may pass."""


class GrafanaUnauthorised(GrafanaError):
    """The token is not accepted, so no call will pass."""


class GrafanaAway(GrafanaError):
    """No usable answer: the connection was cut, timed out, or the server failed. It may pass later,
    and whether the call was carried out is not known."""


class GrafanaAddressInvalid(ValueError):
    """An address that no Grafana can have."""


class DashboardFilesInvalid(ValueError):
    """Files that cannot be published as they are."""
