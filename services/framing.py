"""Where a request of HTTP/1.1 ends and whom it addresses, checked before any of it is handled.

h11 merges equal Content-Length headers and lets Transfer-Encoding override Content-Length. A proxy in front
may decide otherwise and see another request in the same bytes (request smuggling; RFC 9112, 6.3 and 11.2),
so both are refused here. A target in absolute form, as proxies send it (3.2.2), is brought into origin form,
and its authority replaces Host.
"""

import re
from typing import Any

import h11

_LENGTH = re.compile(rb"^content-length:((?:[^\n]|\n[ \t])*)", re.IGNORECASE | re.MULTILINE)
_ABSOLUTE = re.compile(rb"https?://([^/?#@]+)((?:[/?][^#]*)?)", re.IGNORECASE)


class FramingError(h11.RemoteProtocolError):
    """A request is not served, and its connection is closed: what is wrong, and the remedy."""

    def __init__(self, detail: str, remedy: str) -> None:
        super().__init__(detail, error_status_hint=400)
        self.detail = detail
        self.remedy = remedy


class Framing(h11.Connection):
    """The server's side of a connection; `error` is why the connection cannot be used any more."""

    error: FramingError | None = None

    def next_event(self) -> Any:
        """As in h11; the target of a Request is in origin form. Raises FramingError."""
        unread = self.trailing_data[0] if self.their_state is h11.IDLE else b""
        try:
            event = super().next_event()
            if isinstance(event, h11.Request):
                head = unread[: len(unread) - len(self.trailing_data[0])]
                _check_length(head, event)
                return _address_origin(event)
        except FramingError as error:
            self.error = error
            raise
        except h11.RemoteProtocolError as error:
            self.error = FramingError(str(error), "send one well-formed HTTP/1.1 request")
            raise self.error from None
        return event


def _check_length(head: bytes, request: h11.Request) -> None:
    values = [value for length in _LENGTH.findall(head) for value in length.split(b",")]
    if len(values) > 1:
        raise FramingError("Content-Length is given twice", "send Content-Length once")
    if values and any(name == b"transfer-encoding" for name, _ in request.headers):
        raise FramingError(
            "Content-Length and Transfer-Encoding are both given",
            "send Content-Length, or Transfer-Encoding: chunked without it",
        )


def _address_origin(request: h11.Request) -> h11.Request:
    match = _ABSOLUTE.fullmatch(request.target)
    if match is None:
        return request
    authority, target = match.groups()
    headers = [(name, value) for name, value in request.headers.raw_items() if name.lower() != b"host"]
    return h11.Request(
        method=request.method,
        target=target if target.startswith(b"/") else b"/" + target,
        headers=[(b"Host", authority), *headers],
        http_version=request.http_version,
    )
