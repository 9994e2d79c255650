"""Everything that the gateway refuses, by kind."""

from fastapi import FastAPI, Request, Response
from starlette.exceptions import HTTPException

from tidemark.services.http import Kind, Problem, respond, retry_after

MALFORMED = Kind("malformed", 400, "The body is not JSON in UTF-8")
INCOMPLETE = Kind("incomplete", 400, "The body broke off")
UNAUTHENTICATED = Kind(
    "unauthenticated",
    401,
    "The token is missing, unknown or expired",
    (("WWW-Authenticate", 'Bearer realm="tidemark"'),),
)
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
OVERLOADED = Kind("overloaded", 429, "Too much is waiting to be appended", retry_after(1))
INTERNAL = Kind("internal", 500, "The gateway failed")
LOG_UNAVAILABLE = Kind("log-unavailable", 503, "The log did not take the event", retry_after(5))
OUTCOME_UNKNOWN = Kind("outcome-unknown", 503, "The append took too long", retry_after(5))
NOT_READY = Kind("not-ready", 503, "The gateway cannot accept events")
LOG_FULL = Kind("log-full", 507, "The log has no room", retry_after(60))

HTTP_KINDS = {kind.status: kind for kind in (NOT_FOUND, METHOD_NOT_ALLOWED)}
RESEND = "send the same events with the same ids again; what was taken already is not counted twice"


def answer_all_errors(app: FastAPI) -> None:
    """Answer as problems what no route raised too: unknown paths and methods, and bugs."""
    app.add_exception_handler(HTTPException, _answer_http_error)
    app.add_exception_handler(Exception, _answer_crash)


async def _answer_http_error(request: Request, error: Exception) -> Response:
    """What the framework refuses by itself: an unknown path or method."""
    status = getattr(error, "status_code", 500)
    kind = HTTP_KINDS.get(status, INTERNAL)
    problem = Problem(
        kind, f"{request.method} {request.scope['path']}", "see /docs for what this service answers to"
    )
    response = respond(problem)
    response.headers.update(getattr(error, "headers", None) or {})
    return response


async def _answer_crash(_request: Request, _error: Exception) -> Response:
    """A bug. The server logs it; the client learns nothing of its inside."""
    return respond(Problem(INTERNAL, "the request could not be handled", RESEND))
