"""Who is at the other end of a request."""

from collections.abc import Callable
from ipaddress import IPv6Address, ip_address

from fastapi import Request

from tidemark.services.http import Problem, read_bearer_token

from .problems import LOOPBACK_ONLY, UNAUTHENTICATED
from .sources import Source, Sources

_ADD_A_SOURCE = "add a source with `tidemark sources add`, set TIDEMARK_SOURCES and send its token"


class Access:
    """Lets in the holder of a token or, where no source is configured, this machine."""

    def __init__(self, sources: Sources, clock: Callable[[], int]) -> None:
        self._sources = sources
        self._clock = clock

    def identify_sender(self, request: Request) -> Source | None:
        """The source that sent the request; None is anybody on this machine. Raises Problem.

        The address is the connection's own: what forwarding headers say is anybody's claim. The
        Host must name this machine too, or a proxy here, or a web page whose name was made to
        point here, would let strangers in.
        """
        if self._sources.all:
            return self._find_by_token(read_bearer_token(request))
        _check_local(request)
        return None

    def _find_by_token(self, token: str) -> Source:
        source = self._sources.find(token, self._clock()) if token else None
        if source is None:
            raise Problem(
                UNAUTHENTICATED,
                "no valid token came with the request",
                "send Authorization: Bearer and the token that `tidemark sources add` printed",
                "authorization",
            )
        return source


def _check_local(request: Request) -> None:
    client = request.client.host if request.client else ""
    if not is_loopback(client):
        raise Problem(LOOPBACK_ONLY, "no source is configured", _ADD_A_SOURCE)
    host = _parse_host(request.headers.get("host", ""))
    if not is_loopback(host):
        raise Problem(
            LOOPBACK_ONLY,
            f"no source is configured and {host!r} is not this machine's own name",
            f"send to localhost, or {_ADD_A_SOURCE}",
            "host",
        )


def _parse_host(authority: str) -> str:
    """The host of `host:port` or `[address]:port`."""
    if authority.startswith("["):
        return authority[1:].partition("]")[0]
    return authority.partition(":")[0]


def is_loopback(host: str) -> bool:
    """Whether an address, or the name localhost, is this machine only."""
    if host == "localhost":
        return True
    try:
        address = ip_address(host)
    except ValueError:
        return False
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        return address.ipv4_mapped.is_loopback
    return address.is_loopback
