"""Everything that can go wrong, as problem details (RFC 9457)."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import msgspec
from fastapi import Request, Response

MEDIA_TYPE = "application/problem+json"


class Kind(NamedTuple):
    """A sort of problem: `urn:tidemark:problem:<name>`, one title and one status."""

    name: str
    status: int
    title: str

    @property
    def is_temporary(self) -> bool:
        """Whether the same request may be taken later."""
        return self.status == 429 or self.status >= 500


MALFORMED = Kind("malformed", 400, "The body is not JSON in UTF-8")
INCOMPLETE = Kind("incomplete", 400, "The body broke off")
UNAUTHENTICATED = Kind("unauthenticated", 401, "The token is missing, unknown or expired")
LOOPBACK_ONLY = Kind("loopback-only", 403, "Only this machine is served")
SOURCE_NOT_OWN = Kind("source-not-own", 403, "The event speaks for another source")
FAMILY_NOT_ALLOWED = Kind("family-not-allowed", 403, "The source may not send this family")
NOT_FOUND = Kind("not-found", 404, "There is nothing at this path")
METHOD_NOT_ALLOWED = Kind("method-not-allowed", 405, "This path does not know the method")
BODY_TIMEOUT = Kind("body-timeout", 408, "The body took too long to arrive")
BODY_TOO_LARGE = Kind("body-too-large", 413, "The body is too large")
EVENT_TOO_LARGE = Kind("event-too-large", 413, "The event is too large")
TOO_MANY_EVENTS = Kind("too-many-events", 413, "The batch holds too many events")
UNSUPPORTED_MEDIA_TYPE = Kind("unsupported-media-type", 415, "The content type is not a CloudEvent's")
UNDECODABLE = Kind("undecodable", 422, "This is not a CloudEvent in JSON")
UNKNOWN_TYPE = Kind("unknown-type", 422, "The event type is not known")
INVALID = Kind("invalid", 422, "The event breaks a rule")
FUTURE = Kind("future", 422, "The event lies in the future")
CONTENT_MISMATCH = Kind("content-mismatch", 422, "Real and simulated events are not mixed in this log")
EMPTY_BATCH = Kind("empty-batch", 422, "The batch is empty")
BATCH_REJECTED = Kind("batch-rejected", 422, "No event of the batch was accepted")
OVERLOADED = Kind("overloaded", 429, "Too much is waiting to be appended")
INTERNAL = Kind("internal", 500, "The gateway failed")
LOG_UNAVAILABLE = Kind("log-unavailable", 503, "The log did not take the event")
OUTCOME_UNKNOWN = Kind("outcome-unknown", 503, "The append took too long")
NOT_READY = Kind("not-ready", 503, "The gateway cannot accept events")
LOG_FULL = Kind("log-full", 507, "The log has no room")

HTTP_KINDS = {kind.status: kind for kind in (NOT_FOUND, METHOD_NOT_ALLOWED)}
RESEND = "send the same events with the same ids again; what was taken already is not counted twice"


class Problem(Exception):
    """A refusal: what is wrong, with which field, and what to do about it."""

    def __init__(self, kind: Kind, detail: str, remedy: str, field: str = "") -> None:
        super().__init__(f"{field or kind.title}: {detail}; {remedy}")
        self.kind = kind
        self.detail = detail
        self.remedy = remedy
        self.field = field

    def members(self) -> dict[str, Any]:
        """The members of the problem object."""
        members: dict[str, Any] = {
            "type": f"urn:tidemark:problem:{self.kind.name}",
            "title": self.kind.title,
            "status": self.kind.status,
            "detail": self.detail,
            "remedy": self.remedy,
        }
        if self.field:
            members["field"] = self.field
        return members


def respond(problem: Problem, extra: Mapping[str, Any] | None = None) -> Response:
    """The problem as an HTTP response, with extension members if there are any."""
    body = msgspec.json.encode(problem.members() | dict(extra or {}))
    return Response(body, problem.kind.status, _headers(problem.kind), MEDIA_TYPE)


def _headers(kind: Kind) -> dict[str, str]:
    if kind is UNAUTHENTICATED:
        return {"WWW-Authenticate": 'Bearer realm="tidemark"'}
    if kind is OVERLOADED:
        return {"Retry-After": "1"}
    if kind in (LOG_UNAVAILABLE, OUTCOME_UNKNOWN):
        return {"Retry-After": "5"}
    if kind is LOG_FULL:
        return {"Retry-After": "60"}
    return {}


async def on_http_error(request: Request, error: Exception) -> Response:
    """What the framework refuses by itself: an unknown path or method."""
    status = getattr(error, "status_code", 500)
    kind = HTTP_KINDS.get(status, INTERNAL)
    problem = Problem(
        kind, f"{request.method} {request.scope['path']}", "see /docs for what this service answers to"
    )
    response = respond(problem)
    response.headers.update(getattr(error, "headers", None) or {})
    return response


async def on_crash(_request: Request, _error: Exception) -> Response:
    """A bug. The server logs it; the client learns nothing of its inside."""
    return respond(Problem(INTERNAL, "the request could not be handled", RESEND))
