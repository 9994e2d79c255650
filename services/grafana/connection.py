"""The connection to Grafana, its failures in words that help, and which of them are worth repeating."""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import msgspec
from grafana_client import GrafanaApi
from grafana_client.client import GrafanaException
from requests import RequestException

from tidemark.streams.retries import Backoff, RetryPolicy


class GrafanaError(Exception):
    """A call that came to nothing; the message says what was tried, why it failed and what to do."""


class GrafanaRefused(GrafanaError):
    """This call is refused; others may pass."""


class GrafanaUnauthorised(GrafanaError):
    """The token is not accepted, so no call will pass."""


class GrafanaUnavailable(GrafanaError):
    """No usable answer: the connection was cut, timed out, or the server failed. It may pass later,
    and whether the call was carried out is not known."""


class GrafanaAddressInvalid(ValueError):
    """An address that no Grafana can have."""


TIMEOUT_S = 10.0
"""How long a connection, and then each part of an answer, is waited for."""

RETRY_POLICY = RetryPolicy(
    event="Grafana gave no usable answer, trying again",
    tries=3,
    backoff=Backoff(first_s=0.5, longest_s=2.0, growth=4.0),
    on=GrafanaUnavailable,
)

_REMEDIES = {
    400: "correct what it names",
    403: "give the token's service account the role Editor",
    404: "see that the address is Grafana's own root",
    409: "run it again if another made it just now, otherwise rename there what has the name",
    412: "run it again to see what is there now",
}


@contextmanager
def connect(url: str, token: str | None) -> Iterator[GrafanaApi]:
    """A client of the Grafana at the address, closed at the end; nothing is sent yet. Without a
    token it comes as anybody. Raises GrafanaAddressInvalid."""
    parts = urlsplit(url)
    if parts.username or parts.password:
        raise GrafanaAddressInvalid("the address holds a password; give a token with --token-file")
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise GrafanaAddressInvalid(f"{url}: is no address of a Grafana; give http://host:port")
    # The client joins a path and its own without a slash in between.
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
    """Calls made within, and answers read, fail as errors of ours; `what` says what they are for.

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
    status, said = error.status_code, _read_reason(error)
    if status == 401:
        return GrafanaUnauthorised(
            f"{what}: Grafana does not accept the token (401); "
            "give the file of a valid service account token with --token-file"
        )
    if status >= 500:
        return GrafanaUnavailable(f"{what}: Grafana failed ({status}: {said})")
    remedy = _REMEDIES.get(status, "see Grafana's log")
    return GrafanaRefused(f"{what}: Grafana refuses ({status}: {said}); {remedy}")


def _read_reason(error: GrafanaException) -> str:
    """What Grafana says of it, with its own word for the reason where it has one."""
    answer = error.response
    if not isinstance(answer, dict):
        return str(answer).strip()[:200] or "no reason given"
    return ", ".join(str(answer[name]) for name in ("status", "message") if answer.get(name))


def _describe_cause(error: BaseException) -> str:
    """The innermost cause, which says what happened and not which layers it went through."""
    while (cause := error.__cause__ or error.__context__) is not None:
        error = cause
    return f"{type(error).__name__}: {str(error).removeprefix(type(error).__name__)}"[:200]
