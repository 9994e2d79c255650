"""Identifies the sender of a request."""

from collections.abc import Callable
from ipaddress import IPv6Address, ip_address

from fastapi import Request

from tidemark.services.http import Problem, read_bearer_token

from .problems import LOOPBACK_ONLY, UNAUTHENTICATED
from .sources import Source, Sources

_ADD_A_SOURCE = "add a source with `tidemark sources add`, set TIDEMARK_SOURCES and send its token"


class Access:
    """Admits the holder of a token or, without a configured source, only this machine."""

    def __init__(self, sources: Sources, clock: Callable[[], int]) -> None:
        self._sources = sources
        self._clock = clock

    def identify_sender(self, request: Request) -> Source | None:
        """The source that sent the request; None for any sender on this machine. Raises Problem.

        Only the connection's own address counts, because any client can write forwarding headers.
        The Host must also name this machine: otherwise a local proxy, or a web page whose name
        was made to resolve to this machine (DNS rebinding), would admit strangers.
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
                "the request has no valid token",
                "send `Authorization: Bearer TOKEN` with the token that `tidemark sources add` printed",
                "authorization",
            )
        return source


def _check_local(request: Request) -> None:
    client = request.client.host if request.client else ""
    if not is_loopback(client):
        raise Problem(
            LOOPBACK_ONLY,
            f"no source is configured and the client {client!r} is not this machine",
            _ADD_A_SOURCE,
        )
    host = _parse_host(request.headers.get("host", ""))
    if not is_loopback(host):
        raise Problem(
            LOOPBACK_ONLY,
            f"no source is configured and the Host {host!r} is not a loopback name",
            f"send to localhost, or {_ADD_A_SOURCE}",
            "host",
        )


def _parse_host(authority: str) -> str:
    """The host of `host:port` or `[address]:port`."""
    if authority.startswith("["):
        return authority[1:].partition("]")[0]
    return authority.partition(":")[0]


def is_loopback(host: str) -> bool:
    """Whether the address is a loopback address, or the name localhost."""
    if host == "localhost":
        return True
    try:
        address = ip_address(host)
    except ValueError:
        return False
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        return address.ipv4_mapped.is_loopback
    return address.is_loopback
