"""The connection to Grafana, its failures as errors with a remedy, and the failures that are retried."""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import msgspec
from grafana_client import GrafanaApi
from grafana_client.client import GrafanaException
from requests import RequestException

from tidemark.streams.retries import Backoff, RetryPolicy


class GrafanaError(Exception):
    """A call that failed; the message gives the action, the reason and the remedy."""


class GrafanaRefused(GrafanaError):
    """Grafana refuses this call; others may succeed."""


class GrafanaUnauthorised(GrafanaError):
    """Grafana does not accept the token, so no call will succeed."""


class GrafanaUnavailable(GrafanaError):
    """No usable answer: the connection broke or timed out, or the server failed. The call may have been
    carried out; it may succeed later."""


class GrafanaAddressInvalid(ValueError):
    """The URL cannot be the address of a Grafana."""


TIMEOUT_S = 10.0
"""Timeout of connecting, and then of each read from the connection."""

RETRY_POLICY = RetryPolicy(
    event="Grafana gave no usable answer, trying again",
    tries=3,
    backoff=Backoff(first_s=0.5, longest_s=2.0, growth=4.0),
    on=GrafanaUnavailable,
)

_REMEDIES = {
    400: "correct the named field",
    403: "give the token's service account the role Editor",
    404: "check that the address is Grafana's root URL",
    409: "run the command again if somebody else created it just now, otherwise rename the existing one",
    412: "run the command again to compare with the current version",
}


@contextmanager
def connect(url: str, token: str | None) -> Iterator[GrafanaApi]:
    """A client of the Grafana at the address, closed at the end; nothing is sent yet. Without a
    token, calls are anonymous. Raises GrafanaAddressInvalid."""
    parts = urlsplit(url)
    if parts.username or parts.password:
        raise GrafanaAddressInvalid(
            "the address contains a user or a password; use a token with --token-file instead"
        )
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise GrafanaAddressInvalid(f"{url}: is not the address of a Grafana; give http://host:port")
    # The client appends its own path without a slash in between.
    prefix = parts.path.strip("/") + "/"
    grafana = GrafanaApi(
        token, parts.netloc, url_path_prefix=prefix.lstrip("/"), protocol=parts.scheme, timeout=TIMEOUT_S
    )
    try:
        yield grafana
    finally:
        grafana.client.s.close()


@contextmanager
def translate_errors(what: str) -> Iterator[None]:
    """Turn failures of calls and of reading their answers into GrafanaErrors; `what` names the action.

    Raises GrafanaRefused, GrafanaUnauthorised, GrafanaUnavailable.
    """
    try:
        yield
    except GrafanaException as error:
        raise _translate_error(what, error) from error
    except RequestException as error:
        raise GrafanaUnavailable(
            f"{what}: no usable answer from Grafana ({_describe_cause(error)})"
        ) from error
    except msgspec.ValidationError as error:
        raise GrafanaRefused(f"{what}: the answer is not Grafana's ({error}); {_REMEDIES[404]}") from error


def _translate_error(what: str, error: GrafanaException) -> GrafanaError:
    status, reason = error.status_code, _read_reason(error)
    if status == 401:
        return GrafanaUnauthorised(
            f"{what}: Grafana does not accept the token (401); "
            "give a file with a valid service account token with --token-file"
        )
    if status >= 500:
        return GrafanaUnavailable(f"{what}: Grafana failed ({status}: {reason})")
    remedy = _REMEDIES.get(status, "see Grafana's log")
    return GrafanaRefused(f"{what}: Grafana refuses ({status}: {reason}); {remedy}")


def _read_reason(error: GrafanaException) -> str:
    """The reason in Grafana's answer: its status word, if any, and its message."""
    answer = error.response
    if not isinstance(answer, dict):
        return str(answer).strip()[:200] or "no reason given"
    return ", ".join(str(answer[name]) for name in ("status", "message") if answer.get(name))


def _describe_cause(error: BaseException) -> str:
    """The innermost cause: the event itself, not the layers that reported it."""
    while (cause := error.__cause__ or error.__context__) is not None:
        error = cause
    return f"{type(error).__name__}: {str(error).removeprefix(type(error).__name__)}"[:200]
